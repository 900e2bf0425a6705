"""The optimizer and the schedule of its learning rate."""

from __future__ import annotations

from torch import nn, optim
from torch.optim.lr_scheduler import (
    CosineAnnealingLR,
    LRScheduler,
    OneCycleLR,
    ReduceLROnPlateau,
    StepLR,
)

from assay.core.errors import RecipeError
from assay.training.settings import TrainingSettings


def make_optimizer(network: nn.Module, settings: TrainingSettings) -> optim.Optimizer:
    """The optimizer of resolved settings, over the weights that take a gradient; fused where torch has it.

    Raises:
        RecipeError: the network has nothing to train.
    """
    weights = [weight for weight in network.parameters() if weight.requires_grad]
    if not weights:
        raise RecipeError(f"{type(network).__name__} has no weights that take a gradient: nothing to train")
    assert settings.learning_rate is not None and settings.weight_decay is not None
    rate, decay, momentum = settings.learning_rate, settings.weight_decay, settings.momentum
    match settings.optimizer:
        case "sgd":
            return optim.SGD(weights, rate, momentum=momentum, weight_decay=decay, fused=True)
        case "rmsprop":
            return optim.RMSprop(weights, rate, momentum=momentum, weight_decay=decay)
        case "adam":
            return optim.Adam(weights, rate, weight_decay=decay, fused=True)
        case "adamw":
            return optim.AdamW(weights, rate, weight_decay=decay, fused=True)


class Schedule:
    """Changes the learning rate: `cosine` and `onecycle` each step, `step` and `plateau` each epoch.

    Args:
        optimizer: whose learning rate it is.
        settings: name of the schedule, epochs, patience.
        num_steps: steps of one epoch, where known.

    Raises:
        RecipeError: the schedule counts steps and their number is not known.
    """

    def __init__(self, optimizer: optim.Optimizer, settings: TrainingSettings, num_steps: int | None) -> None:
        self.by_step = settings.schedule in {"cosine", "onecycle"}
        if self.by_step and num_steps is None:
            raise RecipeError(
                f"the {settings.schedule} schedule counts steps, and the data loader has no length",
                hint="use the schedule plateau, step or none",
            )
        self._inner = _scheduler(optimizer, settings, settings.epochs * (num_steps or 1))

    def after_step(self) -> None:
        """A step has been made."""
        if self.by_step:
            assert isinstance(self._inner, LRScheduler)
            self._inner.step()

    def after_epoch(self, loss: float) -> None:
        """An epoch has ended with this validation (or training) loss."""
        if isinstance(self._inner, ReduceLROnPlateau):
            self._inner.step(loss)
        elif self._inner is not None and not self.by_step:
            self._inner.step()

    def state_dict(self) -> dict[str, object]:
        """Plain values for a checkpoint."""
        return {} if self._inner is None else self._inner.state_dict()

    def load_state_dict(self, state: dict[str, object]) -> None:
        """Stand where `state_dict` stood."""
        if self._inner is not None:
            self._inner.load_state_dict(state)


def _scheduler(optimizer: optim.Optimizer, settings: TrainingSettings, num_steps: int) -> LRScheduler | None:
    match settings.schedule:
        case "none":
            return None
        case "cosine":
            return CosineAnnealingLR(optimizer, T_max=num_steps)
        case "onecycle":
            assert settings.learning_rate is not None
            return OneCycleLR(optimizer, settings.learning_rate, total_steps=num_steps, cycle_momentum=False)
        case "step":
            return StepLR(optimizer, step_size=max(1, settings.epochs // 3), gamma=0.1)
        case "plateau":
            return ReduceLROnPlateau(optimizer, factor=0.3, patience=max(1, (settings.patience or 15) // 3))

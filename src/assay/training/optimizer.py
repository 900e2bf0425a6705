"""The optimizer and the schedule of its learning rate."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from torch import Tensor, nn, optim
from torch.optim.lr_scheduler import (
    CosineAnnealingLR,
    LRScheduler,
    OneCycleLR,
    ReduceLROnPlateau,
    StepLR,
)

from assay.core.errors import RecipeError
from assay.training.muon import Muon, hidden_matrices
from assay.training.settings import TrainingSettings

_SHARE = "share"  # of the learning rate, that a group of weights has


def make_optimizer(network: nn.Module, settings: TrainingSettings) -> optim.Optimizer:
    """The optimizer of resolved settings, over the weights that take a gradient; fused where torch has it.

    Raises:
        RecipeError: the network has nothing to train.
    """
    groups = _groups(network, settings)
    if not groups:
        raise RecipeError(f"{type(network).__name__} has no weights that take a gradient: nothing to train")
    assert settings.learning_rate is not None
    rate, momentum = settings.learning_rate, settings.momentum
    match settings.optimizer:
        case "sgd":
            return optim.SGD(groups, rate, momentum=momentum, nesterov=settings.nesterov, fused=True)
        case "rmsprop":
            return optim.RMSprop(groups, rate, momentum=momentum)
        case "adam":
            return optim.Adam(groups, rate, fused=True)
        case "adamw":
            return optim.AdamW(groups, rate, fused=True)
        case "muon":
            return Muon(groups, rate, momentum=momentum, keep_norm=settings.keep_norm)


def set_learning_rate(optimizer: optim.Optimizer, rate: float) -> None:
    """Set the rate of the weights; that of biases keeps its proportion."""
    for group in optimizer.param_groups:
        group["lr"] = rate * group[_SHARE]


def _groups(network: nn.Module, settings: TrainingSettings) -> list[dict[str, Any]]:
    """The weights that take a gradient, by learning rate and decay; those of the plain rate come first."""
    assert settings.learning_rate is not None and settings.weight_decay is not None
    matrices = hidden_matrices(network) if settings.optimizer == "muon" else set()
    by_choice: dict[tuple[bool, float, float], list[Tensor]] = defaultdict(list)
    for name, weight in network.named_parameters():
        if not weight.requires_grad:
            continue
        is_bias = name.rpartition(".")[2].startswith("bias")
        share = settings.bias_rate if is_bias else 1.0
        if matrices and name not in matrices:
            share *= settings.rest_rate
        decays = settings.decay_biases or weight.dim() > 1
        # The pull in a step is rate x decay: at a higher rate, the same pull needs a lower decay.
        decay = settings.weight_decay / share if decays else 0.0
        by_choice[name in matrices, share, decay].append(weight)
    return [
        {
            "params": weights,
            "lr": settings.learning_rate * share,
            "weight_decay": decay,
            _SHARE: share,
            "is_matrix": is_matrix,
        }
        for (is_matrix, share, decay), weights in sorted(by_choice.items(), key=lambda item: item[0][1] != 1)
    ]


class Schedule:
    """Changes the learning rate: `cosine`, `onecycle` and `triangle` each step, the others each epoch.

    Args:
        optimizer: whose learning rate it is.
        settings: name of the schedule, epochs, patience.
        num_steps: steps of one epoch, where known.

    Raises:
        RecipeError: the schedule counts steps and their number is not known.
    """

    def __init__(self, optimizer: optim.Optimizer, settings: TrainingSettings, num_steps: int | None) -> None:
        self.by_step = settings.schedule in {"cosine", "onecycle", "triangle"}
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

    def after_epoch(self, loss: float | None) -> None:
        """An epoch has ended with this validation (or training) loss; None where it was not measured."""
        if isinstance(self._inner, ReduceLROnPlateau):
            if loss is not None:
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
        case "onecycle" | "triangle":
            return OneCycleLR(
                optimizer,
                [group["lr"] for group in optimizer.param_groups],
                total_steps=num_steps,
                pct_start=settings.warmup,
                anneal_strategy="cos" if settings.schedule == "onecycle" else "linear",
                cycle_momentum=False,
            )
        case "step":
            return StepLR(optimizer, step_size=max(1, settings.epochs // 3), gamma=0.1)
        case "plateau":
            looks = max(1, (settings.patience or 15) // 3 // settings.validate_every)
            return ReduceLROnPlateau(optimizer, factor=0.3, patience=looks)

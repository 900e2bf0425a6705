"""An optimisation that broke down."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from assay.core.errors import TrainingError
from assay.training.settings import TrainingSettings, usual_learning_rate

if TYPE_CHECKING:
    from assay.training.trainer import Trainer


class NotFiniteError(ArithmeticError):
    """Numbers that are infinite or none at all.

    Args:
        what: happened, e.g. "the loss became nan".
        step: of the epoch, from 1; 0: not in a step but on the validation rows.
    """

    def __init__(self, what: str, step: int) -> None:
        super().__init__(f"{what} at step {step}")
        self.what, self.step = what, step


def check_weights(weights: Iterable[Tensor], step: int) -> None:
    """Look at the weights after an epoch's last step, whose loss nobody sees where there are no other rows.

    Raises:
        NotFiniteError: their squares do not add up to a finite number.
    """
    if not bool(torch.isfinite(nn.utils.get_total_norm(weights))):
        raise NotFiniteError("the weights grew beyond all bounds", step)


def breakdown(error: NotFiniteError, trainer: Trainer) -> TrainingError:
    """The error that says where a training broke down, what is kept, and what to try."""
    settings, steps, best = trainer.settings, trainer.batches.num_steps, trainer.best.epoch
    place = f"step {error.step}" + (f" of {steps}" if steps else "") if error.step else "the validation rows"
    kept = "no epoch had ended well before, so nothing is kept"
    if best:
        kept = f"the weights of epoch {best} are kept" + (" in checkpoint.pt" if trainer.folder else "")
    return TrainingError(
        f"{error.what} in epoch {trainer.epoch}, {place}, with {settings.optimizer} "
        f"at learning rate {trainer.learning_rate:g}; {kept}",
        hint=_remedy(settings),
    )


def _remedy(settings: TrainingSettings) -> str:
    assert settings.learning_rate is not None
    rate = min(settings.learning_rate / 10, usual_learning_rate(settings.optimizer))
    clip = "" if settings.clip_norm else ", training.clip_norm = 1"
    return f"try training.learning_rate = {rate:g}{clip}, or look for extreme values in the data"

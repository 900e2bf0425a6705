"""What a training gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from assay.training.stopping import can_go_on

if TYPE_CHECKING:
    from torch import nn

    from assay.training.settings import TrainingSettings
    from assay.training.trainer import Trainer


@dataclass(frozen=True, eq=False)
class Training:
    """A network that has been trained, and how.

    Attributes:
        network: the one that was given, with the best weights, in evaluation mode, on the CPU.
        history: one record an epoch: ``epoch``, ``train_loss`` (mean over the rows while training, dropout
            on), ``validation_loss`` and ``validation_accuracy`` or ``validation_rmse`` where validation rows
            were looked at, ``learning_rate``, ``seconds`` of this epoch, ``seconds_left`` at most,
            and what hooks added; where time cut it short, ``partial: true`` and the ``rows`` it saw.
        best_epoch: whose weights were kept; 0: none was better than the start.
        stopped: why it ended, one clause.
        seconds: of the whole training, earlier parts of a resumed one included.
        settings: with every rule worked out.
        reasons: of the values that rules gave, by the setting's name.
    """

    network: nn.Module
    history: list[dict[str, Any]]
    best_epoch: int
    stopped: str
    seconds: float
    settings: TrainingSettings
    reasons: dict[str, str]

    @property
    def can_go_on(self) -> bool:
        """Whether a resumed training may go on: this one was interrupted, or its time was up."""
        return can_go_on(self.stopped)

    @classmethod
    def of(cls, trainer: Trainer, reasons: dict[str, str]) -> Self:
        """What a trainer that has come to its end gives."""
        return cls(
            trainer.network,
            trainer.history,
            trainer.best.epoch,
            trainer.stopped,
            trainer.seconds,
            trainer.settings,
            reasons,
        )

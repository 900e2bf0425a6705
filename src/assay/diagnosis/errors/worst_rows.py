"""The rows with the largest loss: the first ones to look at by hand.

Shapes: N rows.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from assay.core.numbers import number
from assay.diagnosis.errors.row_loss import percent, row_losses, row_numbers

if TYPE_CHECKING:
    from assay.core.predictions import Predictions

MOST = 8
_SURE = 0.01  # the worst hundredth: in a heavy-tailed error it carries much


@dataclass(frozen=True)
class WorstRow:
    """One row that came out badly wrong.

    Attributes:
        row: its number in the data file, from 1.
        truth: label or value.
        predicted: label or value.
        loss: -log(probability of the true class); for quantities truth - prediction, in the target's unit.
        probability: that the predicted class was given; None for quantities.
    """

    row: int
    truth: str | float
    predicted: str | float
    loss: float
    probability: float | None = None

    def __str__(self) -> str:
        return self.told(f"row {self.row:,}")

    def told(self, name: str) -> str:
        """What happened to it, in words that begin with its name."""
        if self.probability is None:
            return f"{name} (true {_shown(self.truth)}, predicted {_shown(self.predicted)})"
        sure = percent(self.probability)
        return f"{name} (true {self.truth}, predicted {self.predicted} with {sure})"


@dataclass(frozen=True)
class WorstRows:
    """The worst rows, and how much of the error a few rows carry.

    Attributes:
        rows: the worst ones, the worst first; of classes only wrong ones.
        share: of the summed loss that the worst hundredth of all rows carries.
    """

    rows: tuple[WorstRow, ...]
    share: float

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> Self:
        """What `to_json` wrote."""
        return cls(tuple(WorstRow(**row) for row in record["rows"]), float(record["share"]))


def worst_rows(p: Predictions, metric: str, most: int = MOST) -> WorstRows:
    """The rows with the largest loss: log-loss among the wrong rows of classes, else the residual's size.

    Args:
        p: predictions of rows that the network has not learnt from.
        metric: of the diagnosis.
        most: rows that are told, at most.
    """
    losses_N, row_N = _losses(p, metric), row_numbers(p)
    order = np.argsort(-losses_N, kind="stable")
    if not p.task.is_classification:
        rows = [
            WorstRow(int(row_N[place]), *_pair(p, place), float(p.truth[place] - p.output[place]))
            for place in order[:most]
        ]
        return WorstRows(tuple(rows), _carried(losses_N))
    predicted_N = p.predicted
    wrong = order[(predicted_N != p.truth)[order]][:most]
    rows = [
        WorstRow(
            row=int(row_N[place]),
            truth=p.labels[p.truth[place]],
            predicted=p.labels[predicted_N[place]],
            loss=float(losses_N[place]),
            probability=float(p.output[place, predicted_N[place]]),
        )
        for place in wrong
    ]
    return WorstRows(tuple(rows), _carried(losses_N))


def _losses(p: Predictions, metric: str) -> np.ndarray:
    if not p.task.is_classification:
        return row_losses(p, metric)
    of_truth_N = np.clip(p.output[np.arange(len(p)), p.truth], np.finfo(np.float64).eps, 1.0)
    losses_N: np.ndarray = -np.log(of_truth_N)
    return losses_N


def _pair(p: Predictions, place: int) -> tuple[float, float]:
    return float(p.truth[place]), float(p.output[place])


def _carried(losses_N: np.ndarray) -> float:
    num_worst = max(1, round(_SURE * len(losses_N)))
    total = float(losses_N.sum())
    return float(np.sort(losses_N)[-num_worst:].sum()) / total if total > 0.0 else 0.0


def _shown(value: str | float) -> str:
    return number(value) if isinstance(value, float) else value

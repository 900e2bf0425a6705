"""What a bootstrap draws: rows, blocks of consecutive rows, or whole groups.

Shapes: N rows, G groups.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from assay.core.predictions import Predictions
from assay.diagnosis.block_length import block_length

_BY_CLASS = {"balanced_accuracy", "precision", "recall", "f1", "roc_auc"}


@dataclass(frozen=True)
class Resampling:
    """A way to draw a resample.

    Attributes:
        words: how, for the record, e.g. "block bootstrap, blocks of 40 consecutive rows".
        units: how many independent pieces the rows come to.
        draw: one resample: how often each row was drawn, (N,) float64.
        of_groups: whether the pieces are groups.
    """

    words: str
    units: int
    draw: Callable[[np.random.Generator], np.ndarray]
    of_groups: bool = False

    @property
    def says_nothing(self) -> bool:
        """Whether all rows are of one group: how far groups differ from each other can't be seen."""
        return self.of_groups and self.units < 2

    @classmethod
    def of(cls, p: Predictions, metric: str) -> Resampling:
        """What errs alike is drawn together: neighbours in time, the rows of a group.

        Independent rows are drawn one by one (Efron 1979); for metrics that look at classes one by one,
        within each class, so that no resample lacks one. Rows in the order of time are drawn in circular
        blocks (Künsch 1989; Politis & Romano 1992), groups as a whole (Davison & Hinkley 1997, 3.8).
        """
        if len(p.times):
            return _blocks(p, metric)
        if len(p.groups):
            return _groups(p.groups)
        return cls("bootstrap over rows", len(p), _rows(p, by_class=metric in _BY_CLASS))


def _rows(p: Predictions, *, by_class: bool) -> Callable[[np.random.Generator], np.ndarray]:
    strata = [np.arange(len(p))]
    if by_class:
        strata = [np.flatnonzero(p.truth == number) for number in np.unique(p.truth)]

    def draw(rng: np.random.Generator) -> np.ndarray:
        counts_N = np.zeros(len(p))
        for rows in strata:
            drawn = rng.integers(0, len(rows), size=len(rows), dtype=np.uint32)
            counts_N[rows] = np.bincount(drawn, minlength=len(rows))
        return counts_N

    return draw


def _blocks(p: Predictions, metric: str) -> Resampling:
    order_N = np.argsort(p.times, kind="stable")
    num_rows, length = len(p), block_length(_losses(p, metric)[order_N])
    num_blocks = -(-num_rows // length)
    lengths = np.full(num_blocks, length)
    lengths[-1] = num_rows - (num_blocks - 1) * length  # so that a resample has as many rows as the part

    def draw(rng: np.random.Generator) -> np.ndarray:
        starts = rng.integers(0, num_rows, size=num_blocks)
        steps = np.bincount(starts, minlength=2 * num_rows)
        steps -= np.bincount(starts + lengths, minlength=2 * num_rows)
        covered = np.cumsum(steps)
        counts_N = np.empty(num_rows)
        counts_N[order_N] = covered[:num_rows] + covered[num_rows:]  # past the last row comes the first
        return counts_N

    return Resampling(
        f"block bootstrap, blocks of {length:,} consecutive rows", round(num_rows / length), draw
    )


def _losses(p: Predictions, metric: str) -> np.ndarray:
    """What the error is made of, row by row, (N,); for metrics that are no mean, what comes near."""
    if not p.task.is_classification:
        residuals_N: np.ndarray = p.output - p.truth
        losses_N: np.ndarray = np.abs(residuals_N) if metric == "mae" else np.square(residuals_N)
        return losses_N
    if metric in {"log_loss", "brier", "calibration_error", "roc_auc"}:
        of_truth_N: np.ndarray = p.output[np.arange(len(p)), p.truth]
        return 1.0 - of_truth_N
    wrong_N: np.ndarray = p.predicted != p.truth
    return wrong_N.astype(np.float64)


def _groups(groups_N: np.ndarray) -> Resampling:
    present, group_N = np.unique(groups_N, return_inverse=True)
    num_groups = len(present)

    def draw(rng: np.random.Generator) -> np.ndarray:
        drawn = rng.integers(0, num_groups, size=num_groups)
        counts_N: np.ndarray = np.bincount(drawn, minlength=num_groups)[group_N].astype(np.float64)
        return counts_N

    if num_groups == 1:
        return Resampling("no interval, since all rows are of one group", 1, draw, of_groups=True)
    return Resampling(f"cluster bootstrap over {num_groups:,} whole groups", num_groups, draw, of_groups=True)

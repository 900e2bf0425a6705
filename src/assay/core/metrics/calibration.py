"""Whether probabilities are frequencies.

Shapes: N rows, B sets of row weights, M bins.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from assay.core.metrics.losses import divide

if TYPE_CHECKING:
    from assay.core.predictions import Predictions

NUM_BINS = 15  # as in Guo et al. 2017


def calibration_error(p: Predictions) -> Callable[[np.ndarray], np.ndarray]:
    """Expected calibration error: sum over bins of (rows in it / all rows) * |frequency - mean probability|.

    15 bins of equal width. Two classes: the probability of the second label against how often it is true
    (Naeini et al. 2015). More: that of the predicted class against how often it is true (Guo et al. 2017).
    """
    probability_N, came_true_N, bin_N = _binned(p)
    gap_N = came_true_N - probability_N

    def value(weights_BN: np.ndarray) -> np.ndarray:
        gaps_BM = np.stack([np.bincount(bin_N, row, NUM_BINS) for row in weights_BN * gap_N])
        return divide(np.abs(gaps_BM).sum(axis=1), weights_BN.sum(axis=1))

    return value


def calibration_curve(p: Predictions) -> list[dict[str, float]]:
    """The bins of `calibration_error` that hold rows: mean probability, frequency, rows."""
    probability_N, came_true_N, bin_N = _binned(p)
    count_M = np.bincount(bin_N, minlength=NUM_BINS)
    mean_M = divide(np.bincount(bin_N, probability_N, NUM_BINS), count_M)
    frequency_M = divide(np.bincount(bin_N, came_true_N, NUM_BINS), count_M)
    return [
        {"probability": float(mean_M[m]), "frequency": float(frequency_M[m]), "rows": int(count_M[m])}
        for m in np.flatnonzero(count_M)
    ]


def _binned(p: Predictions) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(N,) each: a probability, whether it came true, and its bin."""
    if p.output.shape[1] == 2:
        probability_N, came_true_N = p.output[:, 1], p.truth == 1
    else:
        probability_N, came_true_N = p.output.max(axis=1, initial=0.0), p.predicted == p.truth
    bin_N = np.clip((probability_N * NUM_BINS).astype(np.int64), 0, NUM_BINS - 1)
    return probability_N, came_true_N.astype(np.float64), bin_N

"""Metrics that are made of a weighted mean of one loss a row.

Shapes: N rows, B sets of row weights, K classes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from assay.core.predictions import Predictions


def divide(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """Elementwise quotient, nan where the denominator is zero."""
    out: np.ndarray = np.full(np.broadcast(numerator, denominator).shape, np.nan)
    np.divide(numerator, denominator, out=out, where=denominator != 0)
    return out


def _mean(loss_N: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    return lambda weights_BN: divide(weights_BN @ loss_N, weights_BN.sum(axis=1))


def rmse(p: Predictions) -> Callable[[np.ndarray], np.ndarray]:
    """Root of the mean squared error, in the target's unit."""
    mean = _mean(np.square(p.output - p.truth))
    return lambda weights_BN: np.sqrt(mean(weights_BN))


def mae(p: Predictions) -> Callable[[np.ndarray], np.ndarray]:
    """Mean absolute error, in the target's unit."""
    return _mean(np.abs(p.output - p.truth))


def r2(p: Predictions) -> Callable[[np.ndarray], np.ndarray]:
    """Share of the target's variance that is explained: 1 - SSE / SST; nan when the target does not vary."""
    squared_N = np.square(p.output - p.truth)
    # The variance is taken about a fixed point, since a sum of squares of large numbers loses its digits.
    centred_N = p.truth - (p.truth.mean() if len(p) else 0.0)

    def value(weights_BN: np.ndarray) -> np.ndarray:
        total_B = weights_BN.sum(axis=1)
        around_B = weights_BN @ np.square(centred_N)
        shift_B = divide(np.square(weights_BN @ centred_N), total_B)
        spread_B = around_B - shift_B
        constant_B = ~(spread_B > 1e-12 * around_B)
        return 1.0 - divide(weights_BN @ squared_N, np.where(constant_B, 0.0, spread_B))

    return value


def accuracy(p: Predictions) -> Callable[[np.ndarray], np.ndarray]:
    """Share of rows whose predicted class is the true one."""
    return _mean((p.predicted == p.truth).astype(np.float64))


def log_loss(p: Predictions) -> Callable[[np.ndarray], np.ndarray]:
    """Mean of -log(probability of the true class), in nats; probabilities below 2.2e-16 count as that."""
    of_truth_N = p.output[np.arange(len(p)), p.truth]
    return _mean(-np.log(np.clip(of_truth_N, np.finfo(np.float64).eps, 1.0)))


def brier(p: Predictions) -> Callable[[np.ndarray], np.ndarray]:
    """Brier score (Brier 1950).

    Two classes: mean squared error of the probability of the second label, 0 to 1.
    More: squared errors summed over the classes, 0 to 2, as in the paper.
    """
    if p.output.shape[1] == 2:
        return _mean(np.square(p.output[:, 1] - p.truth))
    truth_NK = np.eye(p.output.shape[1])[p.truth]
    return _mean(np.square(p.output - truth_NK).sum(axis=1))

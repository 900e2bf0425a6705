"""Metrics that are made of counts by class: balanced accuracy, precision, recall, F1.

Two classes: precision, recall and F1 are those of the second label. More: the macro average, over the classes
that occur in truth or prediction. A share of nothing is 0 (a class that is never predicted has precision 0).
Shapes: N rows, B sets of row weights, K classes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from assay.core.metrics.losses import divide

if TYPE_CHECKING:
    from assay.core.predictions import Predictions

_Weighted = Callable[[np.ndarray], np.ndarray]
_Share = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]


def balanced_accuracy(p: Predictions) -> _Weighted:
    """Mean over the classes that occur of the share of their rows that are found."""

    def value(weights_BN: np.ndarray) -> np.ndarray:
        hits_BK, true_BK, _ = _counts(p, weights_BN)
        return _mean_where(divide(hits_BK, true_BK), true_BK > 0)

    return value


def precision(p: Predictions) -> _Weighted:
    """Share of the rows predicted to be of a class that are."""
    return _per_class(p, lambda hits, true, predicted: divide(hits, predicted))


def recall(p: Predictions) -> _Weighted:
    """Share of the rows of a class that are found."""
    return _per_class(p, lambda hits, true, predicted: divide(hits, true))


def f1(p: Predictions) -> _Weighted:
    """Harmonic mean of precision and recall."""
    return _per_class(p, lambda hits, true, predicted: divide(2.0 * hits, true + predicted))


def _per_class(
    p: Predictions, share: Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
) -> _Weighted:
    def value(weights_BN: np.ndarray) -> np.ndarray:
        hits_BK, true_BK, predicted_BK = _counts(p, weights_BN)
        share_BK = np.nan_to_num(share(hits_BK, true_BK, predicted_BK), nan=0.0)
        if p.output.shape[1] == 2:
            return np.where(weights_BN.sum(axis=1) > 0, share_BK[:, 1], np.nan)
        return _mean_where(share_BK, true_BK + predicted_BK > 0)

    return value


def _counts(p: Predictions, weights_BN: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Weight of the rows by class, (B, K) each: found, truly in it, predicted to be in it."""
    num_classes = p.output.shape[1]
    predicted_N = p.predicted
    hit_BN = weights_BN * (predicted_N == p.truth)

    def by_class(classes_N: np.ndarray, weights: np.ndarray) -> np.ndarray:
        return np.stack([np.bincount(classes_N, row, num_classes) for row in weights])

    return by_class(p.truth, hit_BN), by_class(p.truth, weights_BN), by_class(predicted_N, weights_BN)


def _mean_where(values_BK: np.ndarray, used_BK: np.ndarray) -> np.ndarray:
    return divide(np.where(used_BK, values_BK, 0.0).sum(axis=1), used_BK.sum(axis=1))

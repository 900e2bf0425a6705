"""The probability from which on two classes' second is the answer.

Shapes: N rows, C cuts between them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from assay.core.metrics.losses import divide

if TYPE_CHECKING:
    from assay.core.predictions import Predictions

THRESHOLD_METRICS = ("accuracy", "balanced_accuracy", "f1")
"""Metrics that a threshold can be fitted for. Precision alone is best where next to no row is called
positive, recall alone where all are: neither says where to stop."""

_NUM_DRAWS = 101


def fit_threshold(p: Predictions, metric: str, seed: int = 0) -> float:
    """The threshold that is best for a metric: the median of those that are best on 101 bootstrap draws.

    The best on the rows themselves hangs on single rows. Fitted on 300, the median lost about a quarter less
    on other rows (27 problems with two normal classes).

    Args:
        p: of two classes, both of which occur.
        metric: one of `THRESHOLD_METRICS`.
        seed: of the draws.

    Returns:
        between 0 and 1, never at a row's own probability.
    """
    rng = np.random.default_rng(seed)
    order_N = np.argsort(-p.output[:, 1], kind="stable")
    score_N, positive_N = p.output[order_N, 1], p.truth[order_N] == 1
    last_C = np.append(np.flatnonzero(np.diff(score_N)), len(p) - 1) + 1
    cut_C = np.append(0, last_C)  # so many rows are called positive
    between_C = (np.append(1.0, score_N)[cut_C] + np.append(score_N, 0.0)[cut_C]) / 2.0
    best = []
    for _ in range(_NUM_DRAWS):
        weight_N = np.bincount(rng.integers(0, len(p), len(p)), minlength=len(p)).astype(np.float64)
        value_C = _values(weight_N, positive_N, cut_C, metric)
        if not np.isnan(value_C).all():  # a draw without one of the classes says nothing
            best.append(np.median(between_C[value_C >= np.nanmax(value_C) - 1e-12]))
    return float(np.median(best)) if best else 0.5


def _values(weight_N: np.ndarray, positive_N: np.ndarray, cut_C: np.ndarray, metric: str) -> np.ndarray:
    """(C,) the metric for each cut, with the rows in order of falling probability."""
    hits_C = np.append(0.0, np.cumsum(weight_N * positive_N))[cut_C]
    alarms_C = np.append(0.0, np.cumsum(weight_N * ~positive_N))[cut_C]
    positives, negatives = hits_C[-1:], alarms_C[-1:]
    if metric == "accuracy":
        value_C = divide(hits_C + negatives - alarms_C, positives + negatives)
    elif metric == "balanced_accuracy":
        value_C = divide(divide(hits_C, positives) + divide(negatives - alarms_C, negatives), np.array(2.0))
    else:
        value_C = divide(2.0 * hits_C, positives + hits_C + alarms_C)
    return value_C

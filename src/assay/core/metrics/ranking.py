"""How well scores put one class before the other: ROC AUC and the ROC curve.

Shapes: N rows, B sets of row weights, K classes, G groups of equal scores.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from assay.core.metrics.losses import divide

if TYPE_CHECKING:
    from assay.core.predictions import Predictions

_Weighted = Callable[[np.ndarray], np.ndarray]


def roc_auc(p: Predictions) -> _Weighted:
    """Area under the ROC curve: the chance that a row of the class scores above another one, ties one half.

    Two classes: that of the second label. More: the mean over classes, each against the rest, over those that
    have rows on both sides. nan where no class has (Hanley & McNeil 1982).
    """
    if p.output.shape[1] == 2:
        return _one_auc(p.output[:, 1], p.truth == 1)
    each = [_one_auc(p.output[:, k], p.truth == k) for k in range(p.output.shape[1])]

    def value(weights_BN: np.ndarray) -> np.ndarray:
        auc_BK = np.stack([one(weights_BN) for one in each], axis=1)
        defined_BK = ~np.isnan(auc_BK)
        return divide(np.where(defined_BK, auc_BK, 0.0).sum(axis=1), defined_BK.sum(axis=1))

    return value


def _one_auc(score_N: np.ndarray, positive_N: np.ndarray) -> _Weighted:
    order_N = np.argsort(score_N, kind="stable")  # once, whatever the number of replicates
    positives, negatives = order_N[positive_N[order_N]], order_N[~positive_N[order_N]]
    # How many of the other rows, in order of their scores, lie below each row of the class, and not above it.
    below = np.searchsorted(score_N[negatives], score_N[positives], side="left")
    not_above = np.searchsorted(score_N[negatives], score_N[positives], side="right")

    def pairs_won(weights_N: np.ndarray) -> float:
        running = np.append(0.0, np.cumsum(weights_N[negatives]))
        return float(weights_N[positives] @ (running[below] + running[not_above]) / 2.0)

    def value(weights_BN: np.ndarray) -> np.ndarray:
        won_B = np.array([pairs_won(weights_N) for weights_N in weights_BN])
        pairs_B = (weights_BN @ positive_N) * (weights_BN @ ~positive_N)
        return divide(won_B, pairs_B)

    return value


def roc_curve(score_N: np.ndarray, positive_N: np.ndarray, num_points: int) -> list[list[float]]:
    """Points [false-positive rate, true-positive rate] from (0, 0) to (1, 1); empty if only one class occurs.

    Args:
        score_N: higher means more like the class.
        positive_N: whether the row is of the class.
        num_points: at most so many, spread evenly over the curve's length.
    """
    num_positive = int(positive_N.sum())
    num_negative = len(positive_N) - num_positive
    if not num_positive or not num_negative:
        return []
    order_N = np.argsort(-score_N, kind="stable")
    ends_G = np.append(np.flatnonzero(np.diff(score_N[order_N])), len(score_N) - 1)
    true_G = np.append(0, np.cumsum(positive_N[order_N])[ends_G]) / num_positive
    false_G = np.append(0, np.cumsum(~positive_N[order_N])[ends_G]) / num_negative
    length_G = true_G + false_G  # grows from 0 to 2 along the curve
    kept = np.unique(np.searchsorted(length_G, np.linspace(0.0, length_G[-1], num_points)))
    points: list[list[float]] = np.column_stack([false_G, true_G])[kept].tolist()
    return points

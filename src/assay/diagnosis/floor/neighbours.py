"""Nearest neighbours: how often rows that lie close together are of different classes.

Shapes: N rows, D inputs, K classes, J neighbours, M rows that are asked.
"""

from __future__ import annotations

import math

import numpy as np

from assay.core.numbers import number
from assay.diagnosis.floor.bounds import cover_hart, devroye
from assay.diagnosis.floor.estimate import Estimate

_Z = 1.96
_MOST = 20_000  # rows that are searched
_ASKED = 5_000
_MANY = (9, 25)  # neighbours whose majority is asked beside the nearest one's class, for two classes


def neighbour_errors(
    points_ND: np.ndarray, class_N: np.ndarray, num_classes: int, method: str
) -> Estimate | None:
    """Bounds of the error rate from the error of nearest neighbours, each row asked without itself.

    From above: what neighbours reach, anyone can. From below: the theorem of Cover & Hart (1967) for the
    nearest one; for two classes also that of Devroye (1981) for the majority of 9 and of 25. The closest
    lower end counts. Both theorems speak of infinitely many rows. With few rows, many inputs, or inputs that
    don't matter, neighbours lie far apart, and both bounds come out too high: in the raw inputs the lower one
    is an estimate, which tends upwards. In one dimension, the score of a model, neighbours are close, and the
    answer is about what can be said from that score.

    Args:
        points_ND: standardised inputs, or scores.
        class_N: class numbers.
        num_classes: K.
        method: the name of the estimate.
    """
    num_rows = len(class_N)
    most = max(_MANY) if num_classes == 2 else 1
    if num_rows < 4 * most or not points_ND.shape[1]:
        return None
    asked_M, near_MJ = nearest(points_ND, most)
    votes_MJ, own_M = class_N[near_MJ], class_N[asked_M]
    found = [_Found.of(votes_MJ[:, :1], own_M, num_classes)]
    if num_classes == 2:
        found += [_Found.of(votes_MJ[:, :many], own_M, 2) for many in _MANY]
    low, value = max((each.low, each.bound) for each in found)
    high = min(each.high for each in found)
    because = (
        f"{100 * found[0].error:.3g} % of the rows have a nearest neighbour of another class: at least "
        f"{number(value)}, if neighbours are alike (with many inputs they are not, and it comes out too high)"
    )
    return Estimate(method, min(low, high), high, min(value, high), because)


class _Found:
    """The error of one number of neighbours, with the bound that follows."""

    def __init__(self, error: float, noise: float, many: int, num_classes: int) -> None:
        def bound(rate: float) -> float:
            return devroye(rate, many) if many > 1 else cover_hart(rate, num_classes)

        self.error, self.bound = error, bound(error)
        self.low, self.high = bound(max(error - _Z * noise, 0.0)), error + _Z * noise

    @classmethod
    def of(cls, votes_MJ: np.ndarray, own_M: np.ndarray, num_classes: int) -> _Found:
        many = votes_MJ.shape[1]
        said_M = votes_MJ[:, 0] if many == 1 else (votes_MJ.mean(axis=1) > 0.5).astype(np.int64)
        error = float((said_M != own_M).mean())
        return cls(error, math.sqrt(max(error * (1.0 - error), 1e-12) / len(own_M)), many, num_classes)


def nearest(points_ND: np.ndarray, num_neighbours: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows that were asked, (M,), and their nearest other rows, (M, J), the nearest first.

    Ties are broken by chance. Of more than 20,000 rows a sample is searched, and at most 5,000 are asked.
    """
    from sklearn.neighbors import NearestNeighbors

    order_N = np.random.default_rng(0).permutation(len(points_ND))[:_MOST]  # ties don't follow the file
    searched = NearestNeighbors(n_neighbors=num_neighbours + 1).fit(points_ND[order_N])
    num_asked = min(_ASKED, len(order_N))
    near_MJ = searched.kneighbors(points_ND[order_N[:num_asked]], return_distance=False)
    # Of equal rows any may come first, the asked one too: it is taken out wherever it stands.
    is_other_MJ = near_MJ != np.arange(num_asked)[:, None]
    is_other_MJ[is_other_MJ.all(axis=1), -1] = False
    return order_N[:num_asked], order_N[near_MJ[is_other_MJ].reshape(num_asked, num_neighbours)]

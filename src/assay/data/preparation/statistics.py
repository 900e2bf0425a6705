"""What the training rows say about one column of numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from assay.data.preparation.settings import OutlierRule, Output

_SIGMAS = 3.0
_PERCENTILES = (1.0, 99.0)
_NUM_KNOTS = 128
_FARTHEST_KNOT = 3.5  # normal quantiles between which the knots lie evenly: 2 in 10,000 values each side


@dataclass(frozen=True)
class NumberStatistics:
    """Statistics of the values that are not missing; all 0 when there is none.

    `std` is the population's (division by the count); `mode` the most frequent value, the lowest of several.
    """

    mean: float = 0.0
    std: float = 0.0
    low: float = 0.0
    high: float = 0.0
    median: float = 0.0
    mode: float = 0.0

    @classmethod
    def of(cls, ascending: np.ndarray) -> Self:
        """Statistics of sorted values."""
        if not len(ascending):
            return cls()
        mean, std = _moments(ascending)
        mode = _most_frequent(ascending)
        middle = len(ascending) // 2
        median = (
            ascending[middle] if len(ascending) % 2 else ascending[middle - 1] / 2 + ascending[middle] / 2
        )
        return cls(mean, std, float(ascending[0]), float(ascending[-1]), float(median), mode)


def _most_frequent(ascending: np.ndarray) -> float:
    starts = np.flatnonzero(np.concatenate([[True], ascending[1:] != ascending[:-1]]))
    counts = np.diff(starts, append=len(ascending))
    return float(ascending[starts[counts.argmax()]])


def _moments(values: np.ndarray) -> tuple[float, float]:
    """Mean and standard deviation, computed on values of at most 1 so that no square overflows."""
    size = float(np.abs(values).max()) or 1.0
    return float(np.mean(values / size)) * size, float(np.std(values / size)) * size


def outlier_bounds(ascending: np.ndarray, rule: OutlierRule) -> tuple[float, float]:
    """Lowest and highest value that is no outlier: three standard deviations, or 1st and 99th percentile."""
    if not len(ascending):
        return -np.inf, np.inf
    if rule == "sigma":
        mean, std = _moments(ascending)
        return mean - _SIGMAS * std, mean + _SIGMAS * std
    low, high = np.percentile(ascending, _PERCENTILES)
    return float(low), float(high)


def quantile_curve(ascending: np.ndarray, output: Output) -> tuple[list[float], list[float]]:
    """Knots of a piecewise-linear curve to a normal or uniform (-1 to 1) shape: training values and heights.

    A height is the normal (uniform) quantile of the value's mid-rank: the share of the training values below
    it, plus half of those equal to it. Knots lie evenly in the output: tails get as many as the middle.
    """
    if not len(ascending):
        return [0.0], [0.0]
    places = np.linspace(0, 1, _NUM_KNOTS)
    if output == "normal":
        places = _normal_cdf((2 * places - 1) * _FARTHEST_KNOT)
    places[0], places[-1] = 0, 1
    knots = np.unique(ascending[np.rint(places * (len(ascending) - 1)).astype(np.int64)])
    below = np.searchsorted(ascending, knots, side="left")
    up_to = np.searchsorted(ascending, knots, side="right")
    rank = (below + up_to) / (2 * len(ascending))
    height = _normal_quantile(rank) if output == "normal" else 2 * rank - 1
    return knots.tolist(), height.tolist()


def _normal_cdf(values: np.ndarray) -> np.ndarray:
    import torch

    return np.asarray(torch.special.ndtr(torch.from_numpy(values)))


def _normal_quantile(shares: np.ndarray) -> np.ndarray:
    import torch

    return np.asarray(torch.special.ndtri(torch.from_numpy(shares)))

"""Numbers between which values are told apart, as round as the values allow.

Shapes: N values, E edges.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

_MOST_VALUES = 32  # up to so many different values each may be told apart; more are divided by quantiles
_SLACK = 0.25  # a quantile's edge may move by a quarter of the way to the next one, to be round


def round_edges(values_N: np.ndarray, between: Callable[[float, float], float]) -> np.ndarray:
    """(E,) float64 rising edges: `value <= edge` and `value > edge` divide the values.

    Args:
        values_N: finite numbers.
        between: the roundest number between two: `roundest`, or `roundest_moment`.
    """
    distinct = np.unique(values_N)
    if len(distinct) <= _MOST_VALUES:
        return distinct[:-1]
    steps = np.arange(1, _MOST_VALUES)
    lows = np.quantile(values_N, (steps - _SLACK) / _MOST_VALUES, method="lower")
    highs = np.quantile(values_N, (steps + _SLACK) / _MOST_VALUES, method="higher")
    edges = np.unique([between(low, high) for low, high in zip(lows, highs, strict=True)])
    below: np.ndarray = edges[edges < distinct[-1]]
    return below


def roundest(low: float, high: float) -> float:
    """The number with the fewest digits between two (both included): 50,000 for 48,216 and 51,003."""
    if low >= high:
        return float(low)
    if low <= 0.0 <= high:
        return 0.0
    for power in range(math.floor(math.log10(max(abs(low), abs(high)))), -300, -1):
        # Whole multiples of a power of ten; below one they are quotients, since 10^-n is not exact.
        least = math.ceil(low / 10.0**power if power >= 0 else low * 10.0**-power)
        value = least * 10.0**power if power >= 0 else least / 10.0**-power
        if low <= value <= high:
            return float(value)
    return float(low)


def roundest_moment(low: float, high: float) -> float:
    """A midnight between two moments (seconds since 1970), else a whole hour, else a whole minute."""
    for unit in (86_400, 3_600, 60):
        moment = math.ceil(low / unit) * unit
        if moment <= high:
            return float(moment)
    return float(low)

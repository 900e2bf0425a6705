"""Values far from the others, by the two rules of the field."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np


@dataclass(frozen=True)
class Outliers:
    """Values outside an interval.

    Attributes:
        low, high: the interval.
        count: values below `low` or above `high`.
        share: of the values that are there.
    """

    low: float
    high: float
    count: int
    share: float

    @classmethod
    def outside(cls, ascending: np.ndarray, low: float, high: float) -> Outliers:
        """Count what lies outside [low, high] in (N,) sorted numbers, N > 0."""
        below = int(np.searchsorted(ascending, low, side="left"))
        above = len(ascending) - int(np.searchsorted(ascending, high, side="right"))
        return cls(low, high, below + above, (below + above) / len(ascending))

    def to_json(self) -> dict[str, float]:
        """Plain values."""
        return asdict(self)


def quantile(ascending: np.ndarray, share: float) -> float:
    """The quantile of (N,) sorted numbers, N > 0, linear between two (Hyndman and Fan 1996, type 7)."""
    position = share * (len(ascending) - 1)
    below = int(position)
    weight = position - below
    low = float(ascending[below])
    if not weight:
        return low
    return low + (float(ascending[below + 1]) - low) * weight  # exact where both neighbours are equal

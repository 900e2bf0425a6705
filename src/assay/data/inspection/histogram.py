"""How often which numbers occur."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_BINS = 30


@dataclass(frozen=True)
class Histogram:
    """Counts in bins of equal width.

    Attributes:
        counts: n counts.
        edges: n + 1 edges, ascending; the last bin includes its upper edge.
    """

    counts: tuple[int, ...]
    edges: tuple[float, ...]

    @classmethod
    def of(cls, ascending: np.ndarray) -> Histogram | None:
        """The histogram of (N,) sorted finite numbers; None where there is none to draw.

        Whole numbers with a small range get one bin each, so that no bin holds two of them by accident.
        """
        if not len(ascending):
            return None
        edges = _edges(ascending)
        if not np.isfinite(edges).all():  # the range of the numbers is beyond float64
            return None
        below = np.searchsorted(ascending, edges[:-1])
        counts = np.diff(np.append(below, len(ascending)))
        return cls(tuple(counts.tolist()), tuple(edges.tolist()))

    def to_json(self) -> dict[str, list[float]]:
        """`{"counts", "edges"}`."""
        return {"counts": list(self.counts), "edges": list(self.edges)}


def _edges(ascending: np.ndarray) -> np.ndarray:
    low, high = float(ascending[0]), float(ascending[-1])
    steps = high - low
    if steps < _BINS and bool((ascending == np.floor(ascending)).all()):
        return np.arange(int(steps) + 2) + (low - 0.5)
    if low == high:
        return np.array([low - 0.5, low + 0.5])
    return np.unique(np.linspace(low, high, _BINS + 1))  # fewer where float64 has no room between

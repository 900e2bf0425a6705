"""The commonest values of a column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

KEPT = 100  # more different values than this are too many to name one by one


@dataclass(frozen=True)
class Values:
    """Which values there are, and how often.

    Attributes:
        unique: how many different values, missing ones left out.
        common: (value, rows) of the `KEPT` commonest, the commonest first.
    """

    unique: int
    common: tuple[tuple[Any, int], ...]

    @property
    def is_whole(self) -> bool:
        """Whether `common` holds every value."""
        return len(self.common) == self.unique

    @classmethod
    def of_sorted(cls, ascending: np.ndarray) -> Values:
        """The values of (N,) sorted numbers; runs of equal numbers are counted, nothing is hashed."""
        if not len(ascending):
            return cls(0, ())
        starts = np.append(0, np.flatnonzero(ascending[1:] != ascending[:-1]) + 1)
        counts = np.diff(starts, append=len(ascending))
        chosen = np.arange(len(starts))
        if len(starts) > KEPT:  # of a column of measurements nearly all values come up once: rank the others
            chosen = np.flatnonzero(counts > 1)
            if len(chosen) < KEPT:
                chosen = np.union1d(chosen, np.arange(KEPT))
        chosen = chosen[np.lexsort((starts[chosen], -counts[chosen]))][:KEPT]
        common = map(as_written, ascending[starts[chosen]].tolist())
        return cls(len(starts), tuple(zip(common, counts[chosen].tolist(), strict=True)))

    @classmethod
    def of_series(cls, values: pl.Series) -> Values:
        """The values of a column of any type."""
        counted = values.drop_nulls().alias("value").to_frame().group_by("value").agg(pl.len())
        common = counted.sort(["len", "value"], descending=[True, False]).head(KEPT)
        return cls(counted.height, tuple(common.iter_rows()))


def as_written(value: Any) -> Any:
    """The value as a person writes it: 1, not 1.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value

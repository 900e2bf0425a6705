"""The commonest values of a column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from assay.data.inspection.ascending import is_first

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
        """The values of (N,) sorted numbers: nothing is hashed, and what comes up once is not ranked."""
        if not len(ascending):
            return cls(0, ())
        is_repeat = ~is_first(ascending)
        repeated = ascending[is_repeat]
        starts = np.flatnonzero(is_first(repeated))
        values, counts = repeated[starts], np.diff(starts, append=len(repeated)) + 1
        if len(values) < KEPT:
            once = ascending[~(is_repeat | np.append(is_repeat[1:], False))][:KEPT]
            values, counts = np.append(values, once), np.append(counts, np.ones(len(once), dtype=np.int64))
        commonest = np.argsort(-counts, kind="stable")[:KEPT]  # of equally common ones the lowest
        common = map(as_written, values[commonest].tolist())
        return cls(
            len(ascending) - len(repeated), tuple(zip(common, counts[commonest].tolist(), strict=True))
        )

    @classmethod
    def of_series(cls, values: pl.Series) -> Values:
        """The values of a column of any type."""
        counted = values.drop_nulls().alias("value").to_frame().group_by("value").agg(pl.len())
        common = counted.sort(["len", "value"], descending=[True, False]).head(KEPT)
        return cls(counted.height, tuple(common.iter_rows()))


def as_written(value: Any) -> Any:
    """The value as a person writes it: 1, not 1.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value

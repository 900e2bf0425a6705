"""The numbers of a column in ascending order, and which of them are equal."""

from __future__ import annotations

import numpy as np
import polars as pl

_ALL_BUT_SIGN = np.int64(2**63 - 1)


def ascending(values: pl.Series) -> np.ndarray:
    """(N,) sorted numbers of a column, missing ones (null or not a number) left out, -0 made 0.

    Floats are sorted as the integers that their bits make, which takes half the time.
    """
    present = values.drop_nulls()
    if not present.dtype.is_float():
        return present.sort(multithreaded=False).to_numpy()
    numbers = present.cast(pl.Float64).drop_nans().to_numpy() + 0.0
    keys = pl.Series(_turned(numbers.view(np.int64))).sort(multithreaded=False)
    return _turned(keys.to_numpy()).view(np.float64)


def is_first(ascending: np.ndarray) -> np.ndarray:
    """(N,) whether each of sorted numbers is the first of those equal to it."""
    first = np.ones(len(ascending), dtype=np.bool_)
    np.not_equal(ascending[1:], ascending[:-1], out=first[1:])
    return first


def _turned(bits: np.ndarray) -> np.ndarray:
    """The bits of negative floats turned over but for the sign, so that they ascend as the floats do."""
    turned: np.ndarray = bits ^ ((bits >> 63) & _ALL_BUT_SIGN)
    return turned

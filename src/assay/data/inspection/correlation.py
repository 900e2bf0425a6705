"""Pearson's correlation of all pairs of numeric columns.

Suffixes: N rows, C columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

_SHOWN = 100  # a picture of more columns than this cannot be read
_MOST = 2_000  # columns; their matrix takes 32 MB, and some ten such are needed on the way


@dataclass(frozen=True, eq=False)
class Correlation:
    """Correlations over the rows where both columns have a value.

    Attributes:
        names: C columns.
        matrix: (C, C) float64, NaN where undefined (a column without spread, fewer than three common rows).
    """

    names: tuple[str, ...]
    matrix: np.ndarray

    @classmethod
    def of(cls, frame: pl.DataFrame) -> Correlation:
        """The correlations of the numeric and boolean columns of a frame, of the first 2,000 at most."""
        chosen = frame.select(pl.selectors.numeric() | pl.selectors.boolean())
        chosen = chosen.select(chosen.columns[:_MOST])
        if chosen.width == 0:
            return cls((), np.empty((0, 0)))
        values_NC = chosen.cast(pl.Float64).to_numpy()
        return cls(tuple(chosen.columns), pairwise(values_NC))

    def to_json(self) -> dict[str, Any]:
        """`{"names", "matrix"}`, rounded; of more than 100 columns those that correlate most with another."""
        strength = np.abs(self.matrix - np.diag(np.diag(self.matrix)))
        strongest = np.nan_to_num(strength).max(axis=1, initial=0.0)
        kept = np.sort(np.argsort(-strongest, kind="stable")[:_SHOWN])
        shown = self.matrix[np.ix_(kept, kept)].round(3)
        return {"names": [self.names[index] for index in kept], "matrix": shown.tolist()}


def pairwise(values_NC: np.ndarray) -> np.ndarray:
    """(C, C) Pearson's r of the columns of (N, C) numbers, by pairs of rows that are both finite.

    The sums over common rows are matrix products of the numbers with absent ones set to 0 and of the mask of
    present ones: sum_n(x_i m_j) and so on.
    """
    mask_NC = np.isfinite(values_NC)
    with np.errstate(all="ignore"):  # columns without values or spread: NaN by design
        count_C = mask_NC.sum(axis=0)
        centred_NC = np.where(mask_NC, values_NC, 0.0)
        centred_NC = np.where(mask_NC, centred_NC - centred_NC.sum(axis=0) / count_C, 0.0)
        scale_C = np.abs(centred_NC).max(axis=0, initial=0.0)
        unit_NC = np.divide(centred_NC, scale_C, out=np.zeros_like(centred_NC), where=scale_C > 0)
        present_NC = mask_NC.astype(np.float64)
        common = present_NC.T @ present_NC
        sums = unit_NC.T @ present_NC  # [i, j]: the sum of i over the rows that j has too
        squares = (unit_NC**2).T @ present_NC
        products = unit_NC.T @ unit_NC
        covariance = products - sums * sums.T / common
        variance = squares - sums**2 / common
        r = covariance / np.sqrt(variance * variance.T)
    no_spread = variance <= 1e-12 * common
    return np.where(no_spread | no_spread.T | (common < 3), np.nan, np.clip(r, -1.0, 1.0))

"""Which rows may err alike, so that they are no independent witnesses: neighbours in time, groups."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from assay.data.column import Kind
from assay.data.split.keys import dates_in_order

if TYPE_CHECKING:
    from assay.core.predictions import Predictions
    from assay.data.table import Table


def with_neighbours(p: Predictions, table: Table, method: str) -> Predictions:
    """The predictions with the times or groups that the split went by; unchanged where it went by chance.

    Args:
        p: of the N rows of the table.
        table: one part, with the roles of its columns.
        method: of the split. Official row numbers ("rows") say nothing of it: the table's roles and dates do.
    """
    if table.group is not None and method in {"group", "rows"}:
        return replace(p, groups=_ranks(table.frame[table.group.name]))
    if method == "time" or (method == "rows" and _is_in_time(table)):
        return replace(p, times=_times(table))
    return p


def recency_weights(table: Table, half_life: float) -> np.ndarray:
    """(N,) how much each training row counts: half as much for each half-life that it lies in the past.

    Weights that fade with age let late rows, which are more like those to come, decide (Klinkenberg 2004).

    Args:
        table: the training rows; without a time column they stand in their order.
        half_life: as a share of the time that the rows span, by their ranks.
    """
    times_N = _times(table).astype(np.float64)
    span = max(float(np.ptp(times_N)), 1.0)
    weights_N: np.ndarray = np.exp2((times_N - times_N.max()) / (span * half_life))
    return weights_N


def _is_in_time(table: Table) -> bool:
    return table.time is not None or dates_in_order(table) is not None


def _times(table: Table) -> np.ndarray:
    """(N,) int64 numbers that sort as the times; without a time column the rows stand in their order."""
    if table.time is not None:
        return _ranks(table.frame[table.time.name])
    dates = [column.name for column in table.columns if column.kind is Kind.DATE]
    if dates_in_order(table) is None and len(dates) == 1:
        return _ranks(table.frame[dates[0]])
    return np.arange(len(table))


def _ranks(series: pl.Series) -> np.ndarray:
    """(N,) int64 ranks, equal for equal values; rows without a value have one each, the last ones."""
    ranks = series.rank("dense").cast(pl.Int64)
    own = pl.Series(np.arange(len(series)) + len(series) + 1)
    ranked: np.ndarray = ranks.fill_null(own).to_numpy()
    return ranked

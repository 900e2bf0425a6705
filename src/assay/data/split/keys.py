"""What rows are divided by, taken out of the table: classes, times, groups."""

from __future__ import annotations

import numpy as np
import polars as pl

from assay.core.errors import DataError
from assay.data.column import Kind
from assay.data.table import Table


def class_key(table: Table) -> tuple[np.ndarray, list[object]] | None:
    """(N,) class numbers and the classes' labels; None where the target is a quantity or absent.

    Raises:
        DataError: a row has no target.
    """
    if table.target is None or table.task is None or not table.task.is_classification:
        return None
    series = _complete(table, table.target.name, "target")
    labels = series.unique().sort()
    return _numbers(series), labels.to_list()


def group_key(table: Table, name: str) -> np.ndarray:
    """(N,) group numbers from 0.

    Raises:
        DataError: a row has no group.
    """
    return _numbers(_complete(table, name, "group"))


def time_key(table: Table, name: str) -> np.ndarray:
    """(N,) numbers that sort as the times do.

    Raises:
        DataError: a row has no time, or the column holds neither dates nor numbers.
    """
    series = _complete(table, name, "time")
    if not (series.dtype.is_numeric() or series.dtype.is_temporal()):
        raise DataError(
            f"column {name!r} holds neither dates nor numbers (its first value is {series.first()!r}), so it "
            "gives no order in time",
            hint="write the dates as 2016-01-31 or 2016-01-31 17:00:00, or name another column",
            where=table.name,
        )
    return series.to_physical().to_numpy()


def dates_in_order(table: Table) -> str | None:
    """The first date column in whose order (either way) the rows stand, ten different dates at least."""
    for column in table.columns:
        if column.kind is Kind.DATE and table.frame[column.name].dtype.is_temporal():
            series = table.frame[column.name]
            in_order = series.is_sorted() or series.is_sorted(descending=True)
            if series.null_count() == 0 and in_order and series.n_unique() >= 10:
                return column.name
    return None


def _numbers(series: pl.Series) -> np.ndarray:
    return series.rank("dense").to_numpy().astype(np.int64) - 1


def _complete(table: Table, name: str, role: str) -> pl.Series:
    series = table.frame[name]
    if series.dtype.is_float():
        series = series.fill_nan(None)
    missing = np.flatnonzero(series.is_null().to_numpy())
    if len(missing):
        shown = ", ".join(f"{row + 1:,}" for row in missing[:5])
        more = ", ..." if len(missing) > 5 else ""
        raise DataError(
            f"{len(missing):,} of {len(series):,} rows have no {role} in column {name!r} "
            f"(data row {shown}{more})",
            hint=f"fill in the {role}, leave these rows out, or divide the rows by something else",
            where=table.name,
        )
    return series

"""The few types that columns have after reading."""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl

from assay.core.errors import DataError
from assay.data.reading.raw import Place

_EXACT = 2.0**53  # floats below it hold whole numbers exactly
_UNREADABLE = "Assay reads numbers, text, yes/no and dates"


def plain_type(column: pl.Series, place: Place) -> pl.Series:
    """The column as numbers, String, Boolean, Date, or Datetime in microseconds without time zone.

    NaN becomes missing, categories become text, decimals Float64, moments in a time zone UTC.

    Raises:
        DataError: the type holds no single values (lists, structs, pictures), or none that Assay reads.
    """
    kind = column.dtype
    if kind.is_float():
        wide = column.cast(pl.Float32) if kind == pl.Float16 else column
        return wide.fill_nan(None) if wide.is_nan().any() else wide
    if kind in {pl.Int128, pl.UInt128} or kind.is_decimal() or kind == pl.Null:
        return column.cast(pl.Float64)
    if kind.is_integer() or kind in {pl.String, pl.Boolean, pl.Date}:
        return column
    if isinstance(kind, pl.Categorical | pl.Enum):
        return column.cast(pl.String)
    if isinstance(kind, pl.Datetime):
        moments = column.dt.convert_time_zone("UTC").dt.replace_time_zone(None) if kind.time_zone else column
        return moments.cast(pl.Datetime("us"))
    held = {pl.Duration: "spans of time", pl.Time: "times without a day", pl.Binary: "raw bytes (a picture?)"}
    what = next((words for type_, words in held.items() if kind == type_), f"values of type {kind}")
    raise DataError(
        f"column {column.name!r} holds {what}",
        hint=f"{_UNREADABLE}; turn it into one of these, or ignore the column",
        where=place.source,
    )


def whole_numbers(column: pl.Series) -> pl.Series:
    """Int64 in place of floats none of which has a fraction."""
    if not column.dtype.is_float() or column.null_count() == len(column):
        return column
    is_whole = (column == column.floor()).all() and float(column.abs().max()) < _EXACT  # type: ignore[arg-type]
    return column.cast(pl.Int64) if is_whole else column


def without_stand_ins(column: pl.Series, missing: tuple[str, ...]) -> pl.Series:
    """A column of numbers without those that `missing` names, such as -999, however they were written."""
    if not column.dtype.is_numeric():
        return column
    numbers = stand_ins(missing)
    return (
        column.set(column.cast(pl.Float64).is_in(list(numbers)).fill_null(False), None) if numbers else column
    )


@cache
def stand_ins(missing: tuple[str, ...]) -> frozenset[float]:
    """The numbers among the texts that stand for a missing value."""
    return frozenset(number for text in missing if np.isfinite(number := _number(text)))


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return np.nan


def refuse_infinite(column: pl.Series, place: Place, missing: frozenset[str]) -> pl.Series:
    """The column, without infinite numbers where `missing` holds `inf`.

    Raises:
        DataError: it holds an infinite number, with its row.
    """
    if not column.dtype.is_float():
        return column
    if not (infinite := column.is_infinite()).any():
        return column
    infinite = infinite.fill_null(False)
    if missing & {"inf", "Inf", "-inf", "Infinity"}:
        return column.set(infinite, None)
    rows = infinite.arg_true()
    others = f", and so do {len(rows) - 1:,} more rows" if len(rows) > 1 else ""
    raise DataError(
        f"column {column.name!r} holds an infinite number in {place.of(int(rows[0]))}{others}",
        hint="correct it, or add 'inf' to `missing` to read it as a missing value",
        where=place.source,
    )

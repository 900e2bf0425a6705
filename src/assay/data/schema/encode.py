"""A whole column of raw values to float64: by polars where the type is as expected, else value by value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from assay.core.errors import DataError
from assay.data.reading.dtypes import without_stand_ins
from assay.data.reading.epochs import numbered_dates
from assay.data.reading.spelling import Spelling
from assay.data.schema.values import (
    Parser,
    parse_boolean,
    parse_date,
    parse_number,
    parse_number_or_boolean,
    parse_numbered_date,
    shown,
)
from assay.data.schema.written import typed

Values = pl.Series | Sequence[Any]


def encode_column(values: Values, parse: Parser, name: str, spelling: Spelling | None = None) -> np.ndarray:
    """(N,) float64, NaN for missing.

    Args:
        values: of one column.
        parse: reads one of them.
        name: of the column.
        spelling: how the values were written in the training file, where that is known.

    Raises:
        DataError: a value cannot be read; names its row, counted from 1, and the column.
    """
    if not isinstance(values, pl.Series):
        return encode_each(typed(values, spelling), parse, name)
    if spelling is not None:
        values = without_stand_ins(values, spelling.missing)
    if parse in (parse_number, parse_number_or_boolean) and values.dtype.is_numeric():
        return _finite(values.cast(pl.Float64).to_numpy(), name)
    if parse is parse_boolean and values.dtype == pl.Boolean:
        return values.cast(pl.Float64).to_numpy()
    is_date = parse in (parse_date, parse_numbered_date)
    if is_date and values.dtype.is_integer():
        dates = numbered_dates(values)
        values = values if dates is None else dates
    if is_date and values.dtype in (pl.Date, pl.Datetime):
        return _epoch(values)
    return _encode_distinct(values, parse, name, spelling)


def encode_each(values: Sequence[Any], parse: Parser, name: str) -> np.ndarray:
    """`encode_column` for values of any type, one after the other."""
    numbers = np.empty(len(values))
    for row, value in enumerate(values):
        try:
            numbers[row] = parse(value)
        except ValueError as error:
            raise unreadable(error, row, name) from None
    return numbers


def unreadable(error: ValueError, row: int, name: str) -> DataError:
    """The error for a value in row `row` (from 0) that a parser refused."""
    hint = "leave the value empty if it is missing"
    return DataError(str(error), hint=hint, where=f"row {row + 1}, column {name!r}")


def _encode_distinct(values: pl.Series, parse: Parser, name: str, spelling: Spelling | None) -> np.ndarray:
    """Parse each distinct value once: a long column of text holds few."""
    if values.dtype == pl.Object:
        return encode_each(typed(values.to_list(), spelling), parse, name)
    distinct = values.drop_nulls().unique()
    try:
        numbers = pl.Series([parse(v) for v in typed(distinct.to_list(), spelling)], dtype=pl.Float64)
    except ValueError:
        return encode_each(typed(values.to_list(), spelling), parse, name)  # finds the row and says so
    if numbers.is_empty():
        return np.full(len(values), np.nan)
    return values.replace_strict(distinct, numbers, default=None, return_dtype=pl.Float64).to_numpy()


def _epoch(values: pl.Series) -> np.ndarray:
    microseconds = values.cast(pl.Datetime("us")) if values.dtype == pl.Date else values
    return microseconds.dt.epoch("us").cast(pl.Float64).to_numpy() / 1e6


def _finite(numbers: np.ndarray, name: str) -> np.ndarray:
    infinite = np.isinf(numbers)
    if infinite.any():
        row = int(infinite.argmax())
        raise unreadable(ValueError(f"{shown(numbers[row])} is not a finite number"), row, name)
    return numbers

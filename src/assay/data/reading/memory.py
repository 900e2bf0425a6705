"""Rows that are in memory already: polars and pandas frames, NumPy arrays, dictionaries of columns."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from assay.core.errors import DataError
from assay.data.reading.raw import Place, Raw

if TYPE_CHECKING:
    import pandas as pd


def read_memory(source: object) -> Raw:
    """Take rows from memory.

    Args:
        source: a polars DataFrame or LazyFrame, a pandas DataFrame, a NumPy array (2-D, columns `x0`, `x1`,
            ...; or 1-D with named fields), or a dictionary of equally long columns.

    Raises:
        DataError: it is something else, or a column mixes types.
    """
    if isinstance(source, pl.LazyFrame):
        source = _collected(source)
    if isinstance(source, pl.DataFrame):
        return Raw(source, Place("polars frame"))
    if isinstance(source, np.ndarray):
        return Raw(_from_numpy(source), Place("NumPy array"))
    if isinstance(source, Mapping):
        return Raw(_from_mapping(source), Place("dictionary"))
    pandas = sys.modules.get("pandas")  # who has a pandas frame has imported pandas
    if pandas is not None and isinstance(source, pandas.DataFrame):
        return Raw(_from_pandas(source), Place("pandas frame"))
    raise DataError(
        f"rows cannot be read from {type(source).__name__!r}",
        hint="pass a file's path, a pandas or polars frame, a 2-D NumPy array or a dictionary of columns",
    )


def _collected(frame: pl.LazyFrame) -> pl.DataFrame:
    try:
        return frame.collect()
    except pl.exceptions.PolarsError as error:
        raise DataError(f"the lazy frame cannot be computed: {str(error).splitlines()[0]}") from error


def _from_numpy(array: np.ndarray) -> pl.DataFrame:
    if array.dtype.names:
        if array.ndim != 1:
            raise DataError(f"the structured array has {array.ndim} dimensions, and 1 was expected")
        return _frame({name: array[name] for name in array.dtype.names}, "NumPy array")
    if array.ndim != 2:
        raise DataError(
            f"the array has shape {array.shape}, and 2 dimensions (rows, columns) were expected",
            hint="a single column is array.reshape(-1, 1)",
        )
    return _frame({f"x{number}": array[:, number] for number in range(array.shape[1])}, "NumPy array")


def _from_mapping(source: Mapping[Any, Any]) -> pl.DataFrame:
    lengths = {str(name): _length(str(name), column) for name, column in source.items()}
    if len(set(lengths.values())) > 1:
        shown = ", ".join(f"{name!r} {length}" for name, length in list(lengths.items())[:5])
        raise DataError(f"the columns have different lengths: {shown}", where="dictionary")
    return _frame(source, "dictionary")


def _length(name: str, column: object) -> int:
    if isinstance(column, str | bytes) or not hasattr(column, "__len__"):
        raise DataError(
            f"column {name!r} is {column!r}, and a list of values was expected", where="dictionary"
        )
    return len(column)


def _from_pandas(frame: pd.DataFrame) -> pl.DataFrame:
    if frame.columns.nlevels > 1:
        raise DataError(
            f"the names of the columns have {frame.columns.nlevels} levels, and 1 was expected",
            hint="join them: frame.columns = ['_'.join(map(str, names)) for names in frame.columns]",
            where="pandas frame",
        )
    names = [str(name) for name in frame.columns]
    double = next((name for name in names if names.count(name) > 1), None)
    if double is not None:
        raise DataError(f"two columns are called {double!r}", hint="rename one of them", where="pandas frame")
    return _frame({name: frame.iloc[:, at] for at, name in enumerate(names)}, "pandas frame")


def _frame(columns: Mapping[Any, Any], source: str) -> pl.DataFrame:
    return pl.DataFrame([_series(str(name), column, source) for name, column in columns.items()])


def _series(name: str, column: Any, source: str) -> pl.Series:
    try:
        if isinstance(column, np.ma.MaskedArray):
            return pl.Series(name, column.tolist())
        if isinstance(column, np.ndarray) and column.dtype.kind in "OSUM":
            column = column.astype("datetime64[us]") if column.dtype.kind == "M" else column.tolist()
        if type(column).__module__.startswith("pandas") and str(column.dtype) == "object":
            column = [None if _is_missing(value) else value for value in column]
        return pl.Series(name, column, nan_to_null=True)
    except Exception as error:  # polars, pyarrow and pandas each raise their own
        raise DataError(
            f"column {name!r} mixes types, or holds no numbers, texts or dates{_mixed(column)}",
            hint="make its values all numbers or all texts",
            where=source,
        ) from error


def _is_missing(value: object) -> bool:
    return value is None or value != value or type(value).__name__ in {"NAType", "NaTType"}  # noqa: PLR0124 NaN


def _mixed(column: Any) -> str:
    """The first row whose value has another type than the values above it."""
    values = list(column)
    kinds = [type(value).__name__ for value in values]
    first = next((kind for kind, value in zip(kinds, values, strict=True) if value is not None), "")
    for row, (kind, value) in enumerate(zip(kinds, values, strict=True), start=1):
        if value is not None and kind != first:
            return f": row {row} holds {kind} {value!r}, above it {first}"
    return ""

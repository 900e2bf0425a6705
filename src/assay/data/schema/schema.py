"""The columns that a bundle takes, in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import polars as pl

from assay.core.errors import DataError, did_you_mean
from assay.data.reading.spelling import Spelling
from assay.data.schema.encode import Values
from assay.data.schema.input_column import InputColumn
from assay.data.schema.values import shown
from assay.data.table import Table


@dataclass(frozen=True)
class Schema:
    """The C feature columns of a bundle; turns raw values into a float64 matrix and says what is odd in it.

    The raw matrix, (N, C) float64: numbers and numeric codes as they are, a text category as its index in
    `InputColumn.levels` (-1 when no training row had it), a boolean as 0 or 1, a date as seconds since
    1970-01-01; NaN where a value is missing.
    """

    columns: tuple[InputColumn, ...]

    @classmethod
    def of(cls, table: Table) -> Self:
        """The schema of a table's features, described by its rows (give training rows only).

        Raises:
            DataError: no feature, or values that cannot have their column's kind.
        """
        if not table.features:
            raise DataError("no column is left to learn from", hint="see `assay inspect`", where=table.name)
        return cls(
            tuple(
                InputColumn.of(column, table.frame[column.name], table.spellings.get(column.name))
                for column in table.features
            )
        )

    def __len__(self) -> int:
        return len(self.columns)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def spellings(self) -> dict[str, Spelling]:
        """How the columns were written in the training file, by name, where that is known."""
        return {column.name: column.spelling for column in self.columns if column.spelling is not None}

    def encode(self, source: Any) -> np.ndarray:
        """The raw matrix of some rows.

        Args:
            source: a polars or pandas frame, a Table, a 2-D array, or a list of rows; a row is a list in
                column order or a dictionary by name. Columns that the schema doesn't have are left aside.

        Returns:
            (N, C) float64, NaN for missing.

        Raises:
            DataError: a column is missing, a row is too short or too long, or a value cannot be read; the
                message names the row, counted from 1, and the column.
        """
        if isinstance(source, Table):
            return self._encode_columns(source.frame, source.name)
        if isinstance(source, pl.DataFrame):
            return self._encode_columns(source)
        if hasattr(source, "iloc") and hasattr(source, "columns"):
            return self._encode_columns(_PandasColumns(source))
        if isinstance(source, np.ndarray) and source.ndim == 2:
            source = source.tolist()
        if isinstance(source, str | bytes | Mapping) or not isinstance(source, Sequence):
            raise DataError(
                f"a {type(source).__name__} is not a table",
                hint="give a data frame, a list of rows, or a list of dictionaries by column name",
            )
        return self._encode_rows(source)

    def _encode_columns(self, frame: Any, where: str = "") -> np.ndarray:
        known = list(map(str, frame.columns))
        raw_NC = np.empty((len(frame), len(self)))
        for index, column in enumerate(self.columns):
            if column.name not in known:
                raise _no_column(column.name, known, where)
            raw_NC[:, index] = column.encode(frame[column.name])
        return raw_NC

    def _encode_rows(self, rows: Sequence[Any]) -> np.ndarray:
        ordered = [self._in_order(row, number) for number, row in enumerate(rows)]
        raw_NC = np.empty((len(rows), len(self)))
        for index, column in enumerate(self.columns):
            raw_NC[:, index] = column.encode([row[index] for row in ordered])
        return raw_NC

    def _in_order(self, row: Any, number: int) -> Sequence[Any]:
        where = f"row {number + 1}"
        if isinstance(row, Mapping):
            try:
                return [row[name] for name in self.names]
            except KeyError as error:
                raise _no_column(str(error.args[0]), list(map(str, row)), where) from None
        if isinstance(row, str | bytes) or not isinstance(row, Sequence | np.ndarray):
            raise DataError(
                f"{shown(row)} is not a row",
                hint="a row is a list, or a dictionary by column name",
                where=where,
            )
        if len(row) != len(self):
            hint = f"the columns are {', '.join(self.names)}"
            raise DataError(f"{len(row)} values where {len(self)} were expected", hint=hint, where=where)
        return list(row)

    def warnings(self, raw_NC: np.ndarray) -> list[list[str]]:
        """What no training row had, row by row: an unknown category, a number out of range, no value."""
        found: list[list[str]] = [[] for _ in raw_NC]
        for column, raw_N in zip(self.columns, np.asarray(raw_NC, dtype=np.float64).T, strict=True):
            for row, message in _oddities(column, raw_N):
                found[row].append(f"column {column.name!r}: {message}")
        return found

    def to_json(self) -> list[dict[str, Any]]:
        """The columns as plain values."""
        return [column.to_json() for column in self.columns]

    @classmethod
    def from_json(cls, values: Sequence[Mapping[str, Any]]) -> Self:
        """The schema that `to_json` wrote."""
        return cls(tuple(InputColumn.from_json(column) for column in values))


def _oddities(column: InputColumn, raw_N: np.ndarray) -> list[tuple[int, str]]:
    missing_N = np.isnan(raw_N)
    if column.missing:
        odd = []
    else:
        odd = [(row, "missing, and no training row was") for row in np.flatnonzero(missing_N).tolist()]
    if column.is_category or column.levels:
        known = column.codes if column.is_category else np.arange(len(column.levels))
        for row in np.flatnonzero(~missing_N & ~np.isin(raw_N, known)).tolist():
            odd.append((row, f"{column.label(raw_N[row])} was not seen in training"))
    elif column.low is not None and column.high is not None:
        span = f"{column.label(column.low)} to {column.label(column.high)}"
        for row in np.flatnonzero((raw_N < column.low) | (raw_N > column.high)).tolist():
            odd.append((row, f"{column.label(raw_N[row])} is outside the training range, {span}"))
    return odd


def _no_column(name: str, known: Sequence[str], where: str) -> DataError:
    return DataError(f"there is no column {name!r}", hint=did_you_mean(name, known), where=where)


class _PandasColumns:
    """A pandas frame that gives its columns as polars series, or as lists where types are mixed."""

    def __init__(self, frame: Any) -> None:
        self._position = {str(name): index for index, name in enumerate(frame.columns)}
        self._frame = frame
        self.columns = list(self._position)

    def __len__(self) -> int:
        return len(self._frame)

    def __getitem__(self, name: str) -> Values:
        values = self._frame.iloc[:, self._position[name]]
        if values.dtype.kind in "iufb" and isinstance(values.dtype, np.dtype):
            return pl.Series(name, values.to_numpy())
        if values.dtype.kind == "M" and isinstance(values.dtype, np.dtype):
            return pl.Series(name, values.to_numpy().astype("datetime64[us]"))
        return list(values.tolist())

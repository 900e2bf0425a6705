"""The columns of an exported bundle: raw rows of any kind to one matrix, without torch and polars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from assay.core.errors import DataError, did_you_mean
from assay.data.reading.settings import MISSING
from assay.data.schema.values import shown
from assay.export.portable.choices import Choices
from assay.export.portable.column import PortableColumn
from assay.export.portable.meaning import Meaning
from assay.export.portable.records import read_records


class PortableSchema:
    """The C columns of a bundle; the face of `assay.data.schema.Schema`.

    Args:
        columns: the entry `columns` of schema.json.
    """

    def __init__(self, columns: Sequence[Mapping[str, Any]]) -> None:
        self.columns = [PortableColumn(record) for record in columns]
        self.names = tuple(column.name for column in self.columns)
        self._readers = [column.usual for column in self.columns]

    def __len__(self) -> int:
        return len(self.columns)

    def encode(self, source: Any, choices: Choices | None = None) -> np.ndarray:
        """The raw matrix of some rows.

        Args:
            source: the path of a CSV file, a 2-D array, or a list of rows; a row is a list in column order or
                a dictionary by name. Columns that the schema doesn't have are left aside.
            choices: how a file is read; absent, as its training file was.

        Returns:
            (N, C) float64, NaN for missing.

        Raises:
            DataError: a column is missing, a row is too short or too long, or a value cannot be read; the
                message names the row, counted from 1, and the column.
        """
        if isinstance(source, str | PathLike):
            return self._encode_file(Path(source), choices)
        if isinstance(source, np.ndarray) and source.ndim == 2:
            source = source.tolist()
        if isinstance(source, bytes | Mapping) or not isinstance(source, Sequence):
            raise DataError(
                f"a {type(source).__name__} is not a table",
                hint="give the path of a CSV file, a list of rows, or a list of dictionaries by column name",
            )
        ordered = [self._in_order(row, number) for number, row in enumerate(source, start=1)]
        usual = self._usual(ordered)
        if usual is not None:
            return usual
        raw_NC = np.empty((len(ordered), len(self)))
        for index, column in enumerate(self.columns):
            raw_NC[:, index] = column.encode([row[index] for row in ordered])
        return raw_NC

    def _usual(self, rows: Sequence[Sequence[Any]]) -> np.ndarray | None:
        """The matrix where every value is a usual one: a third of the time for a single row."""
        numbers = []
        try:
            for row in rows:
                numbers.append([read(value) for read, value in zip(self._readers, row, strict=True)])
                if None in numbers[-1]:
                    return None
        except TypeError:  # a value that cannot be looked up
            return None
        return np.array(numbers, dtype=np.float64).reshape(len(rows), len(self))

    def warnings(self, raw_NC: np.ndarray) -> list[list[str]]:
        """What no training row had, row by row: an unknown category, a number out of range, no value."""
        found = []
        for row in np.asarray(raw_NC, dtype=np.float64).tolist():
            odd = [
                (c.name, said)
                for c, value in zip(self.columns, row, strict=True)
                if (said := c.oddity(value))
            ]
            found.append([f"column {name!r}: {said}" for name, said in odd])
        return found

    def _encode_file(self, path: Path, choices: Choices | None) -> np.ndarray:
        choices = choices or Choices()
        choices = replace(choices, missing=choices.missing or self._missing())
        records = read_records(path, choices)
        meaning = Meaning(choices, records.decimal, records.place)
        named = [column for column in self.columns if column.name in records.names]
        values = {c.name: meaning.of(c.name, records.column(c.name), c.spelling) for c in named}
        raw_NC = np.empty((len(records.columns[0]), len(self)))
        for index, column in enumerate(self.columns):
            if column.name not in values:
                raise _no_column(column.name, records.names, path.name)
            try:
                raw_NC[:, index] = column.encode_file(values[column.name])
            except DataError as error:
                where = f"{path.name}, {error.where}"
                raise DataError(error.message, hint=error.hint, where=where) from error
        return raw_NC

    def _missing(self) -> tuple[str, ...]:
        """What stood for a missing value in the training file; a setting of a whole file."""
        known = (column.spelling.missing for column in self.columns if column.spelling is not None)
        return tuple(dict.fromkeys(word for words in known for word in words)) or MISSING

    def _in_order(self, row: Any, number: int) -> Sequence[Any]:
        if isinstance(row, Mapping):
            try:
                return [row[name] for name in self.names]
            except KeyError as error:
                raise _no_column(str(error.args[0]), list(map(str, row)), f"row {number}") from None
        if isinstance(row, str | bytes) or not isinstance(row, Sequence | np.ndarray):
            hint = "a row is a list, or a dictionary by column name"
            raise DataError(f"{shown(row)} is not a row", hint=hint, where=f"row {number}")
        if len(row) != len(self):
            hint = f"the columns are {', '.join(self.names)}"
            message = f"{len(row)} values where {len(self)} were expected"
            raise DataError(message, hint=hint, where=f"row {number}")
        return list(row)


def _no_column(name: str, known: Sequence[str], where: str) -> DataError:
    return DataError(f"there is no column {name!r}", hint=did_you_mean(name, known), where=where)

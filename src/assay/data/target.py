"""The target: values of a regression, or class numbers that stand for the user's own labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import polars as pl

from assay.core.errors import DataError
from assay.core.task import Task
from assay.data.schema.values import FALSE_WORDS, TRUE_WORDS, is_missing, parse_number, shown
from assay.data.table import Table

Label = str | int | float | bool
_SHOWN_LABELS = 10


@dataclass(frozen=True)
class Target:
    """What a network predicts.

    Attributes:
        name: the target column.
        task: regression, binary or multiclass.
        labels: the classes of the training rows as the user wrote them, by class number: numbers ascending,
            texts alphabetical, no before yes. For a binary task number 1 is the positive class.
    """

    name: str
    task: Task
    labels: tuple[Label, ...] = ()

    @classmethod
    def of(cls, table: Table, rows: Sequence[int] | np.ndarray) -> Self:
        """The target of `table` as its training rows show it.

        Args:
            table: with a target column and a task.
            rows: row numbers of the training rows, from 0; no other row is looked at.

        Raises:
            DataError: no target, fewer than two classes, or more than two for a binary task.
        """
        column, task = table.target, table.task
        if column is None or task is None:
            raise DataError("no target column is named", hint="name it with --target", where=table.name)
        if not task.is_classification:
            return cls(column.name, task)
        seen = table.frame[column.name][np.asarray(rows, dtype=np.int64)].drop_nulls().unique().to_list()
        labels = tuple(sorted({_plain(value) for value in seen if not is_missing(value)}, key=_order))
        where = f"column {column.name!r}"
        if len(labels) < 2:
            found = f"only the class {labels[0]!r}" if labels else "no class"
            raise DataError(f"the training rows have {found}; a classifier needs two", where=where)
        if task is Task.BINARY and len(labels) > 2:
            raise DataError(
                f"the task is binary and the training rows have {len(labels)} classes: {_listed(labels)}",
                hint="set the task to multiclass",
                where=where,
            )
        return cls(column.name, task, labels)

    @property
    def num_outputs(self) -> int:
        """Number of classes; 1 for regression."""
        return len(self.labels) or 1

    def encode(
        self, values: pl.Series | np.ndarray | Sequence[Any], rows: Sequence[int] | np.ndarray | None = None
    ) -> np.ndarray:
        """Values in the target's unit, (N,) float64, or class numbers, (N,) int64.

        Args:
            values: the target as the user writes it.
            rows: row numbers of the values in the data file, from 0, for messages; absent: 0 to N - 1.

        Raises:
            DataError: a value is missing, is not a number, or is a class that no training row had.
        """
        plain = values.to_list() if isinstance(values, pl.Series) else list(values)
        if not self.task.is_classification:
            return self._encode_numbers(values, plain, rows)
        numbers = {label: number for number, label in enumerate(self.labels)}
        found = [self._number(value, numbers) for value in plain]
        if None in found:
            raise self._refused(plain[found.index(None)], found.index(None), rows)
        return np.array(found, dtype=np.int64)

    def _number(self, value: Any, numbers: Mapping[Label, int]) -> int | None:
        if is_missing(value):
            return None
        label = _plain(value)
        return numbers.get(label)

    def _encode_numbers(self, values: Any, plain: list[Any], rows: Any) -> np.ndarray:
        if isinstance(values, pl.Series) and values.dtype.is_numeric():
            numbers = values.cast(pl.Float64).to_numpy().copy()
        else:
            numbers = np.array([_number_or_nan(value) for value in plain], dtype=np.float64)
        bad = ~np.isfinite(numbers)
        if bad.any():
            raise self._refused(plain[int(bad.argmax())], int(bad.argmax()), rows)
        return numbers

    def _refused(self, value: Any, position: int, rows: Any) -> DataError:
        row = position if rows is None else int(rows[position])
        where = f"row {row + 1}, column {self.name!r}"
        if is_missing(value):
            return DataError("the target is missing", hint="remove the row", where=where)
        if not self.task.is_classification:
            return DataError(f"{shown(value)} is not a finite number", where=where)
        return DataError(
            f"the class {shown(value)} is in none of the training rows, which have {_listed(self.labels)}",
            hint="add rows of this class, or leave it out",
            where=where,
        )

    def decode(self, numbers: np.ndarray | Sequence[int]) -> list[Label]:
        """The user's labels of (N,) class numbers."""
        return [self.labels[number] for number in np.asarray(numbers, dtype=np.int64).tolist()]

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"name": self.name, "task": self.task.value, "labels": list(self.labels)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """The target that `to_json` wrote."""
        return cls(values["name"], Task(values["task"]), tuple(values["labels"]))


def _plain(value: Any) -> Label:
    """A class as a Python value that JSON can hold."""
    plain = value.item() if isinstance(value, np.generic) else value
    if isinstance(plain, float) and plain.is_integer():
        return int(plain)
    return plain if isinstance(plain, str | bool | int | float) else str(plain)


def _order(label: Label) -> tuple[bool, bool, float, str]:
    """Numbers ascending, then texts; words for no stand before all others."""
    if not isinstance(label, str):
        return (False, False, float(label), "")
    word = label.strip().lower()
    return (True, word not in FALSE_WORDS, float(word in TRUE_WORDS), label)


def _listed(labels: Sequence[Label]) -> str:
    more = f" and {len(labels) - _SHOWN_LABELS} more" if len(labels) > _SHOWN_LABELS else ""
    return ", ".join(repr(label) for label in labels[:_SHOWN_LABELS]) + more


def _number_or_nan(value: Any) -> float:
    try:
        return parse_number(value)
    except ValueError:
        return np.nan

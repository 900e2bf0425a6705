"""Reads what people said from a table's columns.

Shapes: N rows, K classes, A people.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from assay.core.errors import DataError, RecipeError
from assay.data.table import Table
from assay.data.target import Target


def soft_labels(tables: Sequence[Table], columns: Sequence[str], target: Target) -> np.ndarray | None:
    """(N, K) shares of people who said each class, the tables' rows one after the other; NaN where missing.

    Args:
        tables: training and validation rows.
        columns: one column with the share of the second of two classes, or K columns in the order of labels;
            none: None is returned.
        target: with the K labels.

    Raises:
        RecipeError: the target has no classes, or the number of columns fits neither.
        DataError: no such column, or a value that is no share.
    """
    if not columns:
        return None
    num_classes = len(target.labels)
    if num_classes == 0:
        raise RecipeError(
            "soft labels are for classes, and the target is a quantity", where="floor.soft_labels"
        )
    if len(columns) != num_classes and not (len(columns) == 1 and num_classes == 2):
        expected = "1 column, or 2" if num_classes == 2 else f"{num_classes}, one a class"
        raise RecipeError(f"{len(columns)} columns, expected {expected}", where="floor.soft_labels")
    shares = np.concatenate([_shares(table, columns) for table in tables])
    return np.column_stack([1.0 - shares[:, 0], shares[:, 0]]) if len(columns) == 1 else shares


def _shares(table: Table, columns: Sequence[str]) -> np.ndarray:
    values = np.column_stack([_numbers(table, name) for name in columns])
    wrong = np.argwhere((values < 0.0) | (values > 1.0))
    if len(wrong):
        row, column = wrong[0]
        at = table.in_source(np.array([row]))[0] + 1
        raise DataError(
            f"{values[row, column]:g} is no share of people, which lies between 0 and 1",
            where=f"{table.name}, row {at}, column {columns[column]!r}",
        )
    return values


def repeated_labels(tables: Sequence[Table], columns: Sequence[str], target: Target) -> np.ndarray | None:
    """(N, A) other people's answers, class numbers or values, the tables' rows one after the other.

    NaN where nobody answered, or answered a class that no training row has; None without columns.

    Raises:
        DataError: no such column.
    """
    if not columns:
        return None
    return np.concatenate(
        [np.column_stack([_answers(table, name, target) for name in columns]) for table in tables]
    )


def _answers(table: Table, name: str, target: Target) -> np.ndarray:
    if not target.task.is_classification:
        return _numbers(table, name)
    table.column(name)
    answers = table.frame[name]
    known = {value: number for value, number in _codes(answers, target).items() if number is not None}
    return np.array([known.get(value, np.nan) for value in answers.to_list()], dtype=np.float64)


def _codes(answers: pl.Series, target: Target) -> dict[object, int | None]:
    codes: dict[object, int | None] = {}
    for value in answers.drop_nulls().unique().to_list():
        try:
            codes[value] = int(target.encode([value])[0])
        except DataError:
            codes[value] = None
    return codes


def _numbers(table: Table, name: str) -> np.ndarray:
    table.column(name)
    try:
        numbers = table.frame[name].cast(pl.Float64)
    except pl.exceptions.InvalidOperationError as error:
        raise DataError(
            "the column holds texts, expected numbers", where=f"{table.name}, column {name!r}"
        ) from error
    return np.asarray(numbers.fill_null(float("nan")).to_numpy(), dtype=np.float64)

"""What the target asks for: a quantity, one of two classes, or one of several."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from assay.core.errors import DataError
from assay.core.task import Task

_FEW_NUMBERS = 20  # different whole numbers up to which a target is taken for classes
_ENOUGH_ROWS = 5  # rows for each class, below which numbers are taken for a quantity
_MANY_TEXTS = 0.5  # share of different texts among the rows from which on they are no classes


class _Target(NamedTuple):
    """What decides: rows with a value, different values, whether all are whole, and their range."""

    rows: int
    unique: int
    is_number: bool
    is_whole: bool
    low: float
    high: float


def infer_task(values: pl.Series, given: Task | None = None) -> Task:
    """The task that a target asks for.

    Two values are two classes. Text is classes. Whole numbers are classes when there are at most 20 of them,
    close together (at most every second number is left out), and five rows of each on average: grades from 1
    to 10 and digits are classes, amounts in steps of ten and years are quantities. All else is a quantity.

    Args:
        values: the target; missing values are not looked at.
        given: what the user states; it is checked.

    Raises:
        DataError: every value is missing, there is only one, or the values don't fit the task.
    """
    target = _look(values)
    if given is not None:
        _check(values.name, target, given)
        return given
    if target.unique == 2:
        return Task.BINARY
    if not target.is_number:
        _check(values.name, target, Task.MULTICLASS)
        return Task.MULTICLASS
    span = target.high - target.low + 1
    is_few = target.unique <= _FEW_NUMBERS and target.rows >= _ENOUGH_ROWS * target.unique
    if target.is_whole and is_few and span <= 2 * target.unique:
        return Task.MULTICLASS
    return Task.REGRESSION


def likely_task(values: pl.Series, given: Task | None = None) -> Task | None:
    """The task that rows ask for of which only some will train; None where they do not fit it, or any."""
    if given is not None:
        return given if given.is_classification or values.dtype.is_numeric() else None
    try:
        return infer_task(values)
    except DataError:
        return None


def task_reason(values: pl.Series, task: Task) -> str:
    """Why this task was inferred, one clause that names the way out where there is one."""
    target = _look(values)
    if task is Task.BINARY:
        return f"{task}: two different values"
    if not target.is_number:
        return f"{task}: {target.unique:,} different texts"
    what = "whole numbers" if target.is_whole else "numbers"
    numbers = f"{target.unique:,} {what} from {target.low:g} to {target.high:g}"
    if task is Task.MULTICLASS:
        return f"{task}: only {numbers} (set task = regression if they are a quantity)"
    return f"{task}: {numbers}"


def _look(values: pl.Series) -> _Target:
    name, filled = values.name, values.drop_nulls()
    if filled.dtype.is_temporal():
        raise DataError(
            f"the target {name!r} holds dates, and numbers or classes were expected",
            hint="predict a number of days, or a class",
        )
    if not len(filled):
        raise DataError(f"every value of the target {name!r} is missing")
    unique = filled.n_unique()
    if unique == 1:
        raise DataError(
            f"the target {name!r} holds only the value {filled[0]!r}: there is nothing to learn",
            hint="name another target",
        )
    if not filled.dtype.is_numeric():
        return _Target(len(filled), unique, False, False, 0.0, 0.0)
    is_whole = bool((filled == filled.floor()).all()) if filled.dtype.is_float() else True
    low, high = float(filled.min()), float(filled.max())  # type: ignore[arg-type]
    return _Target(len(filled), unique, True, is_whole, low, high)


def _check(name: str, target: _Target, task: Task) -> None:
    if task is Task.REGRESSION and not target.is_number:
        raise DataError(
            f"the target {name!r} holds text or yes/no, and regression wants numbers", hint="set another task"
        )
    if task is Task.BINARY and target.unique != 2:
        raise DataError(
            f"the target {name!r} holds {target.unique:,} different values, and a binary task wants two",
            hint="set task = multiclass or regression",
        )
    if task is Task.MULTICLASS and target.unique > max(_MANY_TEXTS * target.rows, 2):
        raise DataError(
            f"the target {name!r} holds {target.unique:,} different values in {target.rows:,} rows: "
            "too many for classes",
            hint="name another target" if not target.is_number else "set task = regression",
        )

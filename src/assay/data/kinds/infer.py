"""What each column is: its kind, its role, and the reason in one clause."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from assay.core.task import Task
from assay.data.column import Column, Kind, Role
from assay.data.kinds.codes import names_categories, names_keys, names_rows, names_years, says_yes_or_no
from assay.data.kinds.facts import Facts, column_facts
from assay.data.kinds.settings import KindSettings
from assay.data.kinds.stated import check_stated
from assay.data.kinds.task import infer_task, task_reason
from assay.data.table import Table

AS_STATED = "as you stated"
_FEW = 12  # different whole numbers up to which a column may be codes or steps of a scale
_NARROW = 20  # span of such numbers: codes and answers are numbered close together, amounts are not
_ENOUGH_ROWS = 5  # rows for each different value, below which nothing can be said about codes
_MANY_ROWS = 20  # rows from which on "all values are different" tells an identifier
_CODES_UP_TO = 30  # different whole numbers up to which a name like `status` makes them codes

Verdict = tuple[Kind, str, bool]


def infer_columns(frame: pl.DataFrame, target: str | None, settings: KindSettings) -> tuple[Column, ...]:
    """Kind and role of every column; what the user states holds, the rest is inferred from the values.

    Args:
        frame: columns of numbers, String, Boolean, Date or Datetime.
        target: the target's name, if there is one.
        settings: stated kinds and roles.

    Raises:
        DataError: a stated kind does not fit the values.
    """
    facts = column_facts(frame)
    return tuple(_column(frame[name], facts[name], target, settings) for name in frame.columns)


def settle_kinds(table: Table, rows: np.ndarray, settings: KindSettings) -> Table:
    """The same table, with every inferred kind and the task decided again from these rows alone.

    So that no row outside the training rows decides anything; what the user stated stays.

    Args:
        table: as it was read.
        rows: (N,) row numbers, the training rows.
        settings: with which the table was read.
    """
    frame = table.frame[rows]
    target = table.target.name if table.target else None
    settled = infer_columns(frame, target, settings)
    columns = tuple(
        old if old.kind is Kind.IMAGE else replace(new, role=old.role)
        for old, new in zip(table.columns, settled, strict=True)
    )
    task = None if target is None else infer_task(frame[target], settings.task)
    return replace(table, columns=columns, task=task)


def _column(values: pl.Series, facts: Facts, target: str | None, settings: KindSettings) -> Column:
    name = values.name
    role = _role(name, target, settings)
    stated = settings.kinds.get(name, Kind.ORDINAL if name in settings.levels else None)
    if stated is not None:
        check_stated(values, stated, settings.levels.get(name))
        return Column(name, stated, role, AS_STATED, levels=settings.levels.get(name, ()))
    if role is Role.TARGET:
        return _target(values, facts, settings.task)
    kind, why, likely_codes = _kind(name, values, facts)
    return Column(name, kind, role, why, likely_codes)


def _role(name: str, target: str | None, settings: KindSettings) -> Role:
    if name == target:
        return Role.TARGET
    if name in settings.ignore:
        return Role.IGNORED
    if name == settings.time:
        return Role.TIME
    return Role.GROUP if name == settings.group else Role.FEATURE


def _target(values: pl.Series, facts: Facts, given: Task | None) -> Column:
    task = infer_task(values, given)
    why = AS_STATED if given is not None else task_reason(values, task)
    kinds = {
        Task.REGRESSION: Kind.QUANTITATIVE,
        Task.BINARY: Kind.QUALITATIVE,
        Task.MULTICLASS: Kind.QUALITATIVE,
    }
    is_flag = facts.dtype == pl.Boolean or (facts.low, facts.high, facts.unique) == (0, 1, 2)
    kind = Kind.BOOLEAN if task is Task.BINARY and is_flag else kinds[task]
    return Column(values.name, kind, Role.TARGET, why)


def _kind(name: str, values: pl.Series, facts: Facts) -> Verdict:
    if not facts.rows or facts.unique == 1:
        what = f"the one value {_short(facts.low)}" if facts.rows else "every value is missing"
        return Kind.CONSTANT, what, False
    if facts.dtype.is_temporal():
        order = ", the rows are in time order" if values.drop_nulls().is_sorted() else ""
        return Kind.DATE, f"dates from {facts.low} to {facts.high}{order}", False
    if facts.dtype == pl.Boolean:
        return Kind.BOOLEAN, "true and false", False
    if facts.dtype == pl.String:
        return _text_kind(name, facts)
    if facts.unique is None or not facts.whole:
        return Kind.QUANTITATIVE, "numbers with fractions", False
    return _whole_kind(name, facts, facts.unique)


def _text_kind(name: str, facts: Facts) -> Verdict:
    unique = facts.unique or 0
    different = f"{unique:,} different texts in {facts.rows:,} rows"
    if unique == 2 and says_yes_or_no(facts.low, facts.high):
        return Kind.BOOLEAN, f"{_short(facts.low)} and {_short(facts.high)}", False
    if facts.rows >= _MANY_ROWS and unique > 0.5 * facts.rows:
        if facts.words > 3 or facts.length > 60:
            return Kind.TEXT, f"{different}, {facts.words:.0f} words each", False
        if unique > 0.9 * facts.rows or names_rows(name):
            return Kind.IDENTIFIER, different, False
    return Kind.QUALITATIVE, different, False


def _whole_kind(name: str, facts: Facts, unique: int) -> Verdict:
    low, high, span = int(facts.low), int(facts.high), int(facts.high) - int(facts.low) + 1
    different = f"{unique:,} whole numbers from {low:,} to {high:,}"
    if names_rows(name) and unique > max(0.5 * facts.rows, _FEW):
        return Kind.IDENTIFIER, f"{different} in {facts.rows:,} rows, and its name", False
    if _numbers_rows(facts, unique, span) and not names_years(name):
        return Kind.IDENTIFIER, f"{different} that count the rows", False
    if (low, high, unique) == (0, 1, 2):
        return Kind.BOOLEAN, "0 and 1", False
    if names_keys(name):
        return Kind.QUALITATIVE, f"{different} in a column of this name: likely codes without order", True
    if facts.rows >= _ENOUGH_ROWS * unique:
        codes = _codes(name, facts, unique, span)
        if codes is not None:
            return codes
    return Kind.QUANTITATIVE, different, False


def _numbers_rows(facts: Facts, unique: int, span: int) -> bool:
    """Whether the values rise without large gaps, as a counter does, also in a part of the rows."""
    return facts.counts_up and facts.rows >= _MANY_ROWS and unique == facts.rows and span <= 10 * unique


def _codes(name: str, facts: Facts, unique: int, span: int) -> Verdict | None:
    """Whether whole numbers, of which each stands in many rows, are codes or steps of a scale."""
    low, high = int(facts.low), int(facts.high)
    if unique == 2:
        return Kind.QUALITATIVE, f"only the numbers {low} and {high}: likely codes", True
    numbers = f"{unique} whole numbers from {low} to {high}"
    is_narrow = span <= _NARROW and unique <= _FEW
    if names_categories(name) and (is_narrow or unique <= _CODES_UP_TO):
        return Kind.QUALITATIVE, f"{numbers} in a column of this name: likely codes without order", True
    if not is_narrow:
        return None
    if low == 1 and high <= 10 and 2 < span <= 1.5 * unique:
        return Kind.ORDINAL, f"{numbers}: steps of a scale", False
    return Kind.ORDINAL, f"only {numbers}: steps or counts, but they may be codes", True


def _short(value: Any) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 40 else f"{text[:37]}..."

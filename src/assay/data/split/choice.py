"""Which method divides the rows, and why."""

from __future__ import annotations

from dataclasses import dataclass

from assay.core.errors import DataError
from assay.data.column import Kind
from assay.data.split.keys import dates_in_order
from assay.data.split.settings import SplitSettings
from assay.data.table import Table


@dataclass(frozen=True)
class Choice:
    """A method with the column that it goes by.

    Attributes:
        method: random, time or group.
        column: the group or time column; None for random.
        reason: one sentence.
        by_itself: nobody asked for this method; dates in order did.
    """

    method: str
    column: str | None
    reason: str
    by_itself: bool = False


def choose(table: Table, settings: SplitSettings) -> Choice:
    """The method asked for, or for `auto` the one that the table's roles and dates call for.

    Raises:
        DataError: the method needs a column that is not there.
    """
    if settings.method == "group":
        return _by_group(table)
    if settings.method == "time":
        return _by_time(table)
    if settings.method == "random":
        return Choice("random", None, "rows drawn by chance, as asked")
    return _from_table(table)


def _by_group(table: Table) -> Choice:
    if table.group is None:
        raise DataError(
            "a grouped split needs a group column", hint="name it: --group-column COLUMN", where=table.name
        )
    return Choice("group", table.group.name, f"whole groups of {table.group.name!r}, as asked")


def _by_time(table: Table) -> Choice:
    if table.time is not None:
        return Choice("time", table.time.name, f"in the order of {table.time.name!r}, as asked")
    dates = [column.name for column in table.columns if column.kind is Kind.DATE]
    name = dates_in_order(table) or (dates[0] if len(dates) == 1 else None)
    if name is None:
        found = f"{len(dates)} columns hold dates" if dates else "no column holds dates"
        raise DataError(
            f"a time-ordered split needs a time column, and {found}",
            hint="name it: --time-column COLUMN",
            where=table.name,
        )
    return Choice("time", name, f"in the order of {name!r}, the table's dates, as asked")


def _from_table(table: Table) -> Choice:
    if table.group is not None:
        name = table.group.name
        return Choice("group", name, f"whole groups of {name!r}, so that no group stands in two parts")
    if table.time is not None:
        name = table.time.name
        return Choice("time", name, f"in the order of {name!r}: the past trains, the latest rows test")
    ordered = dates_in_order(table)
    if ordered is not None:
        reason = f"the rows stand in the order of {ordered!r}: the past trains, the latest rows test"
        return Choice("time", ordered, reason, by_itself=True)
    return Choice("random", None, "rows drawn by chance: no group column, no time column, no dates in order")

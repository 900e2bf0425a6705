"""Whether the rows stand in the order of time."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import polars as pl

from assay.data.column import Column, Kind, Role
from assay.data.inspection.profile import moment, seconds
from assay.data.table import Table

_FORWARD = 0.99  # of the steps; a clock that is set back twice a year is still a clock
_FEWEST = 10  # different moments; below, an order is chance


@dataclass(frozen=True)
class TimeOrder:
    """The rows along a column of dates or, where the user named one as time, of numbers.

    Attributes:
        column: its name.
        first, last: the earliest and latest value as text.
        step_seconds: the median step between neighbours in time; None for numbers.
        is_ordered: at least 99 % of the steps from row to row don't go back (or 99 % don't go forward).
        echo: for a quantity, the correlation of the target with the previous row's, rows in time order; for
            a class, Cohen's kappa of neighbours (agreement beyond chance). None without a target.
    """

    column: str
    first: str
    last: str
    step_seconds: float | None
    is_ordered: bool
    echo: float | None

    def to_json(self) -> dict[str, object]:
        """Plain values."""
        return asdict(self)


def time_order(table: Table) -> TimeOrder | None:
    """The order by the time column, else by the first date that orders the rows, else by the first date."""
    found = [order for column in _candidates(table) if (order := _order(table, column)) is not None]
    return next((order for order in found if order.is_ordered), found[0] if found else None)


def _candidates(table: Table) -> list[Column]:
    if table.time is not None:
        return [table.time]
    return [column for column in table.columns if column.kind is Kind.DATE and column.role is Role.FEATURE]


def _order(table: Table, column: Column) -> TimeOrder | None:
    series = table.frame[column.name]
    is_date = series.dtype.is_temporal()
    if not is_date and not series.dtype.is_numeric():
        return None
    moments = (seconds(series) if is_date else series.cast(pl.Float64)).to_numpy()
    there = ~np.isnan(moments)
    moments = moments[there]
    if len(np.unique(moments)) < _FEWEST:
        return None
    steps = np.diff(moments)
    is_ordered = max((steps >= 0).mean(), (steps <= 0).mean()) >= _FORWARD
    in_time = np.argsort(moments, kind="stable")
    name = moment if is_date else "{:g}".format
    return TimeOrder(
        column=column.name,
        first=name(moments.min()),
        last=name(moments.max()),
        step_seconds=float(np.median(np.diff(moments[in_time]))) if is_date else None,
        is_ordered=bool(is_ordered),
        echo=_echo(table, np.flatnonzero(there)[in_time]),
    )


def _echo(table: Table, rows: np.ndarray) -> float | None:
    """How much a row's target says about the next row's: 0 nothing, 1 all."""
    if table.target is None or table.task is None:
        return None
    target = table.frame[table.target.name][rows].drop_nulls()
    if len(target) < _FEWEST or target.n_unique() < 2:
        return None
    if table.task.is_classification:
        classes = target.rank("dense").to_numpy()
        agreement = float((classes[1:] == classes[:-1]).mean())
        shares = np.unique(classes, return_counts=True)[1] / len(classes)
        chance = float((shares**2).sum())
        return (agreement - chance) / (1 - chance)
    values = target.cast(pl.Float64).to_numpy()
    with np.errstate(all="ignore"):
        echo = float(np.corrcoef(values[1:], values[:-1])[0, 1])
    return echo if np.isfinite(echo) else None

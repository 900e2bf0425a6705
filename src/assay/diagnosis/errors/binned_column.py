"""A column of a table as a rule can speak of it: a few bins, each with a name.

Shapes: N rows, M bins.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import polars as pl

from assay.data.column import Column, Kind, Role
from assay.data.table import Table
from assay.diagnosis.errors.round_edges import round_edges, roundest, roundest_moment

_MOST_LEVELS = 31  # the most frequent ones; the others are one bin
_NAMED = 4  # so many values are listed before a range says it shorter
RARE = "rare values"
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_USABLE = {Kind.QUANTITATIVE, Kind.ORDINAL, Kind.QUALITATIVE, Kind.BOOLEAN, Kind.DATE}


@dataclass(frozen=True, eq=False)
class BinnedColumn:
    """A column in bins.

    Attributes:
        name: as in the file; of a part of a date "hour of 'date'".
        bins: (N,) int64 bin numbers, -1 where the value is missing.
        names: of the M bins: a value, or for bins of a range the edge that its values do not exceed.
        is_ordered: the bins follow each other; a rule then takes neighbouring ones.
        is_range: a bin holds a range of values, the last one all above the last name.
    """

    name: str
    bins: np.ndarray
    names: tuple[str, ...]
    is_ordered: bool
    is_range: bool = False

    def words(self, allowed_M: np.ndarray, or_missing: bool) -> str:
        """The condition that a row's bin is among the allowed ones."""
        chosen = np.flatnonzero(allowed_M)
        if not len(chosen):
            return f"{self.name} missing"
        text = self._range(chosen) if self.is_ordered else self._listed(chosen)
        return f"({text} or missing)" if or_missing else text

    def _range(self, chosen: np.ndarray) -> str:
        first, last, num = int(chosen[0]), int(chosen[-1]), len(self.names)
        if not self.is_range:
            if len(chosen) <= _NAMED and last < num - 1 and first > 0:
                return self._in(chosen)
            if len(chosen) == 1:
                return f"{self.name} = {self.names[first]}"
        least, sign = (self.names[first - 1], ">") if self.is_range else (self.names[first], ">=")
        if first == 0:
            return f"{self.name} <= {self.names[last]}" if last < num - 1 else f"{self.name} known"
        if last == num - 1:
            return f"{self.name} {sign} {least}"
        return f"{least} {'<' if self.is_range else '<='} {self.name} <= {self.names[last]}"

    def _listed(self, chosen: np.ndarray) -> str:
        others = np.setdiff1d(np.arange(len(self.names)), chosen)
        if len(chosen) > _NAMED and 0 < len(others) <= _NAMED:
            return self._in(others, "not in", "is not")
        return self._in(chosen)

    def _in(self, bins: np.ndarray, several: str = "in", one: str = "=") -> str:
        listed = [self.names[number] for number in bins]
        return f"{self.name} {one if len(listed) == 1 else several} {', '.join(listed)}"


def binned_columns(table: Table) -> list[BinnedColumn]:
    """The features and the time column, as far as they vary; of dates also hour, weekday and month."""
    found = [
        binned
        for column in table.columns
        if column.kind in _USABLE and (column.is_feature or column.role is Role.TIME)
        for binned in _binned(column, table.frame[column.name])
    ]
    return [column for column in found if len(np.unique(column.bins)) > 1]


def _binned(column: Column, series: pl.Series) -> Iterator[BinnedColumn]:
    if series.dtype in (pl.Date, pl.Datetime):
        yield from _date(column.name, series)
    elif column.kind in {Kind.QUANTITATIVE, Kind.ORDINAL} and series.dtype.is_numeric():
        yield _numbers(column.name, _floats(series))
    elif column.kind is not Kind.DATE:
        yield _levels(column, series.cast(pl.String))


def _numbers(name: str, value_N: np.ndarray, *, are_moments: bool = False) -> BinnedColumn:
    known_N = np.isfinite(value_N)
    if not known_N.any():
        return BinnedColumn(name, np.full(len(value_N), -1), (), is_ordered=True)
    between, shown = (roundest_moment, _moment_text) if are_moments else (roundest, number_text)
    edges, distinct = round_edges(value_N[known_N], between), np.unique(value_N[known_N])
    bin_N = np.where(known_N, np.searchsorted(edges, value_N, side="left"), -1)
    is_range = len(distinct) != len(edges) + 1
    names = [*map(shown, edges), ""] if is_range else [*map(shown, distinct)]
    return BinnedColumn(name, bin_N, tuple(names), is_ordered=True, is_range=is_range)


def _date(name: str, series: pl.Series) -> Iterator[BinnedColumn]:
    moment = series.cast(pl.Datetime("us"))
    second_N = moment.dt.epoch("us").cast(pl.Float64).to_numpy() / 1e6
    yield _numbers(name, second_N, are_moments=True)
    yield _numbers(f"hour of {name}", _floats(moment.dt.hour()))
    weekday_N = moment.dt.weekday().cast(pl.Int64).fill_null(0).to_numpy() - 1
    yield BinnedColumn(f"weekday of {name}", weekday_N, _WEEKDAYS, is_ordered=False)
    yield _numbers(f"month of {name}", _floats(moment.dt.month()))


def _floats(series: pl.Series) -> np.ndarray:
    values: np.ndarray = series.cast(pl.Float64).to_numpy()
    return values


def _levels(column: Column, series: pl.Series) -> BinnedColumn:
    counts = series.drop_nulls().value_counts(sort=True)
    frequent = set(counts[series.name][:_MOST_LEVELS])
    is_ordered = bool(column.levels) and frequent <= set(column.levels)
    names = [level for level in column.levels if level in frequent]
    names = names if is_ordered else sorted(frequent, key=_order)
    numbers = {level: number for number, level in enumerate(names)}
    bins = [-1 if level is None else numbers.get(level, len(numbers)) for level in series.to_list()]
    if counts.height > len(numbers):
        names, is_ordered = [*names, RARE], False
    return BinnedColumn(column.name, np.array(bins, dtype=np.int64), tuple(names), is_ordered=is_ordered)


def _order(level: str) -> tuple[bool, float, str]:
    """Numbers by their size, then texts."""
    try:
        return False, float(level), level
    except ValueError:
        return True, 0.0, level


def number_text(value: float) -> str:
    """All digits, thousands separated from 10,000 on, as a person would filter by it."""
    return f"{value:,.12g}" if abs(value) >= 10_000 else f"{value:.12g}"


def _moment_text(second: float) -> str:
    moment = datetime.fromtimestamp(second, UTC).replace(tzinfo=None)
    return moment.isoformat(" ", "seconds").removesuffix(" 00:00:00").removesuffix(":00")

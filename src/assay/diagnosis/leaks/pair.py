"""Training rows beside held-out rows: what every check looks at.

Suffixes: N training rows, M held-out rows, D features.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np
import polars as pl

from assay.core.errors import DataError
from assay.core.task import Task
from assay.data.column import Column, Kind
from assay.data.table import Table

_HUGE = 1e100  # beyond it squares are infinite


@dataclass(frozen=True, eq=False)
class Pair:
    """Two parts of one table, the kinds of the training rows decide.

    Attributes:
        train: the training rows, with a target and a task.
        held_out: the other rows, with the same columns of the same types.
        part: what the others are called: test or validation.
    """

    train: Table
    held_out: Table
    part: str = "test"

    @classmethod
    def of(cls, train: Table, held_out: Table, part: str = "test") -> Self:
        """The pair, its columns those that both have, in common types."""
        columns = tuple(column for column in train.columns if column.name in held_out.frame.columns)
        kinds = {c.name: _common(train.frame[c.name].dtype, held_out.frame[c.name].dtype) for c in columns}
        first, second = (
            replace(
                table,
                frame=pl.DataFrame([table.frame[name].cast(kind) for name, kind in kinds.items()]),
                columns=columns,
            )
            for table in (train, held_out)
        )
        return cls(first, second, part)

    @property
    def task(self) -> Task:
        """What the target asks for."""
        if self.train.task is None:
            raise DataError(
                "no target column is named", hint="say which: target=..., or --target", where=self.train.name
            )
        return self.train.task

    @property
    def target(self) -> str:
        """The target's name."""
        return self.train.target.name if self.train.target else ""

    @property
    def features(self) -> tuple[Column, ...]:
        """The features that both parts have."""
        return self.train.features

    @cached_property
    def numbers(self) -> tuple[np.ndarray, np.ndarray]:
        """Features as numbers, (N, D) and (M, D) float64: texts as codes, dates in seconds, NaN missing."""
        columns = [self._numbers(column.name) for column in self.features]
        both = np.column_stack(columns) if columns else np.empty((self.num_train + self.num_held_out, 0))
        return both[: self.num_train], both[self.num_train :]

    @cached_property
    def targets(self) -> tuple[np.ndarray, np.ndarray]:
        """(N,) and (M,): float64 values, or int64 class numbers by `labels`."""
        both = self.both(self.target)
        if self.task.is_classification:
            numbers = both.rank("dense").to_numpy().astype(np.int64) - 1
        else:
            numbers = both.cast(pl.Float64).to_numpy()
        return numbers[: self.num_train], numbers[self.num_train :]

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The classes of both parts in their order; empty for a quantity."""
        if not self.task.is_classification:
            return ()
        return tuple(map(label_text, self.both(self.target).unique().sort().to_list()))

    @cached_property
    def is_same(self) -> bool:
        """Whether both parts hold the same rows in the same order."""
        return self.train.frame.equals(self.held_out.frame)

    @property
    def num_train(self) -> int:
        """N."""
        return len(self.train)

    @property
    def num_held_out(self) -> int:
        """M."""
        return len(self.held_out)

    def both(self, name: str) -> pl.Series:
        """A column of the training rows and then the held-out rows, (N + M,)."""
        return pl.concat([self.train.frame[name], self.held_out.frame[name]])

    def data_rows(self, held_out: np.ndarray) -> tuple[int, ...]:
        """Held-out rows, by number or mask, as the user counts them: data rows of their source from 1."""
        rows = np.flatnonzero(held_out) if held_out.dtype == np.bool_ else held_out
        return tuple((self.held_out.in_source(rows) + 1).tolist())

    def share(self, count: int) -> str:
        """`4,094 of 9,346 test rows (43.8 %)`."""
        return (
            f"{count:,} of {self.num_held_out:,} {self.part} rows ({count / self.num_held_out:.1%})".replace(
                "%", " %"
            )
        )

    def positions(self, *kinds: Kind) -> list[int]:
        """Which of the features are of these kinds."""
        return [place for place, column in enumerate(self.features) if column.kind in kinds]

    def _numbers(self, name: str) -> np.ndarray:
        series = self.both(name)
        if series.dtype.is_temporal():
            series = series.cast(pl.Datetime("us")).cast(pl.Int64).cast(pl.Float64) / 1e6
        elif not series.dtype.is_numeric() and series.dtype != pl.Boolean:
            series = series.rank("dense")
        return series.cast(pl.Float64).fill_null(np.nan).clip(-_HUGE, _HUGE).to_numpy()


def _common(one: pl.DataType, other: pl.DataType) -> pl.DataType:
    if one == other:
        return one
    if one.is_numeric() and other.is_numeric():
        return pl.Float64()
    return pl.Datetime("us") if one.is_temporal() and other.is_temporal() else pl.String()


def counted(count: int, noun: str) -> str:
    """`1 row`, `1,200 rows`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def listed(names: Sequence[str], most: int = 3) -> str:
    """`'a', 'b', 'c' and 4 more`."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(map(repr, names[:most])) + more


def label_text(value: object) -> str:
    """A class as text; whole numbers without a fraction."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)

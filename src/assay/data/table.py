"""A table: a polars frame whose columns have kinds and roles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from assay.core.errors import DataError, did_you_mean
from assay.core.task import Task
from assay.data.column import Column, Role

if TYPE_CHECKING:
    from assay.data.images.images import Images
    from assay.data.reading.spelling import Spelling


@dataclass(frozen=True, eq=False)
class Table:
    """Rows, with what is known about their columns.

    Attributes:
        frame: the values; one column of the frame for each of `columns`, in the same order.
        columns: kind and role of each.
        task: what the target asks for, or None without a target.
        name: where the rows came from, for messages.
        notes: what the reader noticed and did on the way, one sentence each.
        left_out: rows without a target that the reader left out; where there are any, row numbers of the
            table are no longer those of the file.
        rows: (N,) where each row stands in the source, counted from 0; None where the table holds them all.
        spellings: how the columns were written in the source, by name; empty where nothing is known of it.
        images: what the rows show; None for a table of columns.
    """

    frame: pl.DataFrame
    columns: tuple[Column, ...]
    task: Task | None = None
    name: str = "table"
    notes: tuple[str, ...] = ()
    left_out: int = 0
    rows: np.ndarray | None = None
    spellings: Mapping[str, Spelling] = field(default_factory=dict)
    images: Images | None = None

    def __len__(self) -> int:
        return self.frame.height

    @property
    def is_images(self) -> bool:
        """Whether the rows show images."""
        return self.images is not None

    def column(self, name: str) -> Column:
        """The column called `name`.

        Raises:
            DataError: there is none.
        """
        for column in self.columns:
            if column.name == name:
                return column
        names = [column.name for column in self.columns]
        raise DataError(f"there is no column {name!r}", hint=did_you_mean(name, names), where=self.name)

    @property
    def features(self) -> tuple[Column, ...]:
        """The columns that a network sees, in file order."""
        return tuple(column for column in self.columns if column.is_feature)

    @property
    def target(self) -> Column | None:
        """The target column, if there is one."""
        return self._by_role(Role.TARGET)

    @property
    def time(self) -> Column | None:
        """The column that orders the rows, if there is one."""
        return self._by_role(Role.TIME)

    @property
    def group(self) -> Column | None:
        """The column whose equal values belong together, if there is one."""
        return self._by_role(Role.GROUP)

    def _by_role(self, role: Role) -> Column | None:
        return next((column for column in self.columns if column.role is role), None)

    def take(self, rows: Sequence[int] | np.ndarray) -> Table:
        """The table of these row numbers, in the order given, or of the rows where a mask is true.

        Raises:
            DataError: there is no such row, or the mask is not as long as the table.
        """
        chosen = np.asarray(rows)
        if chosen.dtype == np.bool_:
            if len(chosen) != len(self):
                raise DataError(f"the mask has {len(chosen):,} values, and the table {len(self):,} rows")
            chosen = np.flatnonzero(chosen)
        chosen = chosen.astype(np.int64)
        if len(chosen) and not (-len(self) <= chosen.min() and chosen.max() < len(self)):
            raise DataError(f"row {chosen.max():,} was asked for, and the table has {len(self):,} rows")
        images = None if self.images is None else self.images.take(chosen)
        return replace(self, frame=self.frame[chosen], rows=self.in_source(chosen), images=images)

    def in_source(self, rows: np.ndarray) -> np.ndarray:
        """Where these rows of the table stand in the source, counted from 0."""
        return rows if self.rows is None else self.rows[rows]

    def without(self, names: Sequence[str]) -> Table:
        """The table without these columns."""
        dropped = set(names)
        return replace(
            self,
            frame=self.frame.drop(list(dropped)),
            columns=tuple(column for column in self.columns if column.name not in dropped),
        )


def need_table(source: object, user: str) -> Table:
    """The table, where somebody may have given its file or frame.

    Raises:
        DataError: it is something else.
    """
    if isinstance(source, Table):
        return source
    raise DataError(
        f"{user} takes a table, and got {type(source).__name__}",
        hint="assay.read(DATA, target=...) makes a table from a file or a frame",
    )

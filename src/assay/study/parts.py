"""The parts of a table that a run may look at; the test rows are not among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from assay.core.errors import DataError
from assay.core.task import Task
from assay.data.kinds import settle_kinds
from assay.data.reading import ReadSettings
from assay.data.split import Split
from assay.data.table import Table
from assay.study.image_set import ImageSet
from assay.study.source import Rows


@dataclass(frozen=True)
class Parts:
    """Training and validation rows, typed as if there were no others; the training rows decide the kinds.

    Attributes:
        train: the training rows.
        validation: the validation rows.
        unsealed: all of these, in file order: what is inspected.
        warnings: what stands in the way of testing later, one sentence each; for the screen only.
        train_like: rows held back from training by chance, where validation went by group or time.
        split: how the rows were divided; without images that turned out to be broken and were to be skipped.
    """

    train: Table
    validation: Table
    unsealed: Table
    split: Split
    warnings: tuple[str, ...] = ()
    train_like: Table | None = None

    @property
    def alike(self) -> Table:
        """Rows of the training kind that nothing is learnt from: by these the floor is estimated."""
        return self.validation if self.train_like is None else self.train_like

    @classmethod
    def of(cls, rows: Rows, table: Table, split: Split, settings: ReadSettings) -> Parts:
        """Take the parts out of the source; after this, nothing in a run holds a test row.

        Args:
            rows: all of the source.
            table: the same rows as they were divided.
            split: how.
            settings: with which the source was read.

        Raises:
            DataError: a value of these rows cannot be read, or is not of its column's stated kind; an image
                of these rows cannot be decoded.
        """
        opened, split = _opened(rows, table, split)
        settle = _settle_task if table.is_images else settle_kinds
        settled = settle(opened, np.searchsorted(split.open_rows, split.train), settings)
        settled = replace(settled, notes=_with_left_out(opened.notes, table), left_out=table.left_out)
        train, validation, train_like = (
            settled.take(np.searchsorted(split.open_rows, part))
            for part in (split.train, split.validation, split.train_like)
        )
        warnings = _unreadable(rows, table, split, settled)
        held_back = train_like if len(train_like) else None
        return cls(train, validation, settled, split, warnings, held_back)


def _opened(rows: Rows, table: Table, split: Split) -> tuple[Table, Split]:
    """Training and validation rows as they came in, and the split of what can be read."""
    if isinstance(rows, ImageSet):
        opened, left = rows.opened(split)
        for name in ("train", "validation"):
            if not len(getattr(left, name)):
                raise DataError(f"all {name} images are broken", hint="repair them", where=table.name)
        return opened, left
    opened = rows.part(table.in_source(split.open_rows))
    _need_targets(opened, table, split)
    return opened, split


def _settle_task(table: Table, rows: np.ndarray, settings: ReadSettings) -> Table:
    """The images with the task that the training labels ask for; kinds are no question here."""
    assert table.target is not None  # read_source refuses a table without a target
    if settings.task is not None or table.task is Task.REGRESSION:
        return table
    is_binary = table.frame[table.target.name][rows].n_unique() == 2
    return replace(table, task=Task.BINARY if is_binary else Task.MULTICLASS)


def sealed_rows(rows: Rows, table: Table, split: Split, columns: Sequence[str]) -> Table:
    """The test rows, read as training and validation rows are written.

    Args:
        rows: all of the source.
        table: the same rows as they were divided.
        split: how.
        columns: the ones to read so; the others come as they were divided by. In the target, a class that is
            not written as those of the open rows are is null.

    Raises:
        DataError: a value is not written as in the open rows, with its row.
    """
    chosen = table.in_source(split.test)
    try:
        frame = rows.frame_like(chosen, table.in_source(split.open_rows), columns)
    except DataError as error:
        raise DataError(
            f"the test rows cannot be read as the training rows are: {error.message}",
            hint="correct the file and run the study again; the seal is still closed",
            where=error.where,
        ) from error
    sealed = table.take(split.test)
    return replace(sealed, frame=sealed.frame.with_columns(frame.iter_columns()))


def _unreadable(rows: Rows, table: Table, split: Split, opened: Table) -> tuple[str, ...]:
    """Why `assay test` will refuse the features of the test rows, if it will."""
    suspect = [
        column.name
        for column in opened.features
        if (dtype := opened.frame.schema[column.name]).is_temporal()
        or (dtype != pl.String and table.frame.schema[column.name] == pl.String)
    ]
    if not suspect:
        return ()
    try:
        sealed_rows(rows, table, split, suspect)
    except DataError as error:
        return (f"`assay test` will not be possible: {error.message}",)
    return ()


def _need_targets(opened: Table, table: Table, split: Split) -> None:
    """What stands for a missing number may be a word in a column of words, but not in both."""
    expected = table.in_source(split.open_rows)
    if len(opened) == len(expected) or table.target is None or opened.rows is None:
        return
    lost = int(np.setdiff1d(expected, opened.rows)[0])
    raise DataError(
        f"row {lost + 1} has no target among training and validation rows, and a text only beside test rows",
        hint="add the text that stands for a missing value to `missing`",
        where=f"{table.name}, column {table.target.name!r}",
    )


def _with_left_out(notes: tuple[str, ...], table: Table) -> tuple[str, ...]:
    """The notes, and the one about rows without a target, which stand in no part."""
    if not table.left_out or table.target is None:
        return notes
    note = f"{table.left_out:,} rows without a value of the target {table.target.name!r} were left out"
    return notes if note in notes else (*notes, note)

"""A source whose rows are read and whose columns have no types yet: what they get, chosen rows decide."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
import polars as pl

from assay.core.errors import DataError
from assay.core.task import Task
from assay.data.column import Column, Role
from assay.data.kinds import KindSettings, fitting, infer_columns, infer_task, likely_task
from assay.data.reading.cells import decimal_sign
from assay.data.reading.dtypes import plain_type, refuse_infinite, whole_numbers, without_stand_ins
from assay.data.reading.epochs import date_note
from assay.data.reading.notation import TYPED
from assay.data.reading.raw import Raw
from assay.data.reading.settings import ReadSettings
from assay.data.reading.spelling import Spelling
from assay.data.reading.values import Meaning, as_stated
from assay.data.table import Table

_SAMPLE_ROWS = 300
_SAMPLE_CELLS = 30_000


_Describe = Callable[[pl.DataFrame], tuple[tuple[Column, ...], Task | None]]


@dataclass(frozen=True, eq=False)
class Untyped:
    """Rows as they came in, of which a table can be made: of all, or of some as if there were no others.

    What a text means (a number with a decimal comma, a date with the day first, a missing value) and what a
    column is, the chosen rows alone decide. Encoding, separator and header are those of the whole file, since
    rows must be told apart before they can be chosen.

    Attributes:
        raw: the rows.
        target: the target column's name, if there is one.
        settings: names in them are the frame's own.
        is_typed: the columns have their types, and keep them.
        left_out: rows without a target that had been left out before.
        spellings: how columns are known to be written, by name. Where all texts of one are written so, they
            are read so.
    """

    raw: Raw
    target: str | None
    settings: ReadSettings
    is_typed: bool = False
    left_out: int = 0
    spellings: Mapping[str, Spelling] = field(default_factory=dict)

    def using(self, names: Collection[str]) -> Untyped:
        """The same rows, of which only these columns and those with a role matter; the others are ignored."""
        settings = self.settings
        kept = {*names, self.target, settings.time, settings.group}
        ignored = tuple(name for name in self.raw.frame.columns if name not in kept)
        stated = {name: kind for name, kind in settings.kinds.items() if name not in ignored}
        levels = {name: texts for name, texts in settings.levels.items() if name not in ignored}
        changes = {
            "ignore": tuple(dict.fromkeys((*settings.ignore, *ignored))),
            "kinds": stated,
            "levels": levels,
        }
        return replace(self, settings=settings.model_copy(update=changes))

    def table(self) -> Table:
        """All rows but those without a target; every value, stated kind and the task are checked.

        Raises:
            DataError: a value cannot be read, or does not fit its column's stated kind or the task.
        """
        return self._described(*self._frame(None), None, self._kinds_of_all)

    def undivided(self) -> Table:
        """All rows but those without a target, to be divided; only what divides them need be right.

        A column of numbers and a few words is text here, and the task is None where the target does not fit
        it: rows that nobody will train on must not stop those that will.

        Raises:
            DataError: a column holds no single values, or the target none at all.
        """
        return self._described(*self._frame(None, lenient=True), None, self._kinds_that_fit)

    def part(self, rows: np.ndarray) -> Table:
        """Some rows as if the source held no others; of the task, the training rows among them will decide.

        Args:
            rows: (M,) row numbers in the source, from 0, ascending.

        Raises:
            DataError: a value cannot be read, or does not fit its column's stated kind.
        """
        return self._described(*self._frame(rows), rows, self._kinds_of_part)

    def frame_like(self, rows: np.ndarray, others: np.ndarray, names: Sequence[str]) -> pl.DataFrame:
        """Columns of some rows, read as other rows are written.

        Args:
            rows: (M,) row numbers in the source, from 0.
            others: (K,) row numbers whose spelling decides.
            names: the columns.

        Returns:
            M rows. A class of the target that is written as none of the others is null.

        Raises:
            DataError: a value is not written as in the other rows, with its row.
        """
        here, there = self._meaning(rows, others)[0], self._meaning(others)[0]
        return pl.DataFrame([self._like(self.raw.frame[name], rows, others, here, there) for name in names])

    def _frame(
        self, rows: np.ndarray | None, *, lenient: bool = False
    ) -> tuple[pl.DataFrame, dict[str, Spelling], list[str]]:
        meaning, why = self._meaning(rows, lenient=lenient)
        columns = [column for column in self.raw.frame.get_columns() if not self._is_hollow(column, rows)]
        with ThreadPoolExecutor() as pool:  # polars works outside Python's lock, on one column with one core
            found = list(pool.map(partial(self._plain, rows=rows, meaning=meaning), columns))
        here = {column.name for column in columns}
        renamed = [note for name, note in self.raw.renamed.items() if name in here]
        said = (*self.raw.notes, why, *renamed, *(note for _, note, _ in found))
        frame = pl.DataFrame([values for values, _, _ in found if values is not None])
        spellings = {column.name: spelling for column, (_, _, spelling) in zip(columns, found, strict=True)}
        return frame, spellings, [note for note in said if note]

    def _meaning(
        self, rows: np.ndarray | None, deciding: np.ndarray | None = None, *, lenient: bool = False
    ) -> tuple[Meaning, str]:
        decimal, why = self._decimal(rows if deciding is None else deciding)
        return Meaning(self.settings, decimal, self.raw.place.take(rows), lenient), why

    def _decimal(self, rows: np.ndarray | None) -> tuple[str, str]:
        """The decimal sign that the first of these rows show, and the reason when it is not the point."""
        if not self.raw.separator or self.settings.decimal:
            return (self.settings.decimal or "." if self.raw.separator else "."), ""
        frame = self.raw.frame
        many = max(min(_SAMPLE_ROWS, _SAMPLE_CELLS // frame.width), 1)
        sample = frame.head(many) if rows is None else frame[rows[:many]]
        texts = (column for column in sample.iter_columns() if column.dtype == pl.String)
        cells = (column.drop_nulls().to_list() for column in texts)
        return decimal_sign(itertools.chain.from_iterable(cells), self.raw.separator)

    def _is_hollow(self, column: pl.Series, rows: np.ndarray | None) -> bool:
        """Whether a column has neither name nor value, as a separator at the end of each line makes it."""
        if column.name not in self.raw.nameless:
            return False
        chosen = _chosen(column, rows)
        return chosen.null_count() == len(chosen)

    def _plain(
        self, column: pl.Series, rows: np.ndarray | None, meaning: Meaning
    ) -> tuple[pl.Series | None, str, Spelling]:
        """The column in its plain type, a note, and how it is written.

        The column is None where it is ignored and holds no single values.
        """
        note, spelling = "", Spelling(TYPED, missing=self.settings.missing)
        if column.name in self.settings.ignore and not _holds_single_values(column):
            note = f"column {column.name!r} is ignored, and left out since it holds {column.dtype}"
            return None, note, spelling
        plain = _chosen(column, rows)
        if not self.is_typed:
            plain = self._of_source(plain, meaning)
            if plain.dtype == pl.String:
                plain, note, spelling = meaning.of(plain, self.spellings.get(column.name))
            if plain.dtype.is_integer() and plain.name not in {self.target, *self.settings.kinds}:
                note = note or date_note(plain)
        else:
            spelling = self.spellings.get(column.name, spelling)
        return self._checked(plain, meaning), note, spelling

    def _like(
        self, column: pl.Series, rows: np.ndarray, others: np.ndarray, here: Meaning, there: Meaning
    ) -> pl.Series:
        plain = column[rows]
        if not self.is_typed:
            plain = self._of_source(plain, here)
            if plain.dtype == pl.String:
                spelling = there.spelling(self._of_source(column[others], there))
                plain = here.spelled(plain, spelling, strict=column.name != self.target)
        return self._checked(plain, here)

    def _of_source(self, column: pl.Series, meaning: Meaning) -> pl.Series:
        plain = plain_type(column, meaning.place)
        return whole_numbers(plain) if self.raw.only_floats else plain

    def _checked(self, plain: pl.Series, meaning: Meaning) -> pl.Series:
        settings, place = self.settings, meaning.place
        kind = settings.kinds.get(plain.name)
        try:
            if plain.name not in settings.ignore and not self.is_typed:
                plain = without_stand_ins(plain, settings.missing)
                plain = refuse_infinite(plain, place, frozenset(settings.missing))
            if kind is not None:
                plain = as_stated(plain, kind, place)
        except DataError:
            if not meaning.lenient:
                raise
        return plain.rechunk()

    def _described(
        self,
        frame: pl.DataFrame,
        spellings: Mapping[str, Spelling],
        notes: list[str],
        rows: np.ndarray | None,
        describe: _Describe,
    ) -> Table:
        """The table of the rows that have a target."""
        target, source, left_out = self.target, self.raw.place.source, 0
        if target is not None:
            present = frame[target].is_not_null()
            if not present.any():
                raise DataError(f"every value of the target {target!r} is missing", where=source)
            if not present.all():
                left_out = len(frame) - int(present.sum())
                frame = frame.filter(present)
                kept = np.flatnonzero(present.to_numpy())
                rows = kept if rows is None else rows[kept]
                notes.append(f"{left_out:,} rows without a value of the target {target!r} were left out")
        try:
            columns, task = describe(frame)
        except DataError as error:
            raise DataError(error.message, hint=error.hint, where=source) from error
        left_out += self.left_out
        return Table(frame, columns, task, source, tuple(notes), left_out, rows, spellings)

    def _kinds_of_all(self, frame: pl.DataFrame) -> tuple[tuple[Column, ...], Task | None]:
        task = None if self.target is None else infer_task(frame[self.target], self.settings.task)
        return infer_columns(frame, self.target, self.settings), task

    def _kinds_of_part(self, frame: pl.DataFrame) -> tuple[tuple[Column, ...], Task | None]:
        return self._kinds_but_target(frame, self.settings)

    def _kinds_that_fit(self, frame: pl.DataFrame) -> tuple[tuple[Column, ...], Task | None]:
        return self._kinds_but_target(frame, fitting(frame, self.settings))

    def _kinds_but_target(
        self, frame: pl.DataFrame, settings: KindSettings
    ) -> tuple[tuple[Column, ...], Task | None]:
        target = self.target
        task = None if target is None else likely_task(frame[target], settings.task)
        columns = infer_columns(frame, None, settings)
        return tuple(replace(c, role=Role.TARGET) if c.name == target else c for c in columns), task


def _chosen(column: pl.Series, rows: np.ndarray | None) -> pl.Series:
    return column if rows is None else column[rows]


def _holds_single_values(column: pl.Series) -> bool:
    return not isinstance(
        column.dtype, pl.List | pl.Array | pl.Struct | pl.Binary | pl.Object | pl.Duration | pl.Time
    )

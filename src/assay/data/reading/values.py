"""What the text of a column means: numbers, dates, yes and no, or words."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from assay.core.errors import DataError
from assay.data.column import Kind
from assay.data.reading.dates import Dates, written_dates
from assay.data.reading.epochs import numbered_dates
from assay.data.reading.notation import DATES, NUMBERS, TRUTHS, TYPED
from assay.data.reading.numbers import Numbers, plain_numbers, written_numbers
from assay.data.reading.raw import Place
from assay.data.reading.settings import ReadSettings
from assay.data.reading.spelling import Spelling

NEARLY = 0.9  # share of numbers (or dates) in a column from which on the rest are taken for mistakes
FEW = 12  # different texts up to which numbers and words may be categories,
AGAIN = 5  # if each word comes again so often
_WORDS = {Kind.QUALITATIVE, Kind.ORDINAL, Kind.IDENTIFIER, Kind.TEXT, Kind.CONSTANT}


@dataclass(frozen=True)
class Meaning:
    """Finds out what texts mean.

    Attributes:
        settings: what the user states.
        decimal: the sign that the file's numbers show.
        place: where each row stands.
        lenient: a column of numbers (or dates) and a few other texts is text, and not refused.
    """

    settings: ReadSettings
    decimal: str
    place: Place
    lenient: bool = False

    def of(self, text: pl.Series, known: Spelling | None = None) -> tuple[pl.Series, str, Spelling]:
        """The column with the type that its texts have, a note where that was a guess, and their spelling.

        Args:
            text: a String column.
            known: how such a column was written before; it holds where every text is written so, and where
                the settings do not state otherwise.

        Returns:
            Int64, Float64, Boolean, Date, Datetime or String; an empty column is Float64.

        Raises:
            DataError: nearly all texts are numbers (or dates), and the others are not: named with their row.
        """
        if known is not None and (values := self._as_known(text, known)) is not None:
            return values, "", known
        values, note, spelling = self._understood(text)
        return values, note, replace(spelling, missing=self.settings.missing)

    def spelling(self, text: pl.Series) -> Spelling:
        """How the texts are written.

        Raises:
            DataError: as `of` does.
        """
        return self._understood(text)[2]

    def spelled(self, text: pl.Series, spelling: Spelling, *, strict: bool) -> pl.Series:
        """The column read in a spelling that other rows showed.

        Args:
            text: a String column.
            spelling: of the column's other rows.
            strict: whether a text in another spelling is refused; else it becomes null.

        Raises:
            DataError: a text is in another spelling, with its row.
        """
        text = self._tidy(text)
        values = spelling.values(text)
        odd = text.filter(text.is_not_null() & values.is_null())
        if strict and len(odd):
            row = int((text.is_not_null() & values.is_null()).arg_true()[0])
            others = "" if len(odd) == 1 else f" (and {len(odd) - 1:,} more rows other texts)"
            raise DataError(
                f"column {text.name!r} holds {spelling.what}, but {self.place.of(row)} holds "
                f"{short(text[row])}{others}",
                hint="write it as the other rows do, or add the text to `missing`",
                where=self.place.source,
            )
        return values.fill_nan(None) if values.dtype.is_float() else values

    def _as_known(self, text: pl.Series, known: Spelling) -> pl.Series | None:
        """The column in a known spelling; None where a text is written otherwise, or the user states how."""
        settings = self.settings
        stated = {
            NUMBERS: settings.decimal is not None or settings.thousands is not None,
            DATES: settings.day_first is not None,
        }
        if known.what == TYPED or stated.get(known.what):
            return None
        if known.what == NUMBERS and known.is_plain and (plain := plain_numbers(text, ".")) is not None:
            return plain  # much faster, and nearly always possible
        text = self._tidy(text)
        values = known.values(text)
        if values.null_count() > text.null_count():
            return None
        return values.fill_nan(None) if values.dtype.is_float() else values

    def _understood(self, text: pl.Series) -> tuple[pl.Series, str, Spelling]:
        if text.null_count() == len(text):
            return text.cast(pl.Float64), "", Spelling()
        if text.name in self.settings.levels:
            return self._tidy(text), "", Spelling()
        plain = plain_numbers(text, self.decimal)
        if plain is not None:
            return plain, "", Spelling(NUMBERS, self.decimal)
        text = self._tidy(text)
        if text.null_count() == len(text):
            return text.cast(pl.Float64), "", Spelling()
        plain = plain_numbers(text, self.decimal)
        if plain is not None:
            return plain, "", Spelling(NUMBERS, self.decimal)
        return self._guessed(text)

    def _tidy(self, text: pl.Series) -> pl.Series:
        stripped = text.str.strip_chars()
        missing = pl.Series(["", *self.settings.missing], dtype=pl.String).str.strip_chars()
        return stripped.set(stripped.is_in(missing.implode()), None)

    def _guessed(self, text: pl.Series) -> tuple[pl.Series, str, Spelling]:
        lower = text.str.to_lowercase()
        if lower.drop_nulls().is_in(["true", "false"]).all():
            return lower == "true", "", Spelling(TRUTHS)
        settings = self.settings
        stated = settings.decimal is not None, settings.thousands
        numbers = written_numbers(text, settings.decimal or self.decimal, stated)
        found = numbers or written_dates(text, settings.day_first)
        if found is None:
            return text, "", Spelling()
        if found.share == 1.0:
            note = f"column {text.name!r}: {found.note}" if found.note else ""
            return found.values, note, _spelling_of(found)
        if settings.kinds.get(text.name) in _WORDS or text.name in settings.ignore:
            return text, "", Spelling()
        unit = f" with {numbers.unit!r}" if numbers and numbers.unit else ""
        what = f"numbers{unit}" if numbers else "dates"
        return text, self._mixed(text, found.values, what), Spelling()

    def _mixed(self, text: pl.Series, values: pl.Series, what: str) -> str:
        """What to say about a column of numbers (or dates) and words, when the words are meant.

        Words that come again beside a few numbers are categories (`0`, `1`, `2`, `3+`), and so are many
        different words. A word or two among many numbers are mistakes, or stand for a missing value.
        """
        odd = text.filter(text.is_not_null() & values.is_null())
        share = 1 - len(odd) / (len(text) - text.null_count())
        row = int((text.is_not_null() & values.is_null()).arg_true()[0])
        seen = f"{self.place.of(row)} holds {short(text[row])}"
        different = odd.n_unique()
        is_category = text.n_unique() <= FEW and len(odd) >= AGAIN * different
        if is_category or (share < NEARLY and (share < 0.5 or different > 2)):
            return f"column {text.name!r} holds {what} and words ({seen}): all are read as words"
        if self.lenient:
            return ""
        others = "" if len(odd) == 1 else f" (and {len(odd) - 1:,} more rows hold no {what})"
        raise DataError(
            f"column {text.name!r} holds {what}, but {seen}{others}",
            hint="correct it; or add the text to `missing`; or give the column the kind qualitative",
            where=self.place.source,
        )


def _spelling_of(found: Numbers | Dates) -> Spelling:
    if isinstance(found, Numbers):
        return Spelling(NUMBERS, found.decimal, found.mark, found.unit)
    return Spelling(DATES, pattern=found.spelling)


def as_stated(column: pl.Series, kind: Kind, place: Place) -> pl.Series:
    """The column in the type that the user's kind needs.

    Raises:
        DataError: a value cannot be of this kind, with its row.
    """
    if kind is Kind.QUANTITATIVE and column.dtype == pl.Boolean:
        return column.cast(pl.Int64)
    if kind is Kind.QUANTITATIVE and not column.dtype.is_numeric():
        return _stated_numbers(column, place)
    if kind is not Kind.DATE or column.dtype.is_temporal():
        return column
    dates = numbered_dates(column) if column.dtype.is_integer() else None
    if dates is not None:
        return dates
    days = column.cast(pl.String).str.to_date("%Y%m%d", strict=False)
    if days.null_count() > column.null_count():
        raise _unfit(column, days, "a date", place)
    return days


def _stated_numbers(column: pl.Series, place: Place) -> pl.Series:
    """Digits that were taken for names (`00501`), since the user says that they are numbers."""
    text = column.cast(pl.String)
    for kind in (pl.Int64, pl.Float64):
        numbers = text.cast(kind, strict=False)
        if numbers.null_count() == column.null_count():
            return numbers
    raise _unfit(column, numbers, "a number", place)


def _unfit(column: pl.Series, values: pl.Series, wanted: str, place: Place) -> DataError:
    odd = (column.is_not_null() & values.is_null()).arg_true()
    row = int(odd[0]) if len(odd) else 0
    return DataError(
        f"column {column.name!r} was said to be {'quantitative' if 'num' in wanted else 'a date'}, "
        f"but {place.of(row)} holds {short(column[row])}, which is not {wanted}",
        hint="correct it, or state another kind",
        where=place.source,
    )


def short(value: object) -> str:
    """A value as a message quotes it, cut to a readable length."""
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}...{text[-1]}"

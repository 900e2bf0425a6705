"""What the text of a column means: numbers, dates, yes and no, or words."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from assay.core.errors import DataError
from assay.data.column import Kind
from assay.data.reading.dates import written_dates
from assay.data.reading.numbers import plain_numbers, written_numbers
from assay.data.reading.raw import Place
from assay.data.reading.settings import ReadSettings

_NEARLY = 0.9  # share of numbers (or dates) in a column from which on the rest are taken for mistakes
_FEW = 12  # different texts up to which numbers and words may be categories,
_AGAIN = 5  # if each word comes again so often
_WORDS = {Kind.QUALITATIVE, Kind.ORDINAL, Kind.IDENTIFIER, Kind.TEXT, Kind.CONSTANT}


@dataclass(frozen=True)
class Meaning:
    """Finds out what texts mean, by the settings and by the file's decimal sign."""

    settings: ReadSettings
    decimal: str
    place: Place

    def of(self, text: pl.Series) -> tuple[pl.Series, str]:
        """The column with the type that its texts have, and a note where that was a guess.

        Args:
            text: a String column.

        Returns:
            Int64, Float64, Boolean, Date, Datetime or String; an empty column is Float64.

        Raises:
            DataError: nearly all texts are numbers (or dates), and the others are not: named with their row.
        """
        if text.null_count() == len(text):
            return text.cast(pl.Float64), ""
        if text.name in self.settings.levels:
            return self._tidy(text), ""
        plain = plain_numbers(text, self.decimal)
        if plain is not None:
            return plain, ""
        text = self._tidy(text)
        if text.null_count() == len(text):
            return text.cast(pl.Float64), ""
        plain = plain_numbers(text, self.decimal)
        if plain is not None:
            return plain, ""
        return self._guessed(text)

    def _tidy(self, text: pl.Series) -> pl.Series:
        stripped = text.str.strip_chars()
        missing = pl.Series(["", *self.settings.missing], dtype=pl.String).str.strip_chars()
        return stripped.set(stripped.is_in(missing.implode()), None)

    def _guessed(self, text: pl.Series) -> tuple[pl.Series, str]:
        lower = text.str.to_lowercase()
        if lower.drop_nulls().is_in(["true", "false"]).all():
            return lower == "true", ""
        settings = self.settings
        stated = settings.decimal is not None, settings.thousands
        numbers = written_numbers(text, settings.decimal or self.decimal, stated)
        found = numbers or written_dates(text, settings.day_first)
        if found is None:
            return text, ""
        if found.share == 1.0:
            return found.values, f"column {text.name!r}: {found.note}" if found.note else ""
        if settings.kinds.get(text.name) in _WORDS or text.name in settings.ignore:
            return text, ""
        return text, self._mixed(text, found.values, "numbers" if numbers else "dates")

    def _mixed(self, text: pl.Series, values: pl.Series, what: str) -> str:
        """What to say about a column of numbers (or dates) and words, when the words are meant.

        Words that come again beside a few numbers are categories (`0`, `1`, `2`, `3+`), and so are many
        different words. A word or two among many numbers are mistakes, or stand for a missing value.
        """
        odd = text.filter(text.is_not_null() & values.is_null())
        share = 1 - len(odd) / (len(text) - text.null_count())
        row = int((text.is_not_null() & values.is_null()).arg_true()[0])
        seen = f"{self.place.of(row)} holds {_short(text[row])}"
        different = odd.n_unique()
        is_category = text.n_unique() <= _FEW and len(odd) >= _AGAIN * different
        if is_category or (share < _NEARLY and (share < 0.5 or different > 2)):
            return f"column {text.name!r} holds {what} and words ({seen}): all are read as words"
        others = "" if len(odd) == 1 else f" (and {len(odd) - 1:,} more rows hold no {what})"
        raise DataError(
            f"column {text.name!r} holds {what}, but {seen}{others}",
            hint="correct it; or add the text to `missing`; or give the column the kind qualitative",
            where=self.place.source,
        )


def as_stated(column: pl.Series, kind: Kind, place: Place) -> pl.Series:
    """The column in the type that the user's kind needs.

    Raises:
        DataError: a value cannot be of this kind, with its row.
    """
    if kind is Kind.QUANTITATIVE and column.dtype == pl.Boolean:
        return column.cast(pl.Int64)
    if kind is Kind.QUANTITATIVE and not column.dtype.is_numeric():
        raise _unfit(column, column.cast(pl.String).cast(pl.Float64, strict=False), "a number", place)
    if kind is not Kind.DATE or column.dtype.is_temporal():
        return column
    days = column.cast(pl.String).str.to_date("%Y%m%d", strict=False)
    if days.null_count() > column.null_count():
        raise _unfit(column, days, "a date", place)
    return days


def _unfit(column: pl.Series, values: pl.Series, wanted: str, place: Place) -> DataError:
    odd = (column.is_not_null() & values.is_null()).arg_true()
    row = int(odd[0]) if len(odd) else 0
    return DataError(
        f"column {column.name!r} was said to be {'quantitative' if 'num' in wanted else 'a date'}, "
        f"but {place.of(row)} holds {_short(column[row])}, which is not {wanted}",
        hint="correct it, or state another kind",
        where=place.source,
    )


def _short(value: object) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}...{text[-1]}"

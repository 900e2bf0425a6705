"""How the values of a column are written, so that more of them can be read the same way."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from assay.data.reading.dates import dates_in
from assay.data.reading.numbers import numbers_in

WORDS, NUMBERS, DATES, TRUTHS = "words", "numbers", "dates", "true and false"


@dataclass(frozen=True)
class Spelling:
    """What the texts of a column stand for.

    Attributes:
        what: words, numbers, dates, or true and false.
        decimal: the decimal sign of numbers.
        mark: the sign between their thousands, or nothing.
        unit: the currency or per cent sign beside numbers, or nothing.
        pattern: of dates, as strftime has it.
    """

    what: str = WORDS
    decimal: str = "."
    mark: str = ""
    unit: str = ""
    pattern: str = ""

    def values(self, text: pl.Series) -> pl.Series:
        """Texts without white space at the ends as values; null where one is not written so."""
        if self.what == NUMBERS:
            return numbers_in(text, self.decimal, self.mark, self.unit)
        if self.what == DATES:
            return dates_in(text, self.pattern)
        if self.what == TRUTHS:
            lower = text.str.to_lowercase()
            return (lower == "true").set(~lower.is_in(["true", "false"]), None)
        return text

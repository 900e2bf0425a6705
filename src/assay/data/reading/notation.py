"""What the texts of a column stand for; without polars, as the exported reader needs it."""

from __future__ import annotations

from dataclasses import dataclass

from assay.data.reading.settings import MISSING

WORDS, NUMBERS, DATES, TRUTHS = "words", "numbers", "dates", "true and false"
TYPED = "values"


@dataclass(frozen=True)
class Notation:
    """How a column was written.

    Attributes:
        what: words, numbers, dates, true and false; or values, where the source had types and no texts.
        decimal: the decimal sign of numbers.
        mark: the sign between their thousands, or nothing.
        unit: the currency or per cent sign beside numbers, or nothing.
        pattern: of dates, as strftime has it.
        missing: texts that stand for a missing value.
    """

    what: str = WORDS
    decimal: str = "."
    mark: str = ""
    unit: str = ""
    pattern: str = ""
    missing: tuple[str, ...] = MISSING

    @property
    def is_plain(self) -> bool:
        """Whether texts mean the same to whoever reads a decimal number where he sees one."""
        is_usual = (self.decimal, self.mark, self.unit) == (".", "", "")
        return self.what in {DATES, TYPED} or (self.what == NUMBERS and is_usual)

"""How the values of a column are written, so that more of them can be read the same way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

import polars as pl

from assay.data.reading.dates import dates_in
from assay.data.reading.notation import DATES, NUMBERS, TRUTHS, Notation
from assay.data.reading.numbers import numbers_in


@dataclass(frozen=True)
class Spelling(Notation):
    """A notation, and the values of a column that is written so."""

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

    def to_json(self) -> dict[str, Any]:
        """What is not as usual, as plain values."""
        usual = asdict(Spelling())
        return {name: value for name, value in asdict(self).items() if value != usual[name]}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """The spelling that `to_json` wrote."""
        plain = dict(values)
        if "missing" in plain:
            plain["missing"] = tuple(map(str, plain["missing"]))
        return cls(**plain)

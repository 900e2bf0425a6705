"""How the values of a column were written in the training file, and values that are written so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from assay.data.reading.notation import DATES, NUMBERS, TRUTHS, Notation
from assay.export.portable.dates import dates_in
from assay.export.portable.numbers import numbers_in


@dataclass(frozen=True)
class Written(Notation):
    """`assay.data.reading.spelling.Spelling` on lists: a notation, and values that are written so."""

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Self:
        """The spelling as schema.json has it."""
        return cls(**{**record, "missing": tuple(map(str, record["missing"]))})

    @cached_property
    def missing_texts(self) -> frozenset[str]:
        """The texts that stand for a missing value."""
        return frozenset(self.missing)

    @cached_property
    def missing_numbers(self) -> frozenset[float]:
        """The numbers among them, such as -999."""
        return stand_in_numbers(self.missing)

    def values(self, texts: Sequence[str | None]) -> Sequence[Any]:
        """Texts without white space at the ends as values; None where one is not written so."""
        if self.what == NUMBERS:
            return numbers_in(texts, self.decimal, self.mark, self.unit)
        if self.what == DATES:
            return dates_in(texts, self.pattern)
        if self.what == TRUTHS:
            known = {"true": True, "false": False}
            return [None if text is None else known.get(text.lower()) for text in texts]
        return texts

    def typed(self, values: Sequence[Any]) -> Sequence[Any]:
        """The values, those texts read that are written so, and None for missing ones; others stay."""
        if self.what == DATES or not self.is_plain:
            texts = [value.strip() if isinstance(value, str) else None for value in values]
            read = self.values(texts)
            values = [value if found is None else found for value, found in zip(values, read, strict=True)]
        return [None if self._is_missing(value) else value for value in values]

    def _is_missing(self, value: Any) -> bool:
        if isinstance(value, str):
            return value.strip() in self.missing_texts
        return isinstance(value, int | float) and value in self.missing_numbers


def stand_in_numbers(missing: Sequence[str]) -> frozenset[float]:
    """The finite numbers among the texts that stand for a missing value."""
    numbers = set()
    for text in missing:
        try:
            number = float(text)
        except ValueError:
            continue
        if abs(number) < float("inf"):
            numbers.add(number)
    return frozenset(numbers)

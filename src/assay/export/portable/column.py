"""One column of an exported bundle: its values as numbers, and what is odd in them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from assay.core.errors import DataError
from assay.data.reading.notation import NUMBERS
from assay.data.schema.label import label_of
from assay.data.schema.values import (
    FALSE_WORDS,
    NAN,
    TRUE_WORDS,
    Parser,
    level_parser,
    parse_boolean,
    parse_date,
    parse_number,
    parse_number_or_boolean,
    with_boolean_words,
)
from assay.export.portable.dates import numbered_dates
from assay.export.portable.spelling import Written

_LARGE = 1e300  # beyond, a whole number may be too large for a float


class PortableColumn:
    """What an exported bundle expects in a column; the face of `assay.data.schema.InputColumn`.

    Args:
        record: an entry of `columns` in schema.json.

    Attributes:
        parse: reads one raw value; raises ValueError for a value that it cannot read.
        usual: the number of a usual value, quickly; None for a value that `encode` has to look at.
    """

    def __init__(self, record: Mapping[str, Any]) -> None:
        self.name = str(record["name"])
        self.kind, self.dtype = str(record["kind"]), str(record["dtype"])
        self.levels = tuple(map(str, record["levels"]))
        self.codes = tuple(map(float, record["codes"]))
        self.low, self.high = record["low"], record["high"]
        self.missing = bool(record["missing"])
        self.spelling = None if record["spelling"] is None else Written.of(record["spelling"])
        self.is_category = self.kind in {"qualitative", "boolean"}
        self.parse = self._parser()
        self._known = self._known_codes()
        self._stand_ins = self.spelling.missing_numbers if self.spelling else frozenset()
        self.usual = self._usual_reader()

    def encode(self, values: Sequence[Any]) -> list[float]:
        """Numbers of raw values of any type, NaN for missing.

        Raises:
            DataError: a value cannot be read; names its row, counted from 1, and the column.
        """
        plain = [value.item() if isinstance(value, np.integer | np.floating) else value for value in values]
        return self._each(plain if self.spelling is None else self.spelling.typed(plain), self.parse)

    def encode_file(self, values: Sequence[Any]) -> list[float]:
        """Numbers of the values of a file's column, which are all of one type, or None.

        Raises:
            DataError: as for `encode`.
        """
        first = next((value for value in values if value is not None), None)
        is_numeric = isinstance(first, int | float) and not isinstance(first, bool)
        if is_numeric and self._stand_ins:
            values = [None if value in self._stand_ins else value for value in values]
        if self._is_date and is_numeric and all(isinstance(value, int | None) for value in values):
            values = numbered_dates(values) or values
        if self.spelling is not None and not is_numeric and not (self._is_date and isinstance(first, date)):
            values = self.spelling.typed(values)
        known: dict[Any, float] = {}

        def parse(value: Any) -> float:
            key = type(value), value
            if key not in known:
                known[key] = self.parse(value)
            return known[key]

        return self._each(values, parse)

    def oddity(self, value: float) -> str | None:
        """What no training row had: an unknown category, a number out of range, no value; None otherwise."""
        if math.isnan(value):
            return None if self.missing else "missing, and no training row was"
        if self._known is not None:
            return None if value in self._known else f"{self.label(value)} was not seen in training"
        if self.low is None or self.high is None or self.low <= value <= self.high:
            return None
        span = f"{self.label(self.low)} to {self.label(self.high)}"
        return f"{self.label(value)} is outside the training range, {span}"

    def label(self, code: float) -> str:
        """A raw value as the user writes it."""
        return label_of(code, self.levels, self.dtype, is_date=self._is_date)

    @property
    def _is_date(self) -> bool:
        return self.kind == "date"

    def _each(self, values: Sequence[Any], parse: Parser) -> list[float]:
        numbers = []
        for row, value in enumerate(values, start=1):
            try:
                numbers.append(parse(value))
            except ValueError as error:
                raise DataError(
                    str(error),
                    hint="leave the value empty if it is missing",
                    where=f"row {row}, column {self.name!r}",
                ) from None
        return numbers

    def _usual_reader(self) -> Callable[[Any], float | None]:
        """Reads usual values without a detour; None for one that wants the closer look of `encode`."""
        if self.parse in (parse_number, parse_number_or_boolean):
            return _number_reader(self._stand_ins)
        texts = [text for text in self.levels if text == text.strip()]
        written = texts if self.spelling is None else self.spelling.typed(texts)
        known: dict[Any, float] = dict(zip(texts, self._each(written, self.parse), strict=True))
        if self.dtype == "boolean" and not self._stand_ins & {0, 1}:
            known = {True: 1.0, False: 0.0}
        return {None: NAN, **known}.get

    def _known_codes(self) -> frozenset[float] | None:
        if self.is_category:
            return frozenset(self.codes)
        return frozenset(map(float, range(len(self.levels)))) if self.levels else None

    def _parser(self) -> Parser:
        if self.dtype == "text":
            parse = level_parser({text: index for index, text in enumerate(self.levels)})
            are_words = {text.strip().lower() for text in self.levels} <= TRUE_WORDS | FALSE_WORDS
            return with_boolean_words(parse) if self.kind == "boolean" and are_words else parse
        if self.dtype == "boolean":
            return parse_boolean
        if self._is_date:
            is_numbered = self.spelling is not None and self.spelling.what == NUMBERS
            return _parse_numbered_date if is_numbered else parse_date
        return parse_number_or_boolean if self.codes == (0.0, 1.0) else parse_number


def _number_reader(stand_ins: frozenset[float]) -> Callable[[Any], float | None]:
    def read(value: Any) -> float | None:
        if value is None:
            return NAN
        if type(value) is not float and type(value) is not int:
            return None
        return float(value) if -_LARGE < value < _LARGE and value not in stand_ins else None

    return read


def _parse_numbered_date(value: Any) -> float:
    """A date, also as a whole number such as 20160131 or seconds since 1970."""
    if isinstance(value, int):
        numbered = numbered_dates([int(value)])
        return parse_date(value if numbered is None else numbered[0])
    return parse_date(value)

"""One raw value to one float64: numbers, booleans, dates and levels as people write them.

A parser returns NaN for a missing value and raises ValueError, with a sentence, for a value it cannot read.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl

from assay.data.reading.epochs import numbered_dates

Parser = Callable[[Any], float]

NAN = math.nan
UNSEEN = -1.0  # the raw code of a text level that no training row had
MISSING_WORDS = frozenset({"", "?", "-", "na", "n/a", "#n/a", "nan", "nat", "null", "none", "<na>"})
TRUE_WORDS = frozenset({"true", "yes", "y", "t", "on", "1"})
FALSE_WORDS = frozenset({"false", "no", "n", "f", "off", "0"})
EPOCH = datetime(1970, 1, 1)
_DATE_FORMATS = (
    "%Y/%m/%d",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d %H:%M:%S",
    "%d.%m.%Y",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y %H:%M:%S",
)
_NOT_A_VALUE = {"NAType", "NaTType"}  # pandas.NA and pandas.NaT, without importing pandas


def is_missing(value: Any) -> bool:
    """Whether a value that is not text stands for "missing": None, NaN, NaT or pandas.NA."""
    if value is None or type(value).__name__ in _NOT_A_VALUE:
        return True
    if isinstance(value, np.datetime64):
        return bool(np.isnat(value))
    return isinstance(value, float | np.floating) and math.isnan(value)


def parse_number(value: Any) -> float:
    """A finite number, given as a number or as text with a decimal point."""
    if isinstance(value, str):
        text = value.strip()
        if text.lower() in MISSING_WORDS:
            return NAN
        number = _float(value, text)
    elif is_missing(value):
        return NAN
    elif isinstance(value, int | float | Decimal | np.integer | np.floating | np.bool_):
        number = _float(value, value)
    else:
        raise ValueError(f"{shown(value)} is not a number")
    if math.isinf(number):
        raise ValueError(f"{shown(value)} is not a finite number")
    return number


def _float(value: Any, plain: Any) -> float:
    try:
        if isinstance(plain, str) and "_" in plain:  # Python would read 1_000
            raise ValueError
        return float(plain)
    except OverflowError:
        return math.inf
    except ValueError:
        raise ValueError(f"{shown(value)} is not a number") from None


def parse_boolean(value: Any) -> float:
    """1 for yes and 0 for no, in the spellings of TRUE_WORDS and FALSE_WORDS, or as the numbers 1 and 0."""
    if is_missing(value):
        return NAN
    if isinstance(value, str):
        word = value.strip().lower()
        if word in TRUE_WORDS | FALSE_WORDS:
            return float(word in TRUE_WORDS)
        if word in MISSING_WORDS:
            return NAN
    elif isinstance(value, bool | int | float | np.bool_ | np.integer | np.floating) and value in (0, 1):
        return float(value)
    raise ValueError(f"{shown(value)} is neither yes nor no")


def parse_number_or_boolean(value: Any) -> float:
    """A number; "yes" and "no" in any spelling are 1 and 0."""
    try:
        return parse_number(value)
    except ValueError:
        return parse_boolean(value)


def parse_date(value: Any) -> float:
    """Seconds since 1970-01-01 00:00; a moment with an offset or a time zone is counted in UTC."""
    if is_missing(value):
        return NAN
    if isinstance(value, str):
        text = value.strip()
        return NAN if text.lower() in MISSING_WORDS else _seconds(_moment(value, text))
    if isinstance(value, np.datetime64):
        return float(value.astype("datetime64[us]").astype(np.int64)) / 1e6
    if isinstance(value, datetime):
        return _seconds(value)
    if isinstance(value, date):
        return _seconds(datetime(value.year, value.month, value.day))
    raise ValueError(f"{shown(value)} is not a date such as 2016-01-31 or 2016-01-31 17:00:00")


def parse_numbered_date(value: Any) -> float:
    """A date, also as a whole number such as 20160131 or seconds since 1970."""
    if isinstance(value, int | np.integer):
        numbered = numbered_dates(pl.Series([int(value)]))
        return parse_date(value if numbered is None else numbered[0])
    return parse_date(value)


def _moment(value: Any, text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        for form in _DATE_FORMATS:
            try:
                return datetime.strptime(text, form)
            except ValueError:
                continue
    raise ValueError(f"{shown(value)} is not a date such as 2016-01-31 or 2016-01-31 17:00:00")


def _seconds(moment: datetime) -> float:
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    return (moment - EPOCH).total_seconds()


def level_parser(levels: Mapping[str, int]) -> Parser:
    """A parser that returns a text level's index, and UNSEEN for any other text."""

    def parse(value: Any) -> float:
        if isinstance(value, str):
            text = value if value in levels else value.strip()
            if text not in levels and text.lower() in MISSING_WORDS:
                return NAN
            if text in levels:
                return float(levels[text])
            value = _untexted(text)
        if is_missing(value):
            return NAN
        return float(next((levels[text] for text in _spellings(value, levels) if text in levels), UNSEEN))

    return parse


def _untexted(text: str) -> Any:
    """The number or truth that a text stands for: in another file "1" may have become "1.0"."""
    if text.lower() in {"true", "false"}:
        return text.lower() == "true"
    try:
        number = parse_number(text)
    except ValueError:
        return text
    return text if math.isnan(number) else number


def _spellings(value: Any, levels: Iterable[str]) -> list[str]:
    """Texts that a value of another type may stand for: in another file "yes" may have become true."""
    if isinstance(value, bool | np.bool_):
        words = TRUE_WORDS if value else FALSE_WORDS
        return [text for text in levels if text.strip().lower() in words]
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return [str(value), str(int(value))]
    return [str(value)]


def with_boolean_words(parse_level: Parser) -> Parser:
    """A parser for levels such as "no" and "yes", of which it takes any spelling."""

    def parse(value: Any) -> float:
        number = parse_level(value)
        try:
            return parse_boolean(value) if number == UNSEEN else number
        except ValueError:
            return UNSEEN

    return parse


def shown(value: Any) -> str:
    """A value as a message quotes it, cut to a readable length."""
    text = repr(value.item() if isinstance(value, np.generic) else value)
    return text if len(text) <= 60 else f"{text[:57]}..."

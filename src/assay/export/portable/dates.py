"""Dates as people write them, without polars; the face of `assay.data.reading.dates` and `.epochs`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import cache

from assay.data.reading.dates import date_patterns
from assay.data.reading.epochs import DAYS, MILLISECONDS, SECONDS

Day = date | datetime

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_EPOCH = datetime(1970, 1, 1)
_PARTS = {  # blanks before a number or a word do not matter, as in Rust's chrono, which polars asks
    "%Y": r"\s*\+?(?P<Y>\d{1,4})",
    "%y": r"\s*(?P<y>\d{1,2})",
    "%m": r"\s*(?P<m>\d{1,2})",
    "%d": r"\s*(?P<d>\d{1,2})",
    "%H": r"\s*(?P<H>\d{1,2})",
    "%I": r"\s*(?P<I>\d{1,2})",
    "%M": r"\s*(?P<M>\d{1,2})",
    "%S": r"\s*(?P<S>\d{1,2})",
    "%.f": r"(?:\.(?P<f>\d+))?",
    "%b": rf"(?P<b>{'|'.join(month[:3] for month in _MONTHS)})",
    "%B": rf"(?P<b>{'|'.join(f'{month}|{month[:3]}' for month in _MONTHS)})",
    "%p": r"(?P<p>am|pm)",
    "%z": r"\s*(?P<z>[+-]\d{2}\s*:?\s*\d{2})",
    "%:z": r"\s*(?P<z>[+-]\d{2}\s*:?\s*\d{2})",
    " ": r"\s*",
}
_TOKEN = re.compile(r"%[.:]?[A-Za-z]|.", re.DOTALL)


def dates_in(texts: Sequence[str | None], pattern: str) -> list[Day | None]:
    """Days, or moments in UTC without a time zone, of texts in a known spelling; else None.

    Args:
        texts: without white space at the ends.
        pattern: as strftime has it, `%.f` for a fraction of a second and `%:z` for an offset with a colon.
    """
    read = _reader(pattern)
    return [None if text is None else read(text) for text in texts]


def written_dates(texts: Sequence[str | None], day_first: bool | None) -> tuple[list[Day | None], float]:
    """The texts read in the spelling of the first one that fits most, and the share of them that are dates.

    Args:
        texts: without white space at the ends.
        day_first: whether 01/02/2020 is the first of February, when the user knows.
    """
    filled = [text for text in texts if text is not None]
    best: tuple[list[Day | None], float] = ([], 0.0)
    for pattern in date_patterns(filled[0] if filled else "", day_first):
        values = dates_in(texts, pattern)
        share = sum(value is not None for value in values) / max(len(filled), 1)
        if not best[0] or share > best[1]:
            best = values, share
    return best


def numbered_dates(numbers: Sequence[int | None]) -> list[Day | None] | None:
    """Days or moments of whole numbers: 20200131, or seconds or milliseconds since 1970.

    None where one of them is no date.
    """
    present = [number for number in numbers if number is not None]
    if not present:
        return None
    low, high = min(present), max(present)
    if DAYS[0] <= low and high <= DAYS[1]:
        days = dates_in([None if number is None else str(number) for number in numbers], "%Y%m%d")
        return days if days.count(None) == len(numbers) - len(present) else None
    for (first, last), unit in ((SECONDS, 1_000_000), (MILLISECONDS, 1000)):
        if first <= low and high <= last:
            return [None if n is None else _EPOCH + timedelta(microseconds=n * unit) for n in numbers]
    return None


@cache
def _reader(pattern: str) -> Callable[[str], Day | None]:
    tokens = [str(token) for token in _TOKEN.findall(pattern)]
    if tokens[:3] == ["%Y", "%m", "%d"]:  # digits without a sign between them
        form = re.compile(r"(?P<Y>\d{4})(?P<m>\d{2})(?P<d>\d{2})", re.ASCII)
    else:
        form = re.compile(
            "".join(_PARTS.get(token, re.escape(token)) for token in tokens), re.ASCII | re.IGNORECASE
        )
    is_moment = "%H" in tokens or "%I" in tokens
    literals = [token for token in tokens if token not in _PARTS and token.isalpha()]

    def read(text: str) -> Day | None:
        found = form.fullmatch(text)
        if found is None or any(letter not in text for letter in literals):  # T and Z are capitals
            return None
        try:
            return _moment(found.groupdict()) if is_moment else _day(found.groupdict())
        except ValueError:
            return None

    return read


def _day(parts: dict[str, str | None]) -> date:
    year, month = parts.get("Y"), parts.get("m")
    short = int(parts.get("y") or 0)
    number = int(year) if year else short + (1900 if short >= 70 else 2000)
    named = str(parts.get("b") or "").lower()
    months = [name[:3] for name in _MONTHS]
    return date(number, int(month) if month else months.index(named[:3]) + 1, int(str(parts["d"])))


def _moment(parts: dict[str, str | None]) -> datetime:
    day = _day(parts)
    hour, second = int(parts.get("H") or 0), int(parts.get("S") or 0)
    if parts.get("I"):
        twelfth = int(str(parts["I"]))
        if not 1 <= twelfth <= 12:
            raise ValueError("no such hour")
        hour = twelfth % 12 + (12 if str(parts["p"]).lower() == "pm" else 0)
    leap = int(second == 60)  # a leap second is the first of the next minute
    micro = int((str(parts.get("f") or "") + "000000")[:6])
    moment = datetime(day.year, day.month, day.day, hour, int(str(parts["M"])), second - leap, micro)
    return moment + timedelta(seconds=leap) - _offset(parts.get("z"))


def _offset(text: str | None) -> timedelta:
    if not text:
        return timedelta(0)
    digits = re.sub(r"\D", "", text)
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 23 or minutes > 59:
        raise ValueError("no such offset")
    return timedelta(hours=hours, minutes=minutes) * (-1 if text.startswith("-") else 1)

"""Dates as people write them, column by column."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import polars as pl

_YEAR_FIRST = re.compile(r"(\d{4})([-/.])\d{1,2}\2\d{1,2}", re.ASCII)
_YEAR_LAST = re.compile(r"\d{1,2}([-/.])\d{1,2}\1(\d{4}|\d{2})", re.ASCII)
_DAY_WORD = re.compile(r"\d{1,2}([- ])([A-Za-z]{3,9})\1(\d{4}|\d{2})", re.ASCII)
_WORD_DAY = re.compile(r"([A-Za-z]{3,9}) \d{1,2}(,?) (\d{4})", re.ASCII)
_CLOCK = re.compile(
    r"(T| +)\d{1,2}:\d{2}(?P<second>:\d{2}(\.\d+)?)?(?P<half> ?[AaPp][Mm])?(?P<zone> ?Z| ?[+-]\d{2}:?\d{2})?",
    re.ASCII,
)


@dataclass(frozen=True)
class Dates:
    """What a column of text is worth as dates.

    Attributes:
        values: Date, or Datetime in microseconds without time zone; null where the text is no date.
        share: of the texts that are dates, 0 to 1.
        spelling: how they are written, as strftime has it.
        note: how they were written, where that had to be guessed.
    """

    values: pl.Series
    share: float
    spelling: str
    note: str = ""


def written_dates(text: pl.Series, day_first: bool | None) -> Dates | None:
    """Read the texts in the spelling of the first one; None where it is no date.

    Args:
        text: String column without white space at the ends.
        day_first: whether 01/02/2020 is the first of February, when the user knows.
    """
    filled = text.drop_nulls()
    first = str(filled.first() or "")
    best: Dates | None = None
    tried = [(spelling, _read(text, spelling, len(filled))) for spelling in date_patterns(first, day_first)]
    for _, dates in tried:
        if best is None or dates.share > best.share:
            best = dates
    complete = [dates for _, dates in tried if dates.share == 1.0]
    if len(complete) > 1 and not complete[0].values.equals(complete[1].values) and best is not None:
        order = "month" if tried[0][0].startswith("%m") else "day"
        note = f"{first!r} could be read both ways; read with the {order} first (set day_first if wrong)"
        return replace(best, note=note)
    return best


def dates_in(text: pl.Series, spelling: str) -> pl.Series:
    """Date, or Datetime in microseconds without time zone, of texts in a known spelling; else null."""
    if "%H" in spelling or "%I" in spelling:
        values = text.str.to_datetime(spelling, strict=False, time_unit="us", ambiguous="null")
        if values.dtype.time_zone is not None:  # type: ignore[attr-defined]
            values = values.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    else:
        values = text.str.to_date(spelling, strict=False)
    return values


def _read(text: pl.Series, spelling: str, present: int) -> Dates:
    values = dates_in(text, spelling)
    return Dates(values, (len(values) - values.null_count()) / max(present, 1), spelling)


def date_patterns(first: str, day_first: bool | None) -> list[str]:
    """The strftime patterns that the first text allows, the likelier first."""
    for pattern, days in (
        (_YEAR_FIRST, _year_first),
        (_YEAR_LAST, _year_last),
        (_DAY_WORD, _day_word),
        (_WORD_DAY, _word_day),
    ):
        found = pattern.match(first)
        if found:
            clock = _clock(first[found.end() :])
            return [] if clock is None else [day + clock for day in days(found, day_first)]
    return []


def _year_first(found: re.Match[str], day_first: bool | None) -> list[str]:
    return [f"%Y{found[2]}%m{found[2]}%d"]


def _year_last(found: re.Match[str], day_first: bool | None) -> list[str]:
    sign, year = found[1], "%Y" if len(found[2]) == 4 else "%y"
    month, day = f"%m{sign}%d{sign}{year}", f"%d{sign}%m{sign}{year}"
    if day_first is not None:
        return [day if day_first else month]
    return [day, month] if sign == "." else [month, day]


def _day_word(found: re.Match[str], day_first: bool | None) -> list[str]:
    year = "%Y" if len(found[3]) == 4 else "%y"
    return [f"%d{found[1]}{word}{found[1]}{year}" for word in ("%b", "%B")]


def _word_day(found: re.Match[str], day_first: bool | None) -> list[str]:
    return [f"{word} %d{found[2]} %Y" for word in ("%b", "%B")]


def _clock(rest: str) -> str | None:
    """The pattern of what follows the day; None where it is no time of day."""
    if not rest:
        return ""
    found = _CLOCK.fullmatch(rest)
    if found is None:
        return None
    hour, second = ("%I" if found["half"] else "%H"), (":%S%.f" if found["second"] else "")
    half = "" if not found["half"] else found["half"][:-2] + "%p"
    zone = found["zone"] or ""
    if zone:
        zone = zone[: len(zone) - len(zone.lstrip())] + (
            "Z" if zone.strip() == "Z" else "%:z" if ":" in zone else "%z"
        )
    return f"{found[1]}{hour}:%M{second}{half}{zone}"

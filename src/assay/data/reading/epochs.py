"""Whole numbers that are dates: 20200131, or seconds since 1970."""

from __future__ import annotations

import re

import polars as pl

DAYS = (19000101, 21001231)
SECONDS = (315_532_800, 4_102_444_800)  # 1980 to 2100
MILLISECONDS = (1000 * SECONDS[0], 1000 * SECONDS[1])
_FEWEST = 10  # different numbers; below, they look like dates by chance
_NAME = re.compile(r"date|time|stamp|epoch|unix|\bts\b|_(at|ts)$", re.IGNORECASE)


def numbered_dates(numbers: pl.Series) -> pl.Series | None:
    """Date or Datetime in microseconds of whole numbers; None where one of them is no date.

    `20200131` is a day; 1577836800 counts seconds since 1970 (UTC), 1577836800000 milliseconds.

    Args:
        numbers: integers; missing ones stay missing.
    """
    if _within(numbers, DAYS):
        days = numbers.cast(pl.String).str.to_date("%Y%m%d", strict=False)
        return days if days.null_count() == numbers.null_count() else None
    for span, unit in ((SECONDS, 1_000_000), (MILLISECONDS, 1000)):
        if _within(numbers, span):
            return (numbers.cast(pl.Int64) * unit).cast(pl.Datetime("us"))
    return None


def date_note(numbers: pl.Series) -> str:
    """What to say about whole numbers that look like dates and are read as numbers; nothing where they don't.

    Any ten valid days are dates, since hardly one number in a hundred of their size is one. Seconds could be
    any large number, so they must ascend, or stand under a name such as `timestamp`.
    """
    dates = numbered_dates(numbers)
    if dates is None or numbers.n_unique() < _FEWEST:
        return ""
    is_day = dates.dtype == pl.Date
    if not (is_day or _NAME.search(numbers.name) or numbers.drop_nulls().is_sorted()):
        return ""
    first, shown = numbers.drop_nulls()[0], str(dates.drop_nulls()[0])
    return (
        f"column {numbers.name!r} is read as numbers, which look like dates ({first} would be {shown}): "
        "give it the kind date if they are"
    )


def _within(numbers: pl.Series, span: tuple[int, int]) -> bool:
    low, high = numbers.min(), numbers.max()
    return isinstance(low, int) and isinstance(high, int) and span[0] <= low and high <= span[1]

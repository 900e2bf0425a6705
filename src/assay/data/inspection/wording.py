"""How numbers are written in sentences."""

from __future__ import annotations

from collections.abc import Iterable

_LISTED = 6  # names in a sentence


def percent(share: float) -> str:
    """`0.0512` as `5.12 %`: three digits, and no rounding to 0 or 100 of what isn't."""
    if share in (0.0, 1.0):
        return f"{share:.0%}".replace("%", " %")
    text = f"{100 * share:.3g}"
    if text == "100":
        text = "more than 99.9"
    return ("less than 0.01" if share < 0.0001 else text) + " %"


def rows(count: int) -> str:
    """`1 row`, `1,234 rows`."""
    return f"{count:,} row" + ("" if count == 1 else "s")


def columns(count: int) -> str:
    """`1 column`, `23 columns`."""
    return f"{count:,} column" + ("" if count == 1 else "s")


def number(value: float) -> str:
    """A number with four digits or, below ten millions, with all digits before the point."""
    return f"{value:.0f}" if 1000 <= abs(value) < 1e7 else f"{value:.4g}"


def listed(items: Iterable[str], of: int | None = None) -> str:
    """`a, b, c and 4 more`; `of` is how many there are, where `items` aren't all."""
    names = list(items)
    shown = names[:_LISTED]
    more = (of or len(names)) - len(shown)
    return ", ".join(shown) + (f" and {more:,} more" if more else "")


def span(seconds: float) -> str:
    """Seconds in the largest unit that fits: `10 minutes`, `1 day`."""
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= size:
            count = f"{seconds / size:.3g}"
            return f"{count} {unit}" + ("" if count == "1" else "s")
    return f"{seconds:.3g} seconds"

"""Spans of time as people type them."""

import re

from assay.core.errors import RecipeError

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0}


def parse_duration(text: str) -> float:
    """Seconds in `90`, `90s`, `10m`, `1h` or `1h30m`.

    Raises:
        RecipeError: the text is none of these, or is not above zero.
    """
    parts = re.findall(r"(\d+(?:\.\d+)?)\s*([smh]?)", text.strip().lower())
    spelled = "".join(number + unit for number, unit in parts)
    seconds = sum(float(number) * _UNITS[unit or "s"] for number, unit in parts)
    if spelled != text.strip().lower().replace(" ", "") or seconds <= 0:
        raise RecipeError(f"{text!r} is not a span of time", hint="write 90s, 10m or 1h30m")
    return seconds

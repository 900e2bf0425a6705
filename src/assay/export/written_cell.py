"""A raw number as a user writes it in a CSV."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping
from typing import Any

UNSEEN_TEXT = "a text that no training row had"
_EPOCH = dt.datetime(1970, 1, 1)
_EXACT = 2.0**53  # below it floats hold whole numbers exactly

Cell = str | None


def cell_writer(column: Mapping[str, Any]) -> Callable[[float], Cell]:
    """Writes the raw numbers of a column.

    Args:
        column: of schema.json.

    Returns:
        a function: the text that is read as this number, nothing for NaN; None where no text stands for it
        (a date that no calendar has, a number that stands for a missing value).
    """
    if column["dtype"] == "text":
        write = _level_writer(column["levels"])
    elif column["dtype"] == "boolean":
        write = {0.0: "false", 1.0: "true"}.get
    elif column["kind"] == "date":
        write = _date
    else:
        write = _number_writer(column["spelling"] or {})
    return lambda value: "" if math.isnan(value) else write(value)


def _level_writer(levels: list[str]) -> Callable[[float], Cell]:
    texts = {float(number): text for number, text in enumerate(levels)} | {-1.0: UNSEEN_TEXT}
    return texts.get


def _date(seconds: float) -> Cell:
    if not abs(seconds) < _EXACT / 1e6:
        return None
    micros = round(seconds * 1e6)
    if micros / 1e6 != seconds:
        return None
    return (_EPOCH + dt.timedelta(microseconds=micros)).isoformat(" ")


def _number_writer(spelling: Mapping[str, Any]) -> Callable[[float], Cell]:
    decimal, unit = spelling.get("decimal", "."), spelling.get("unit", "")
    stand_ins = {number for text in spelling.get("missing", ()) if (number := _number(text)) is not None}

    def write(value: float) -> Cell:
        if value in stand_ins or math.isinf(value):
            return None
        is_whole = value.is_integer() and 0.0 < abs(value) < _EXACT  # -0.0 keeps its sign
        text = str(int(value)) if is_whole else repr(value)
        return text.replace(".", decimal) + (f" {unit}" if unit else "")

    return write


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None

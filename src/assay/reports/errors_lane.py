"""A lane: a bar from 0 to a value with its interval, and a mark to compare it with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from assay.reports.numbers import is_number

Record = dict[str, Any]

_AIR = 0.03


@dataclass(frozen=True)
class Axis:
    """Maps values to places between 0 and 1; holds 0, and all that is drawn on it."""

    low: float
    high: float

    @classmethod
    def over(cls, values: Iterable[Any]) -> Axis:
        """The axis that holds 0 and every number among `values`, with a little air beyond them."""
        known = [0.0, *(float(value) for value in values if is_number(value))]
        low, high = min(known), max(known)
        air = _AIR * (high - low)
        return (
            cls(low - air if low < 0.0 else 0.0, high + air if high > 0.0 else 0.0) if air else cls(0.0, 1.0)
        )

    def place(self, value: float) -> str:
        """As a style takes it."""
        return f"{(value - self.low) / (self.high - self.low):.4f}"


def lane(axis: Axis, interval: Any, mark: Any = None, kind: str = "validation") -> Record:
    """Where bar, interval and mark stand; parts that are not known are left out.

    Args:
        axis: of all lanes that stand together.
        interval: `{"value", "low", "high"}`.
        mark: what to compare with, e.g. the mean of all rows.
        kind: the bar's colour.
    """
    given = interval if isinstance(interval, dict) else {}
    value, low, high = (given.get(name) for name in ("value", "low", "high"))
    drawn: Record = {"kind": kind}
    if is_number(value):
        drawn["bar"] = (axis.place(min(value, 0.0)), axis.place(axis.low + abs(value)))
    if is_number(low) and is_number(high):
        drawn["whisker"] = (axis.place(low), axis.place(axis.low + high - low))
    if is_number(mark):
        drawn["mark"] = axis.place(mark)
    return drawn

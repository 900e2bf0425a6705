"""Where a value stands on an axis, and which round numbers the axis shows."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from assay.reports.numbers import MINUS, is_number, number


@dataclass(frozen=True)
class Scale:
    """Maps values between `low` and `high` to 0..1; logarithmic when `log`."""

    low: float
    high: float
    log: bool = False

    @classmethod
    def over(cls, values: Iterable[object], *, zero: bool = False, wide_is_log: bool = False) -> Scale:
        """The scale that holds all finite `values`, with a little air.

        Args:
            values: numbers; others are passed over.
            zero: whether the axis starts at 0 (or ends there, when all values are negative).
            wide_is_log: take a logarithmic axis when positive values span more than a factor of 20.
        """
        known = [float(value) for value in values if is_number(value)]
        low, high = (min(known), max(known)) if known else (0.0, 1.0)
        if wide_is_log and low > 0 and high / low > 20:
            return cls(low / 1.15, high * 1.15, log=True)
        if zero:
            low, high = min(low, 0.0), max(high, 0.0)
        if low == high:
            low, high = low - (abs(low) or 1) / 2, high + (abs(high) or 1) / 2
        air = (high - low) * 0.06
        return cls(low if zero and low == 0 else low - air, high if zero and high == 0 else high + air)

    def __call__(self, value: float) -> float:
        """The place of `value`: 0 at `low`, 1 at `high`."""
        if self.log:
            return (math.log(value) - math.log(self.low)) / (math.log(self.high) - math.log(self.low))
        return (value - self.low) / (self.high - self.low)

    def ticks(self, num: int = 5) -> list[float]:
        """About `num` round values inside the scale, rising."""
        if self.log:
            return self._log_ticks(num)
        if num <= 0:
            return []
        step = _round_step((self.high - self.low) / num)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return [float(f"{index * step:.10g}") for index in range(first, last + 1)]

    def _log_ticks(self, num: int) -> list[float]:
        powers = range(math.floor(math.log10(self.low)), math.floor(math.log10(self.high)) + 1)
        for steps in ((1, 2, 5), (1, 3), (1,)):
            found = [float(f"{step}e{power}") for power in powers for step in steps]
            found = [value for value in found if self.low <= value <= self.high]
            if len(found) <= num + 2:
                return found
        return found[:: math.ceil(len(found) / num)]


def _round_step(rough: float) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= rough * 0.999)


def tick_texts(values: list[float]) -> list[str]:
    """Labels of an axis, short and in one unit: 0.25, 1995, 30k, 1.5M."""
    largest = max((abs(value) for value in values), default=0.0)
    if largest >= 1e9 or 0 < largest < 1e-3:
        return [number(value, 3) for value in values]
    size, unit = (1e6, "M") if largest >= 1e6 else (1e3, "k") if largest >= 1e4 else (1.0, "")
    return [f"{value / size:.6g}{unit if value else ''}".replace("-", MINUS) for value in values]

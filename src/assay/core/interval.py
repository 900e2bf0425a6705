"""A number that is honest about how well it is known."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from assay.core.numbers import number


@dataclass(frozen=True)
class Interval:
    """A value with the ends of its interval; `value` is None where only the ends are known."""

    value: float | None
    low: float
    high: float

    @property
    def ends(self) -> str:
        """`0.28 to 0.29`."""
        return f"{number(self.low)} to {number(self.high)}"

    def __str__(self) -> str:
        """`0.284 (0.28 to 0.29)`, or the ends alone where nothing else is known."""
        return self.ends if self.value is None else f"{number(self.value)} ({self.ends})"

    def to_json(self) -> dict[str, float | None]:
        """`{"value", "low", "high"}`."""
        return asdict(self)

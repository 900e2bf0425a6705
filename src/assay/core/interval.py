"""A number that is honest about how well it is known."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Interval:
    """A value with the ends of its interval; `value` is None where only the ends are known."""

    value: float | None
    low: float
    high: float

    def __str__(self) -> str:
        ends = f"{self.low:.4g} to {self.high:.4g}"
        return ends if self.value is None else f"{self.value:.4g} ({ends})"

    def to_json(self) -> dict[str, float | None]:
        """`{"value", "low", "high"}`."""
        return asdict(self)

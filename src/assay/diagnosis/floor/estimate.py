"""What one method says about the floor."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(frozen=True)
class Estimate:
    """One method's answer, in the metric's own terms (an error: 1 - accuracy, RMSE).

    Attributes:
        method: its name, e.g. "repeated rows".
        low: lower end of its 95 % interval; 0 where the method bounds the floor from above alone.
        high: upper end; None where the method bounds the floor from below alone.
        value: its best guess; None where it gives bounds alone.
        because: one sentence: what was found, and what it assumes.
    """

    method: str
    low: float
    high: float | None
    value: float | None
    because: str

    def to_json(self) -> dict[str, Any]:
        """`{"method", "low", "high", "value", "because"}`."""
        return asdict(self)

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> Self:
        """The estimate that `to_json` wrote."""
        return cls(**record)

"""The errors of a diagnosis as steps: floor, training, validation; each gap is the height of one step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assay.reports.numbers import is_number

Record = dict[str, Any]

GAPS = ("bias", "variance", "mismatch")
_BLAMED = {"high bias": "bias", "high variance": "variance", "mismatch": "mismatch"}


@dataclass(frozen=True)
class Step:
    """One error, and how far it lies above the step before.

    Attributes:
        name: of the error.
        error: `{"value", "low", "high"}`, None where not known.
        gap: bias, variance or mismatch; empty for the floor.
        size: of the gap, as an interval.
        is_blamed: whether the verdict names this gap.
    """

    name: str
    error: Record
    gap: str = ""
    size: Record | None = None
    is_blamed: bool = False

    @property
    def value(self) -> float | None:
        """The error, where it is known."""
        value = self.error["value"]
        return float(value) if is_number(value) else None


def steps(diagnosis: Record) -> list[Step]:
    """The steps of a diagnosis, the floor first; empty when it holds no error."""
    floor = interval_of(diagnosis.get("floor"))
    errors = {part: error_interval(diagnosis, part) for part in ("train", "train_like", "validation")}
    if not any(is_number(error["value"]) for error in errors.values()):
        return []
    blamed = _BLAMED.get(str(diagnosis.get("verdict")))

    def step(name: str, part: str, gap: str) -> Step:
        return Step(name, errors[part], gap, interval_of(diagnosis.get(gap)), gap == blamed)

    found = [Step("Floor", floor), step("Training error", "train", "bias")]
    if not is_number(errors["train_like"]["value"]):
        return [*found, step("Validation error", "validation", "variance")]
    return [
        *found,
        step("Validation, like training", "train_like", "variance"),
        step("Validation, to come", "validation", "mismatch"),
    ]


def error_interval(diagnosis: Record, part: str) -> Record:
    """A part's error: `{"value", "low", "high"}`, None where not known."""
    known = interval_of((diagnosis.get("intervals") or {}).get(f"{part}_error"))
    return known | {"value": diagnosis.get(f"{part}_error")}


def interval_of(value: Any) -> Record:
    """`{"value", "low", "high"}`, None where not known, of whatever stands in a record."""
    given = value if isinstance(value, dict) else {}
    return {name: given.get(name) for name in ("value", "low", "high")}

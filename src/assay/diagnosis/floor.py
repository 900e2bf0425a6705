"""The floor: the lowest error that anyone can reach on these data (Bayes error)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from assay.core.errors import RecipeError
from assay.core.interval import Interval
from assay.diagnosis.bootstrap import SHARES


@dataclass(frozen=True)
class Floor:
    """What is known about the lowest reachable error.

    Attributes:
        interval: the floor's value where it is known, and the ends that it cannot lie beyond.
        methods: where it comes from: "given" by the user, or bounded by the "validation error".
    """

    interval: Interval
    methods: tuple[str, ...]

    @classmethod
    def given(cls, value: float, metric: str) -> Floor:
        """The floor that the user states, e.g. the error of human experts.

        Raises:
            RecipeError: no error by this metric can have the value.
        """
        highest = 1.0 if metric in SHARES else math.inf
        if not (math.isfinite(value) and 0.0 <= value <= highest):
            expected = "between 0 and 1" if highest == 1.0 else "0 or above"
            hint = "0.15 means 15 %" if 1.0 < value <= 100.0 and highest == 1.0 else ""
            raise RecipeError(
                f"bayes_error = {value!r}: an error by {metric} is {expected}", hint=hint, where="bayes_error"
            )
        return cls(Interval(value, value, value), ("given",))

    @classmethod
    def unknown(cls, validation_error: Interval) -> Floor:
        """The floor that nobody stated.

        It lies between 0 and the validation error, an error that was reached on rows not trained on. The
        training error is no bound: rows that were memorised have an error below the floor.
        """
        return cls(Interval(None, 0.0, validation_error.high), ("validation error",))

    @property
    def is_known(self) -> bool:
        """Whether there is a value, and not only bounds."""
        return self.interval.value is not None

    def replicates(self, validation_B: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The floor's lower and upper end beside each replicate of the validation error, (B,) each."""
        low_B = np.full_like(validation_B, self.interval.low)
        high_B = np.full_like(validation_B, self.interval.high) if self.is_known else validation_B
        return low_B, high_B

    def to_json(self) -> dict[str, Any]:
        """`{"value", "low", "high", "methods"}`."""
        return {**self.interval.to_json(), "methods": list(self.methods)}

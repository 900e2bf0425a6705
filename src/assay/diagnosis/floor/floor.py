"""The floor: what is known about the lowest reachable error."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from assay.core.errors import RecipeError
from assay.core.interval import Interval
from assay.diagnosis.bootstrap import SHARES
from assay.diagnosis.floor.estimate import Estimate

_GIVEN = "given"
_HALF_WIDTH = 1.959964  # of a 95 % interval, in standard deviations


@dataclass(frozen=True)
class Floor:
    """What is known about the lowest reachable error.

    Attributes:
        interval: the floor's value where it is known or estimated, and the ends of its interval; without a
            value, the ends that it cannot lie beyond.
        methods: where it comes from: "given" by the user, bounded by the "validation error", or the names of
            the methods that decided the interval.
        estimates: what each method said.
        agreement: whether independent methods agree, or what the interval rests on; empty where only
            bounds are known.
    """

    interval: Interval
    methods: tuple[str, ...]
    estimates: tuple[Estimate, ...] = ()
    agreement: str = ""

    @classmethod
    def given(cls, value: float, metric: str) -> Self:
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
        return cls(Interval(value, value, value), (_GIVEN,))

    @classmethod
    def unknown(cls, validation_error: Interval) -> Self:
        """The floor that nobody stated.

        It lies between 0 and the validation error, an error that was reached on rows not trained on. The
        training error is no bound: rows that were memorised have an error below the floor.
        """
        return cls(Interval(None, 0.0, validation_error.high), ("validation error",))

    @property
    def is_known(self) -> bool:
        """Whether there is a value, and not only bounds."""
        return self.interval.value is not None

    @property
    def is_given(self) -> bool:
        """Whether the user stated it."""
        return self.methods == (_GIVEN,)

    def replicates(self, validation_B: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The floor's lower and upper end beside each replicate of the validation error, (B,) each.

        Both are the same where the floor has a value: draws of two halves of normal distributions that meet
        at the value and have the interval's ends at 2.5 and 97.5 % (a given floor does not move).
        """
        value, low, high = self.interval.value, self.interval.low, self.interval.high
        if value is None:
            return np.full_like(validation_B, low), validation_B
        normal_B = np.random.default_rng(0).standard_normal(len(validation_B))
        spread_B = np.where(normal_B < 0.0, value - low, high - value) / _HALF_WIDTH
        floor_B = np.maximum(value + spread_B * normal_B, 0.0)
        return floor_B, floor_B

    def to_json(self) -> dict[str, Any]:
        """`{"value", "low", "high", "methods"}`; and `{"estimates", "agreement"}` where it is estimated."""
        record: dict[str, Any] = {**self.interval.to_json(), "methods": list(self.methods)}
        if self.estimates:
            record["estimates"] = [estimate.to_json() for estimate in self.estimates]
            record["agreement"] = self.agreement
        return record

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> Self:
        """The floor that `to_json` wrote, by this version or by one that knew no estimates.

        Raises:
            KeyError, TypeError, ValueError: the record is another.
        """
        return cls(
            Interval(record["value"], record["low"], record["high"]),
            tuple(map(str, record["methods"])),
            tuple(Estimate.from_json(estimate) for estimate in record.get("estimates", ())),
            str(record.get("agreement", "")),
        )

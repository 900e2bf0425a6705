"""The gaps between errors: what a verdict is made of.

Shapes: B replicates of the bootstrap.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assay.core.interval import Interval
from assay.diagnosis.absent import Absent
from assay.diagnosis.bootstrap import interval
from assay.diagnosis.floor import Floor
from assay.diagnosis.measured import Measured

_SHARE = 0.1
_POINT = 0.005
_IN_UNITS = {"rmse", "mae"}


@dataclass(frozen=True)
class Gap:
    """The distance from one error to the next one.

    Attributes:
        name: bias, variance or mismatch.
        value: the distance; None where the floor has no value.
        low: its replicates where the floor is at its highest, (B,).
        high: and where it is at its lowest; the same for gaps that the floor has no part in.
        steps: of the training, train-like and validation error in it: -1, 0 or 1 each.
    """

    name: str
    value: float | None
    low: np.ndarray
    high: np.ndarray
    steps: tuple[int, int, int]

    @property
    def interval(self) -> Interval:
        """With 95 % ends that hold for every floor in the floor's interval."""
        return interval(self.value, self.low, self.high)

    def above(self, other: Gap) -> Interval:
        """This gap - the other one; both of a replicate share its errors and its floor."""
        known = None if self.value is None or other.value is None else self.value - other.value
        return interval(known, self.low - other.high, self.high - other.low)

    @property
    def distance(self) -> float:
        """The value of a gap between two errors.

        Raises:
            ValueError: it is the bias above a floor without a value.
        """
        if self.value is None:
            raise ValueError(f"the {self.name} has no value")
        return self.value


@dataclass(frozen=True)
class Gaps:
    """Bias, variance and, where validation is of another kind than training, mismatch; each with its noise.

    bias = training error - floor, variance = train-like error - training error, mismatch = validation error -
    train-like error. Where no train-like rows were held out, the validation rows are taken for such.

    The parts are different rows, so their replicates are independent; the gaps of one replicate share its
    errors, so that the noise of their differences is right.

    Attributes:
        metric: what the errors are made of.
        floor: the lowest error that anyone can reach, as far as it is known.
        train: on the training rows.
        validation: on the validation rows.
        absent: classes that the training rows have and the validation rows lack.
        train_like: on new rows of the training rows' kind, where validation is of another.
    """

    metric: str
    floor: Floor
    train: Measured
    validation: Measured
    absent: Absent
    train_like: Measured | None = None

    @property
    def like(self) -> Measured:
        """New rows that are taken to be of the training rows' kind."""
        return self.validation if self.train_like is None else self.train_like

    @property
    def parts(self) -> tuple[Measured, Measured, Measured]:
        """Training, train-like, validation; the second is the third where there is no other."""
        return self.train, self.like, self.validation

    @property
    def bias(self) -> Gap:
        """Training error - floor; without a value where the floor has none."""
        known = self.floor.interval.value
        low_B, high_B = self._floor_ends()
        value = None if known is None else self.train.error - known
        return Gap("bias", value, self.train.replicates - high_B, self.train.replicates - low_B, (1, 0, 0))

    @property
    def variance(self) -> Gap:
        """Train-like error - training error."""
        gap_B = self.like.replicates - self.train.replicates
        return Gap("variance", self.like.error - self.train.error, gap_B, gap_B, (-1, 1, 0))

    @property
    def mismatch(self) -> Gap | None:
        """Validation error - train-like error, where there are both."""
        if self.train_like is None:
            return None
        gap_B = self.validation.replicates - self.like.replicates
        return Gap("mismatch", self.validation.error - self.like.error, gap_B, gap_B, (0, -1, 1))

    @property
    def all(self) -> tuple[Gap, ...]:
        """Two gaps, or three."""
        return tuple(gap for gap in (self.bias, self.variance, self.mismatch) if gap is not None)

    @property
    def of_errors(self) -> tuple[Gap, ...]:
        """Those that the floor has no part in."""
        return self.all[1:]

    @property
    def margin(self) -> float:
        """A gap that surely lies below this is closed, one that surely lies above is open.

        A tenth of the validation error; for errors that are shares, half a percentage point if that is more.
        """
        return max(_SHARE * self.validation.error, 0.0 if self.metric in _IN_UNITS else _POINT)

    @property
    def parts_differ(self) -> bool:
        """Whether the errors are made on rows of another kind although they should not.

        Only that can lift the error on rows that were learnt from above the error on new ones.
        """
        return bool(self.absent.labels) or self.variance.interval.high < 0.0

    @property
    def have_intervals(self) -> bool:
        """Whether each part says how far its error is uncertain."""
        return all(part.has_interval for part in self.parts)

    def _floor_ends(self) -> tuple[np.ndarray, np.ndarray]:
        """The floor's ends, (B,) each.

        Those of an estimate are added to the noise of the errors as they stand: they may come from the same
        rows, so that nothing can be relied on to cancel.
        """
        ends, like_B = self.floor.interval, self.like.replicates
        if ends.value is None:
            return self.floor.replicates(like_B)
        return np.full_like(like_B, ends.low), np.full_like(like_B, ends.high)

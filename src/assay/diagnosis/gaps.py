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

_SHARE = 0.1
_POINT = 0.005
_IN_UNITS = {"rmse", "mae"}


@dataclass(frozen=True)
class Measured:
    """An error with its replicates.

    Attributes:
        error: on all rows.
        replicates: on resamples of them, (B,).
        num_rows: how many rows there are.
        bootstrap: how the resamples were drawn, in words.
    """

    error: float
    replicates: np.ndarray
    num_rows: int
    bootstrap: str

    @property
    def interval(self) -> Interval:
        """The error with its 95 % interval."""
        return interval(self.error, self.replicates)


@dataclass(frozen=True)
class Gaps:
    """Bias (training error - floor) and variance (validation error - training error), each with its noise.

    Training and validation rows are different rows, so their replicates are independent; both gaps of one
    replicate share its training error, so that the noise of `difference` is right.

    Attributes:
        metric: what the errors are made of.
        floor: the lowest error that anyone can reach, as far as it is known.
        train: on the training rows.
        validation: on the validation rows.
        absent: classes that the training rows have and the validation rows lack.
    """

    metric: str
    floor: Floor
    train: Measured
    validation: Measured
    absent: Absent

    @property
    def bias(self) -> Interval:
        """Training error - floor; without a value where the floor has none."""
        low_B, high_B = self._bias_replicates()
        known = self.floor.interval.value
        return interval(None if known is None else self.train.error - known, low_B, high_B)

    @property
    def variance(self) -> Interval:
        """Validation error - training error."""
        return interval(self.validation.error - self.train.error, self._variance_replicates())

    @property
    def difference(self) -> Interval:
        """Bias - variance: above zero, bias is the larger one."""
        (low_B, high_B), variance_B = self._bias_replicates(), self._variance_replicates()
        known = self.floor.interval.value
        value = None if known is None else 2.0 * self.train.error - self.validation.error - known
        return interval(value, low_B - variance_B, high_B - variance_B)

    @property
    def margin(self) -> float:
        """A gap that surely lies below this is closed.

        A tenth of the validation error; for errors that are shares, half a percentage point if that is more.
        """
        return max(_SHARE * self.validation.error, 0.0 if self.metric in _IN_UNITS else _POINT)

    @property
    def parts_differ(self) -> bool:
        """Whether the errors are made on rows of another kind.

        Only that can lift the error on rows that were learnt from above the error on new ones.
        """
        return bool(self.absent.labels) or self.variance.high < 0.0

    def _bias_replicates(self) -> tuple[np.ndarray, np.ndarray]:
        low_B, high_B = self.floor.replicates(self.validation.replicates)
        return self.train.replicates - high_B, self.train.replicates - low_B

    def _variance_replicates(self) -> np.ndarray:
        difference_B: np.ndarray = self.validation.replicates - self.train.replicates
        return difference_B

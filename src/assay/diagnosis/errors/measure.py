"""Measures a part of the rows against the rest.

Shapes: N rows, B replicates.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from assay.core.interval import Interval
from assay.core.metrics import error
from assay.core.seeds import child_seed
from assay.diagnosis.bootstrap import LEVEL, bootstrap, interval
from assay.diagnosis.errors.row_loss import row_losses, row_metric

if TYPE_CHECKING:
    from assay.core.predictions import Predictions

LEAST_IN_SLICE = 30
# Times the error elsewhere: of many rows, differences that nobody needs are beyond noise too.
_LEAST_LIFT = 1.2


@dataclass(frozen=True, eq=False)
class Measured:
    """A part with more error than the rest: both errors, and its share of the summed loss."""

    error: Interval
    elsewhere: Interval
    share: float
    errors: np.ndarray


@dataclass(frozen=True, eq=False)
class Measure:
    """Measures parts of the N rows that the rules were not chosen on.

    Attributes:
        p: their predictions.
        metric: of the diagnosis.
        num_tested: how many parts are looked at; the more, the more one of them must stand out.
        seed: names the bootstrap's draws.
        replicates: of the bootstrap.
    """

    p: Predictions
    metric: str
    num_tested: int
    seed: int
    replicates: int

    def slice(self, inside_N: np.ndarray) -> Measured | None:
        """The errors in and outside of a part; None when it has no more beyond noise."""
        if min(inside_N.sum(), (~inside_N).sum()) < LEAST_IN_SLICE:
            return None
        within, outside = (self.p.take(np.flatnonzero(mask)) for mask in (inside_N, ~inside_N))
        metric, losses_N = row_metric(self.p, self.metric), row_losses(self.p, self.metric)
        value, rest = error(within, metric), error(outside, metric)
        if value <= _LEAST_LIFT * rest:
            return None
        value_B, rest_B = (self._replicates(part, name) for part, name in ((within, "in"), (outside, "out")))
        if not self._is_beyond_noise(value - rest, value_B - rest_B):
            return None
        share = float(losses_N[inside_N].sum() / losses_N.sum())
        return Measured(interval(value, value_B), interval(rest, rest_B), share, value_B)

    def differ(self, one: Measured, other: Measured) -> bool:
        """Whether two parts have different errors beyond noise."""
        values = sorted(float(part.error.value or 0.0) for part in (one, other))
        return self._is_beyond_noise(values[1] - values[0], one.errors - other.errors)

    def _is_beyond_noise(self, distance: float, difference_B: np.ndarray) -> bool:
        level = 1.0 - (1.0 - LEVEL) / self.num_tested
        return distance > NormalDist().inv_cdf(level) * float(np.std(difference_B))

    def _replicates(self, part: Predictions, name: str) -> np.ndarray:
        # The size tells the draws of two parts apart.
        seed = child_seed(self.seed, name, len(part))
        return bootstrap(part, row_metric(part, self.metric), seed=seed, replicates=self.replicates)

"""What a column of numbers looks like: one sort, from which every count is read off."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assay.data.inspection.histogram import Histogram
from assay.data.inspection.outliers import Outliers, quantile

SHARES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)


@dataclass(frozen=True)
class Numbers:
    """The finite numbers of a column.

    Attributes:
        mean, std: in the column's unit; std is the sample's (N - 1 below), None for one number.
        low, high: the extremes.
        quantiles: by share, `SHARES`.
        three_sigma: outside mean +- 3 standard deviations; None without a standard deviation.
        percentile: outside the 1st to 99th percentile. About 2 % of a column without ties lie there by
            construction, and never more, so this count shows ties and the interval rather than a fault.
        histogram: None where it cannot be drawn.
    """

    mean: float
    std: float | None
    low: float
    high: float
    quantiles: dict[float, float]
    three_sigma: Outliers | None
    percentile: Outliers
    histogram: Histogram | None

    @classmethod
    def of_sorted(cls, ascending: np.ndarray) -> Numbers | None:
        """Describe (N,) sorted finite numbers; None for N = 0."""
        if not len(ascending):
            return None
        with np.errstate(over="ignore", invalid="ignore"):  # numbers near 1e308: the sums become infinite
            mean = float(ascending.mean())
            std = float(ascending.std(ddof=1)) if len(ascending) > 1 else None
            quantiles = {share: quantile(ascending, share) for share in SHARES}
            histogram = Histogram.of(ascending)
        three_sigma = None
        if std is not None and np.isfinite(std):
            three_sigma = Outliers.outside(ascending, mean - 3 * std, mean + 3 * std)
        percentile = Outliers.outside(ascending, quantiles[0.01], quantiles[0.99])
        return cls(
            mean,
            std,
            float(ascending[0]),
            float(ascending[-1]),
            quantiles,
            three_sigma,
            percentile,
            histogram,
        )

"""Whether a remedy helped: pairwise, on the same rows and seeds, beyond the noise of both.

Shapes: N rows, S seeds, B replicates of the bootstrap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assay.core.interval import Interval
from assay.core.metrics import error, weighted_error
from assay.core.predictions import Predictions
from assay.core.seeds import child_seed
from assay.diagnosis.resampling import Resampling

_LEVEL = 0.05  # the chance that any of the compared remedies is kept for nothing
_REPLICATES = 400
_CELLS = 1_000_000  # counts held at once


@dataclass(frozen=True)
class Comparison:
    """A recipe beside the one that it was made from.

    Attributes:
        before: the parent's validation error, the mean over the seeds.
        after: the candidate's.
        effect: after - before, with an interval that holds for all compared candidates together.
        before_by_seed: the parent's error for each seed.
        after_by_seed: the candidate's.
    """

    before: float
    after: float
    effect: Interval
    before_by_seed: tuple[float, ...]
    after_by_seed: tuple[float, ...]

    @property
    def helped(self) -> bool:
        """Whether the error fell beyond noise."""
        return self.effect.high < 0.0

    @property
    def harmed(self) -> bool:
        """Whether the error rose beyond noise."""
        return self.effect.low > 0.0


def compare(
    parent: Sequence[Predictions],
    candidate: Sequence[Predictions],
    metric: str,
    *,
    comparisons: int,
    seed: int,
    others: Sequence[np.ndarray] = (),
) -> Comparison:
    """The effect of a change on the validation error.

    Both recipes were trained S times, each time from the same seed, and predict the same rows. The effect's
    variance is the sum of two: over rows, by a bootstrap that draws the same rows for all (Efron 1979; blocks
    and groups as `Resampling` does), and over seeds, the variance of the S differences divided by S. A few
    differences tell their variance badly, so those of other candidates are pooled with them where that is the
    larger one. The interval is Student's t with Welch's and Satterthwaite's (1946) degrees of freedom, at a
    level that is divided by the number of comparisons (Bonferroni; Dunn 1961): the chance that any of them
    shows an effect where there is none is at most 5 %.

    Args:
        parent: the validation rows as the parent predicts them, S >= 2 times.
        candidate: the same of the candidate, by the same seeds.
        metric: of the error.
        comparisons: how many candidates are looked at in all.
        seed: names the draws.
        others: the S differences of other candidates for the same parent.
    """
    before_S = np.array([error(p, metric) for p in parent])
    after_S = np.array([error(p, metric) for p in candidate])
    difference_S = after_S - before_S
    resampling = Resampling.of(parent[0], metric)
    of_rows = _variance_over_rows(parent, candidate, metric, resampling, seed)
    of_seeds, freedom = _variance_over_seeds(difference_S, others)
    variance = of_rows + of_seeds
    value = float(difference_S.mean())
    if variance > 0.0:
        freedom = variance**2 / (of_rows**2 / max(resampling.units - 1, 1) + of_seeds**2 / freedom)
    half = _quantile(1.0 - _LEVEL / (2.0 * comparisons), freedom) * float(np.sqrt(variance))
    return Comparison(
        float(before_S.mean()),
        float(after_S.mean()),
        Interval(value, value - half, value + half),
        tuple(map(float, before_S)),
        tuple(map(float, after_S)),
    )


def _variance_over_rows(
    parent: Sequence[Predictions],
    candidate: Sequence[Predictions],
    metric: str,
    resampling: Resampling,
    seed: int,
) -> float:
    """Variance of the mean difference over resamples of the rows."""
    rng = np.random.default_rng(child_seed(seed, "comparison"))
    before, after = ([weighted_error(p, metric) for p in side] for side in (parent, candidate))
    at_once = max(1, min(_REPLICATES, _CELLS // max(len(parent[0]), 1)))
    differences: list[np.ndarray] = []
    for start in range(0, _REPLICATES, at_once):
        counts_BN = np.stack([resampling.draw(rng) for _ in range(min(at_once, _REPLICATES - start))])
        pairs = zip(before, after, strict=True)
        differences.append(np.mean([new(counts_BN) - old(counts_BN) for old, new in pairs], axis=0))
    return float(np.nanvar(np.concatenate(differences), ddof=1))


def _variance_over_seeds(difference_S: np.ndarray, others: Sequence[np.ndarray]) -> tuple[float, float]:
    """Variance of the mean of the differences, and its degrees of freedom."""
    known = [difference_S, *(other for other in others if len(other) > 1)]
    freedom = sum(len(differences) - 1 for differences in known)
    pooled = sum(float(np.var(d, ddof=1)) * (len(d) - 1) for d in known) / freedom
    own = float(np.var(difference_S, ddof=1))
    return max(own, pooled) / len(difference_S), float(freedom)


def _quantile(share: float, freedom: float) -> float:
    """Of Student's t distribution."""
    from scipy.stats import t

    return float(t.ppf(share, freedom))

"""How far an error would move if other rows had been drawn: the bootstrap.

Shapes: N rows, B replicates.
"""

from __future__ import annotations

import numpy as np

from assay.core.errors import DataError
from assay.core.interval import Interval
from assay.core.metrics import error, weighted_error
from assay.core.predictions import Predictions
from assay.core.seeds import child_seed
from assay.diagnosis.resampling import Resampling

LEVEL = 0.95
_CELLS = 1_000_000  # counts held at once: 8 MB, which stays in a processor's cache
SHARES = {"accuracy", "balanced_accuracy", "precision", "recall", "f1", "roc_auc"}
"""Metrics whose error lies between 0 and 1 because it is a share of something."""


def error_interval(p: Predictions, metric: str, *, seed: int = 0, replicates: int = 1000) -> Interval:
    """The error with its 95 % percentile interval (Efron 1979).

    It says how far the error of *this* network is uncertain because of the rows that it was measured on, and
    nothing about how another training would have come out. Where all rows are of one group there is no
    interval, and its ends are nan.

    Raises:
        RecipeError: the task has no such metric.
        DataError: the rows do not define the metric.
    """
    value = defined_error(p, metric)
    return interval(value, bootstrap(p, metric, seed=seed, replicates=replicates))


def defined_error(p: Predictions, metric: str, part: str = "given") -> float:
    """The error, which must be a number.

    Raises:
        RecipeError: the task has no such metric.
        DataError: the rows of the part do not define the metric.
    """
    value = error(p, metric)
    if np.isfinite(value):
        return value
    if len(p) == 0:
        raise DataError(f"the {part} rows are none, so their error is not defined")
    if p.task.is_classification and len(np.unique(p.truth)) == 1:
        raise DataError(
            f"the {part} rows are all of class {p.labels[p.truth[0]]!r}, so {metric} is not defined on them",
            hint="choose the metric accuracy, or a split that is stratified by class",
        )
    raise DataError(
        f"{metric} is not defined on the {len(p):,} {part} rows: the target does not vary, "
        "or a prediction is not finite",
        hint="choose another metric or split",
    )


def bootstrap(p: Predictions, metric: str, *, seed: int, replicates: int = 1000) -> np.ndarray:
    """The error on B resamples of what may count as independent (see `Resampling`), (B,) float64.

    Deviations from the error are widened as Student's t is wider than the normal distribution, since the
    spread is itself estimated, from few rows badly. Where the resamples agree, they say nothing: another
    distribution stands in (`_unseen`). From one group alone nothing can be drawn: all are nan.
    """
    resampling = Resampling.of(p, metric)
    if resampling.says_nothing:
        return np.full(replicates, np.nan)
    errors_B = _resampled(p, metric, resampling, seed, replicates)
    value = error(p, metric)
    rng, units = np.random.default_rng(child_seed(seed, "spread")), resampling.units
    at_an_end = metric in SHARES and value in {0.0, 1.0}
    if at_an_end or np.ptp(errors_B) <= 1e-12 * abs(value):
        return _unseen(p, metric, units, rng, replicates)
    wider_B = np.sqrt(units / rng.chisquare(units - 1, size=replicates))
    return np.clip(value + wider_B * (errors_B - value), 0.0, _highest(p, metric))


def interval(value: float | None, low_B: np.ndarray, high_B: np.ndarray | None = None) -> Interval:
    """The percentile interval of replicates, wide enough to hold the value.

    Args:
        value: the estimate on all rows, or None where only bounds are known.
        low_B: replicates of the estimate, or of its lower bound.
        high_B: replicates of its upper bound, where that is another one.

    Returns:
        nan at the ends where the replicates are nan.
    """
    low = float(np.quantile(low_B, (1.0 - LEVEL) / 2.0))
    high = float(np.quantile(low_B if high_B is None else high_B, (1.0 + LEVEL) / 2.0))
    if value is None or np.isnan(low):
        return Interval(value, low, high)
    return Interval(value, min(low, value), max(high, value))


def _resampled(p: Predictions, metric: str, resampling: Resampling, seed: int, replicates: int) -> np.ndarray:
    rng = np.random.default_rng(child_seed(seed, "bootstrap"))
    on_rows = weighted_error(p, metric)
    at_once = max(1, min(replicates, _CELLS // len(p)))
    errors_B = np.concatenate(
        [
            on_rows(np.stack([resampling.draw(rng) for _ in range(min(at_once, replicates - start))]))
            for start in range(0, replicates, at_once)
        ]
    )
    # A resample may leave a metric undefined (R2: all targets equal); those that define it stand in.
    defined = errors_B[np.isfinite(errors_B)]
    return np.resize(defined if len(defined) else np.array([error(p, metric)]), replicates)


def _highest(p: Predictions, metric: str) -> float:
    if metric == "brier":
        return 1.0 if p.output.shape[1] == 2 else 2.0
    return 1.0 if metric in SHARES | {"calibration_error"} else np.inf


def _unseen(p: Predictions, metric: str, units: int, rng: np.random.Generator, replicates: int) -> np.ndarray:
    """Replicates where the resamples have one error: no row was wrong, or each, or each class alike.

    For a share of n it counts as if at least one had been right and one wrong. That makes the ends those of
    Clopper & Pearson (1934) where all were right or all wrong. n is the number of independent pieces; for
    metrics that look at classes one by one, that of the rarest class, or of the rows said to be of it.
    A quantity's residuals of one size are taken for a sample of a normal distribution.
    """
    value = error(p, metric)
    if metric not in SHARES:
        return value * np.sqrt(units / rng.chisquare(units, size=replicates))
    num_seen = min(units, len(p) if metric == "accuracy" else _rarest(p, metric))
    return rng.beta(max(value * num_seen, 1.0), max((1.0 - value) * num_seen, 1.0), size=replicates)


def _rarest(p: Predictions, metric: str) -> int:
    counts = np.bincount(p.truth)
    rarest = int(counts[counts > 0].min())
    if metric == "precision" and p.output.shape[1] == 2:
        return min(rarest, int((p.predicted == 1).sum()))
    return rarest

"""How far an error would move if other rows had been drawn: the bootstrap over rows.

Shapes: N rows, B replicates.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from assay.core.errors import DataError
from assay.core.interval import Interval
from assay.core.metrics import error, weighted_error
from assay.core.predictions import Predictions
from assay.core.seeds import child_seed

LEVEL = 0.95
_CELLS = 1_000_000  # counts held at once: 8 MB, which stays in a processor's cache
_SHARES = {"accuracy", "balanced_accuracy", "precision", "recall", "f1", "roc_auc"}


def error_interval(p: Predictions, metric: str, *, seed: int = 0, replicates: int = 1000) -> Interval:
    """The error with its 95 % percentile interval (Efron 1979).

    It says how far the error of *this* network is uncertain because of the rows that it was measured on, and
    nothing about how another training would have come out.

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
    """The error on B resamples of the rows, (B,) float64.

    Rows are drawn with replacement, within each class for classes, so that no resample lacks a class.
    """
    rng = np.random.default_rng(child_seed(seed, "bootstrap"))
    if metric in _SHARES and error(p, metric) == 0.0:
        return _no_error_seen(p, metric, replicates, rng)
    on_rows = weighted_error(p, metric)
    errors_B = np.concatenate([on_rows(counts_BN) for counts_BN in _counts(p, replicates, rng)])
    # A resample of a few rows can leave R2 undefined (all targets equal); those that are defined stand in.
    return np.resize(errors_B[np.isfinite(errors_B)], replicates)


def interval(value: float | None, low_B: np.ndarray, high_B: np.ndarray | None = None) -> Interval:
    """The percentile interval of replicates, wide enough to hold the value.

    Args:
        value: the estimate on all rows, or None where only bounds are known.
        low_B: replicates of the estimate, or of its lower bound.
        high_B: replicates of its upper bound, where that is another one.
    """
    low = float(np.quantile(low_B, (1.0 - LEVEL) / 2.0))
    high = float(np.quantile(low_B if high_B is None else high_B, (1.0 + LEVEL) / 2.0))
    if value is None:
        return Interval(None, low, high)
    return Interval(value, min(low, value), max(high, value))


def _no_error_seen(p: Predictions, metric: str, replicates: int, rng: np.random.Generator) -> np.ndarray:
    """Replicates where not one row was wrong: resampling would claim certainty, even from ten rows.

    The posterior of a share under Jeffreys' prior after no error in n rows (Brown, Cai & DasGupta 2001); n is
    the number of rows, for metrics that look at classes one by one that of the rarest class.
    """
    counts = np.bincount(p.truth)
    num_rows = len(p) if metric == "accuracy" else counts[counts > 0].min()
    return rng.beta(0.5, num_rows + 0.5, size=replicates)


def _counts(p: Predictions, replicates: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """How often each row was drawn, (b, N) float64 at a time, until there are B."""
    strata = _strata(p)
    at_once = max(1, min(replicates, _CELLS // len(p)))
    for start in range(0, replicates, at_once):
        counts_BN = np.zeros((min(at_once, replicates - start), len(p)))
        for counts_N in counts_BN:
            for rows in strata:
                drawn = rng.integers(0, len(rows), size=len(rows), dtype=np.uint32)
                counts_N[rows] = np.bincount(drawn, minlength=len(rows))
        yield counts_BN


def _strata(p: Predictions) -> list[np.ndarray]:
    if not p.task.is_classification:
        return [np.arange(len(p))]
    return [np.flatnonzero(p.truth == number) for number in np.unique(p.truth)]

"""Which metrics a task has, and the error that each one makes.

Each metric is a function of *row weights* (B, N) -> (B,). With all weights one it is the metric; with the
counts of a bootstrap's draws as weights, B replicates at a time, it is the bootstrap of the same formula.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from assay.core.errors import RecipeError, did_you_mean
from assay.core.metrics import counts, losses
from assay.core.metrics.calibration import calibration_error
from assay.core.metrics.ranking import roc_auc
from assay.core.task import Task

if TYPE_CHECKING:
    from assay.core.predictions import Predictions

Weighted = Callable[[np.ndarray], np.ndarray]

_REGRESSION: dict[str, Callable[[Predictions], Weighted]] = {
    "rmse": losses.rmse,
    "mae": losses.mae,
    "r2": losses.r2,
}
_CLASSES: dict[str, Callable[[Predictions], Weighted]] = {
    "accuracy": losses.accuracy,
    "balanced_accuracy": counts.balanced_accuracy,
    "precision": counts.precision,
    "recall": counts.recall,
    "f1": counts.f1,
    "roc_auc": roc_auc,
    "log_loss": losses.log_loss,
    "brier": losses.brier,
    "calibration_error": calibration_error,
}
_ARE_ERRORS = {"rmse", "mae", "log_loss", "brier", "calibration_error"}

METRICS: dict[Task, tuple[str, ...]] = {
    task: tuple(_CLASSES if task.is_classification else _REGRESSION) for task in Task
}
"""The names of the metrics of each task."""


def check_metric(name: str, task: Task) -> None:
    """Refuse a metric that the task does not have.

    Raises:
        RecipeError: the name is unknown, or belongs to the other kind of task.
    """
    known = METRICS[task]
    if name in known:
        return
    elsewhere = any(name in names for names in METRICS.values())
    problem = f"the metric {name!r} is not for {task.value}" if elsewhere else f"unknown metric {name!r}"
    hint = f"known: {', '.join(known)}" if elsewhere else did_you_mean(name, known)
    raise RecipeError(problem, hint=hint, where="metric")


def measure(p: Predictions) -> dict[str, float]:
    """All metrics of the task, by name, over all rows.

    Binary precision, recall and F1 are those of the second label; with more classes they are macro averages.
    A metric that the rows do not define (ROC AUC where one class alone occurs) is nan.
    """
    return {name: _value(p, name) for name in METRICS[p.task]}


def error(p: Predictions, metric: str) -> float:
    """What an error analysis speaks of: 1 - metric, or the metric itself where it is an error already.

    Raises:
        RecipeError: the task has no such metric.
    """
    return float(weighted_error(p, metric)(np.ones((1, len(p))))[0])


def weighted_error(p: Predictions, metric: str) -> Weighted:
    """The error as a function of row weights: (B, N) float64 -> (B,) float64, nan where undefined.

    Raises:
        RecipeError: the task has no such metric.
    """
    check_metric(metric, p.task)
    value = _metric(p, metric)
    return value if metric in _ARE_ERRORS else lambda weights_BN: 1.0 - value(weights_BN)


def _metric(p: Predictions, name: str) -> Weighted:
    return (_CLASSES if p.task.is_classification else _REGRESSION)[name](p)


def _value(p: Predictions, name: str) -> float:
    return float(_metric(p, name)(np.ones((1, len(p))))[0])

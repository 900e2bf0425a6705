"""Fits a classifier's decision on validation rows, and keeps what proves itself on other rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

import numpy as np

from assay.bundle.calibration import calibrated, fit_platt, fit_temperature
from assay.bundle.decision import Decision
from assay.bundle.halves import halves
from assay.bundle.threshold import THRESHOLD_METRICS, fit_threshold
from assay.core.errors import RecipeError
from assay.core.metrics import calibration_curve, check_metric, error
from assay.core.numbers import number
from assay.core.predictions import Predictions
from assay.core.task import Task

Threshold = Literal["argmax", "fit"]
Halves = tuple[np.ndarray, np.ndarray]

_FEW_ROWS = 10  # in a half,
_FEW_OF_A_CLASS = 5  # and of the rarer class in it


def decide(
    validation: Predictions, metric: str, *, threshold: Threshold = "argmax", seed: int = 0
) -> Decision:
    """The decision for a classifier, from validation rows that its weights were not fitted to.

    Calibration: none, a temperature, or for two classes Platt's scaling, whichever has the lowest log-loss
    when it is fitted on one half of the rows and measured on the other, and the other way round. It changes
    no predicted class: only a fitted threshold does.

    Args:
        validation: predictions by the undecided network; halves respect its groups and times.
        metric: what a fitted threshold is to be best for.
        threshold: "fit" looks for one, for two classes and a metric that knows where to stop; it is kept if
            it is better than the most probable class on the halves that it was not fitted on.
        seed: of the halves and draws.

    Raises:
        RecipeError: the metric or `threshold` is unknown.
    """
    check_metric(metric, validation.task)
    if threshold not in ("argmax", "fit"):
        raise RecipeError(f"threshold = {threshold!r}: write 'argmax' or 'fit'")
    parts = halves(validation, seed)
    temperature, shift, crossed, because = _calibration(validation, parts)
    decision = Decision(temperature, shift, _unmoved(shift))
    found = {"metric": metric, "before": error(validation, metric), "after": error(validation, metric)}
    if threshold == "fit":
        fitted, found, why = _threshold(validation, decision, parts, metric, seed)
        decision = replace(decision, threshold=fitted)
        because = f"{because}; {why}"
    return replace(decision, record=_record(validation, crossed, decision, found, because))


def _calibration(p: Predictions, parts: Halves) -> tuple[float, float, Predictions, str]:
    """Temperature, shift, the rows' cross-fitted predictions, and why."""
    if (fewest := min(map(len, parts))) < _FEW_ROWS:
        few = f"a half of the validation rows has {fewest}, and {_FEW_ROWS} are needed"
        return 1.0, 0.0, p, f"no temperature: {few}"
    fits: dict[str, Callable[[Predictions], tuple[float, float]]] = {
        "a temperature": lambda rows: (fit_temperature(rows), 0.0)
    }
    if p.task is Task.BINARY:
        fits["a temperature and a shift"] = fit_platt
    tried = {name: _crossed(p, parts, fit) for name, fit in fits.items()}
    best = min(tried, key=lambda name: error(tried[name], "log_loss"))
    before, after = error(p, "log_loss"), error(tried[best], "log_loss")
    change = f"from {number(before)} to {number(after)} on rows it was not fitted to"
    if after >= before:
        return 1.0, 0.0, p, f"no temperature: {best} took the log-loss {change}"
    return *fits[best](p), tried[best], f"{best} took the log-loss {change}"


def _crossed(p: Predictions, parts: Halves, fit: Callable[[Predictions], tuple[float, float]]) -> Predictions:
    """The predictions of each half, calibrated by a fit to the other."""
    output_NK = p.output.copy()
    for fitted, measured in (parts, parts[::-1]):
        output_NK[measured] = calibrated(p.output[measured], *fit(p.take(fitted)))
    return replace(p, output=output_NK)


def _unmoved(shift: float) -> float | None:
    """The threshold with which a shift of the log-odds changes no predicted class."""
    return float(1.0 / (1.0 + np.exp(-shift))) if shift else None


def _threshold(
    p: Predictions, decision: Decision, parts: Halves, metric: str, seed: int
) -> tuple[float | None, dict[str, Any], str]:
    """The threshold, the cross-fitted errors before and after, and why."""
    before = error(p, metric)
    found: dict[str, Any] = {"metric": metric, "before": before, "after": before}
    if (refusal := _no_threshold(p, parts, metric)) is not None:
        return decision.threshold, found, f"no threshold: {refusal}"
    decided = decision.apply(p)
    chosen_N = np.empty(len(p))
    for fitted, measured in (parts, parts[::-1]):
        chosen_N[measured] = decided.output[measured, 1] > fit_threshold(decided.take(fitted), metric, seed)
    after = error(replace(p, output=np.stack([1.0 - chosen_N, chosen_N], axis=1)), metric)
    took = f"took the error ({metric}) from {number(before)} to {number(after)} on rows it was not fitted to"
    if after >= before:
        return decision.threshold, found, f"no threshold: one {took}"
    return fit_threshold(decided, metric, seed), found | {"after": after}, f"a threshold {took}"


def _no_threshold(p: Predictions, parts: Halves, metric: str) -> str | None:
    """Why none can be fitted."""
    if p.task is not Task.BINARY:
        return "it is for two classes, and with more the most probable one is the answer"
    if metric in {"precision", "recall"}:
        return f"{metric} alone is best at one end, where all rows get one answer; f1 knows where to stop"
    if metric not in THRESHOLD_METRICS:
        return f"{metric} depends on none"
    rarest = min(int(np.bincount(p.truth[part], minlength=2).min()) for part in parts)
    if rarest < _FEW_OF_A_CLASS:
        return f"a half of the validation rows has {rarest} of the rarer class, {_FEW_OF_A_CLASS} are needed"
    return None


def _record(
    p: Predictions, crossed: Predictions, decision: Decision, found: dict[str, Any], because: str
) -> dict[str, Any]:
    """What metrics.json says under "calibration"; everything "after" is cross-fitted."""
    return {
        "before": error(p, "calibration_error"),
        "after": error(crossed, "calibration_error"),
        "temperature": decision.temperature,
        "shift": decision.shift,
        "threshold": decision.threshold,
        "because": because,
        "log_loss": {"before": error(p, "log_loss"), "after": error(crossed, "log_loss")},
        "decision": found,
        "curves": {"before": calibration_curve(p), "after": calibration_curve(crossed)},
    }

"""What one row's error is, and how the error of some rows is written.

Shapes: N rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from assay.core.numbers import number

if TYPE_CHECKING:
    from assay.core.interval import Interval
    from assay.core.predictions import Predictions


def row_metric(p: Predictions, metric: str) -> str:
    """The metric that is a mean over rows and comes nearest to `metric`, so that a part of the rows has it.

    Classes: accuracy, whose error is the share of wrong rows. Quantities: MAE where that was asked for, else
    RMSE (R2 compares with the spread of the part itself, and would make an even part look bad).
    """
    if p.task.is_classification:
        return "accuracy"
    return "mae" if metric == "mae" else "rmse"


def row_losses(p: Predictions, metric: str) -> np.ndarray:
    """(N,) float64: 1 where the class is wrong; the absolute error for MAE; else the squared error."""
    if p.task.is_classification:
        wrong_N: np.ndarray = p.predicted != p.truth
        return wrong_N.astype(np.float64)
    residual_N: np.ndarray = np.abs(p.truth - p.output)
    return residual_N if metric == "mae" else np.square(residual_N)


def row_numbers(p: Predictions) -> np.ndarray:
    """(N,) int64 row numbers as a person counts them, from 1."""
    return (p.rows if len(p.rows) else np.arange(len(p))) + 1


def percent(share: float) -> str:
    """`18.1 %`, from a share of one."""
    return f"{100.0 * share:.3g} %"


def error_words(error: Interval, measure: str) -> str:
    """`41 % wrong (36 % to 46 %)`, `RMSE 96.2 (80.1 to 113.5)`."""
    if measure == "error rate":
        return f"{percent(error.value or 0.0)} wrong ({percent(error.low)} to {percent(error.high)})"
    return f"{measure} {number(error.value or 0.0)} ({number(error.low)} to {number(error.high)})"

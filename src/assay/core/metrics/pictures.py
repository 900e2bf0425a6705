"""What a report draws of predictions, small enough for a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from assay.core.metrics.calibration import calibration_curve
from assay.core.metrics.ranking import roc_curve

if TYPE_CHECKING:
    from assay.core.predictions import Predictions

_NUM_POINTS = 200
_NUM_BARS = 40
_NUM_BINS = 20


def confusion(p: Predictions) -> list[list[int]]:
    """Counts (K, K): a row is a true class, a column a predicted one, in the order of the labels."""
    num_classes = p.output.shape[1]
    cells = np.bincount(p.truth * num_classes + p.predicted, minlength=num_classes * num_classes)
    counts: list[list[int]] = cells.reshape(num_classes, num_classes).tolist()
    return counts


def curves(p: Predictions) -> dict[str, Any]:
    """ROC and calibration of the classes.

    Returns:
        "roc": one `{"label", "points": [[false-positive rate, true-positive rate], ...]}` a class (of two
        classes only the second), at most 200 points together, but never under 20 a class;
        "calibration": `{"probability", "frequency", "rows"}` a bin, as in `calibration_error`.
    """
    classes = [1] if p.output.shape[1] == 2 else range(p.output.shape[1])
    num_points = max(_NUM_POINTS // len(classes), 20)
    roc = [
        {"label": p.labels[k], "points": roc_curve(p.output[:, k], p.truth == k, num_points)} for k in classes
    ]
    return {"roc": roc, "calibration": calibration_curve(p)}


def residuals(p: Predictions) -> dict[str, Any]:
    """Residuals (truth - prediction, in the target's unit) of a regression.

    Returns:
        "histogram": {"edges" (41), "counts" (40)} between the 0.5th and 99.5th percentile, with "below" and
        "above" counting the rows outside;
        "by_prediction": 20 bins of equally many rows, in order of the prediction, each {"prediction" (mean),
        "truth" (mean), "low", "median", "high" (5th, 50th, 95th percentile of the residuals), "rows"};
        "points": at most 200 pairs [prediction, truth], spread evenly over the order of predictions.
    """
    order = np.argsort(p.output, kind="stable")
    spread = np.unique(np.linspace(0, len(p) - 1, min(_NUM_POINTS, len(p))).astype(np.int64))
    chosen = order[spread]
    return {
        "histogram": _histogram(p.truth - p.output),
        "by_prediction": [_bin(p, rows) for rows in np.array_split(order, _NUM_BINS) if len(rows)],
        "points": np.column_stack([p.output[chosen], p.truth[chosen]]).tolist(),
    }


def _histogram(residual: np.ndarray) -> dict[str, Any]:
    if not len(residual):
        return {"edges": [], "counts": [], "below": 0, "above": 0}
    low, high = np.quantile(residual, [0.005, 0.995])
    counts, edges = np.histogram(residual, bins=_NUM_BARS, range=(low, high))
    return {
        "edges": edges.tolist(),
        "counts": counts.tolist(),
        "below": int((residual < edges[0]).sum()),
        "above": int((residual > edges[-1]).sum()),
    }


def _bin(p: Predictions, rows: np.ndarray) -> dict[str, float]:
    low, median, high = np.quantile(p.truth[rows] - p.output[rows], [0.05, 0.5, 0.95])
    return {
        "prediction": float(p.output[rows].mean()),
        "truth": float(p.truth[rows].mean()),
        "low": float(low),
        "median": float(median),
        "high": float(high),
        "rows": len(rows),
    }

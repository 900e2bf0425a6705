"""The ROC curve: how many of a class are found for how many false alarms."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from assay.reports.plot import Plot
from assay.reports.scale import Scale

MOST_CLASSES = 5  # more lines cannot be told apart


def roc(curves: list[dict[str, Any]]) -> Markup:
    """One line a class (at most five), and the diagonal of pure chance; empty without points.

    Args:
        curves: `{"label", "points": [[false-positive rate, true-positive rate], ...]}` each.
    """
    drawn = [curve for curve in curves if curve.get("points")][:MOST_CLASSES]
    if not drawn:
        return Markup()
    labels = ", ".join(str(curve.get("label")) for curve in drawn)
    words = f"ROC curve: true-positive rate over false-positive rate, for {labels}"
    plot = Plot(Scale(0, 1), Scale(0, 1), label=words, height=None)
    plot.axes("false-positive rate", "true-positive rate")
    plot.line([0, 1], [0, 1], "ideal")
    for index, curve in enumerate(drawn, start=1):
        xs, ys = zip(*curve["points"], strict=True)
        plot.line(xs, ys, f"c{index}")
    return plot.markup()

"""Pictures of a regression's residuals: truth against prediction, their spread, and where they are large."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from assay.reports.histogram import known_bins
from assay.reports.numbers import MINUS, is_number, number
from assay.reports.plot import Plot
from assay.reports.scale import Scale

_AXIS = f"residual (true {MINUS} predicted)"


def truth_by_prediction(points: list[list[Any]], unit: str) -> Markup:
    """A dot a row and the line on which prediction and truth agree; empty without points.

    Args:
        points: pairs [prediction, truth].
        unit: the target's name.
    """
    known = [(x, y) for x, y in points if is_number(x) and is_number(y)]
    if not known:
        return Markup()
    both = Scale.over([value for point in known for value in point])
    words = (
        f"True {unit} over predicted {unit}, {len(known)} rows from {number(both.low)} to {number(both.high)}"
    )
    plot = Plot(both, both, label=words, height=None)
    plot.axes("predicted", "true")
    plot.line([both.low, both.high], [both.low, both.high], "ideal")
    for x, y in known:
        plot.dot(x, y, "validation cloud", f"predicted {number(x)}, true {number(y)}", radius=3)
    return plot.markup()


def residual_histogram(counts: list[Any], edges: list[Any]) -> Markup:
    """How often which residual occurs, 0 marked; empty when nothing was counted.

    Args:
        counts: rows in each bin.
        edges: ascending, one more than `counts`.
    """
    bins = known_bins(counts, edges)
    if not bins:
        return Markup()
    words = f"Histogram of the residuals from {number(bins[0][0])} to {number(bins[-1][1])}"
    highest = max(bins, key=lambda one: one[3])[3]
    plot = Plot(Scale.over([bins[0][0], bins[-1][1], 0]), Scale(0, highest * 1.05), label=words, height=None)
    plot.axes(_AXIS, "rows")
    plot.boxes(bins, "validation")
    plot.upright(0, "ideal")
    return plot.markup()


def residual_spread(bins: list[dict[str, Any]]) -> Markup:
    """The middle 90 % of the residuals and their median, by prediction; empty for fewer than two bins.

    Args:
        bins: `{"prediction", "low", "median", "high"}` each, in order of the prediction.
    """
    names = ("prediction", "low", "median", "high")
    known = [one for one in bins if all(is_number(one.get(name)) for name in names)]
    if len(known) < 2:
        return Markup()
    xs, lows, medians, highs = ([one[name] for one in known] for name in names)
    words = (
        f"Residuals by prediction: the middle 90 % spans {number(highs[0] - lows[0])} at the lowest "
        f"predictions and {number(highs[-1] - lows[-1])} at the highest"
    )
    along = Scale(min(xs), max(xs)) if min(xs) < max(xs) else Scale.over(xs)
    plot = Plot(along, Scale.over([*lows, *highs, 0]), label=words, height=240)
    plot.axes("predicted", _AXIS)
    plot.area(xs, lows, highs, "validation faint")
    plot.line([xs[0], xs[-1]], [0, 0], "ideal")
    plot.line(xs, medians, "validation")
    return plot.markup()

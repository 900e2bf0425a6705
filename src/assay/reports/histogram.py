"""How the values of one column are spread: bars over equal or unequal bins."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from assay.reports.numbers import is_number, number
from assay.reports.plot import Plot
from assay.reports.scale import Scale


def histogram(counts: list[Any], edges: list[Any], name: str, *, ticks: bool = True) -> Markup:
    """Bars of `counts` between neighbouring `edges` (one more than counts); empty when nothing was counted.

    Args:
        counts: rows in each bin.
        edges: ascending.
        name: what was counted, for those who hear the page.
        ticks: whether the axis has numbers; seconds since 1970, for one, say nothing.
    """
    bins = known_bins(counts, edges)
    if not bins:
        return Markup()
    fullest = max(bins, key=lambda one: one[3])
    words = (
        f"Histogram of {name} from {number(bins[0][0])} to {number(bins[-1][1])}; "
        f"the fullest bin is {number(fullest[0])} to {number(fullest[1])}"
    )
    plot = Plot(
        Scale(bins[0][0], bins[-1][1]), Scale(0, fullest[3] * 1.02), label=words, height=90, kind="small"
    )
    plot.axes(num_x=4 if ticks else 0, num_y=0)
    plot.boxes(bins, "plain")
    return plot.markup()


def known_bins(counts: list[Any], edges: list[Any]) -> list[tuple[float, float, float, float]]:
    """The bins that hold rows, as boxes: left, right, 0, count."""
    return [
        (low, high, 0.0, count)
        for count, low, high in zip(counts, edges, edges[1:], strict=False)
        if is_number(count) and is_number(low) and is_number(high) and count > 0 and low < high
    ]

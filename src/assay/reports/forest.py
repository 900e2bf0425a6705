"""A forest plot: intervals under each other, each with its words, and a line to compare them with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from assay.reports.numbers import is_number
from assay.reports.plot import Plot
from assay.reports.scale import Scale

_ROW = 46
_DOWN = 30  # from the row's top to its interval


@dataclass(frozen=True)
class Branch:
    """One interval.

    Attributes:
        name: what it is of.
        value: in words.
        low: its lower end; None: it is open, and reaches the picture's edge.
        middle: its best value, if it has one.
        high: its upper end, None as `low`.
        kind: the colour's class.
        remark: behind the value, where there is room.
    """

    name: str
    value: str
    low: float | None
    middle: float | None
    high: float | None
    kind: str
    remark: str = ""


def forest(
    branches: list[Branch], x_name: str, *, words: str, mark: float | None = None, band: Any = None
) -> Markup:
    """The picture; empty without branches.

    Args:
        branches: from top to bottom.
        x_name: of the axis.
        words: for those who cannot see it.
        mark: a value to compare with, a line from top to bottom.
        band: `{"low", "high"}`, a shade from top to bottom.
    """
    edges = [band.get("low"), band.get("high")] if isinstance(band, dict) else []
    values = [mark, *edges, *(value for one in branches for value in (one.low, one.middle, one.high))]
    if not branches or not any(map(is_number, values)):
        return Markup()
    scale = Scale.over(values)
    if min(filter(is_number, values)) >= 0.0:
        scale = Scale(max(scale.low, 0.0), scale.high)
    plot = Plot(scale, Scale(0, 1), label=words, height=len(branches) * _ROW, kind="forest")
    plot.axes(x_name, num_y=0)
    if len(edges) == 2 and is_number(edges[0]) and is_number(edges[1]):
        plot.bar(edges[0], edges[1], "band", top=0, height=len(branches) * _ROW)
    if mark is not None:
        plot.upright(mark, "zero")
    for row, branch in enumerate(branches):
        _draw(plot, row * _ROW, branch)
    return plot.markup()


def _draw(plot: Plot, top: int, branch: Branch) -> None:
    words = Markup('<tspan class="name">{}</tspan> <tspan class="value" dx="6">{}</tspan>').format(
        branch.name, branch.value
    )
    if branch.remark:
        words += Markup(' <tspan class="remark" dx="6">{}</tspan>').format(branch.remark)
    plot.text(plot.x.low, 1, words, "row", dy=top + 18)
    if branch.low is not None or branch.high is not None:
        low = plot.x.low if branch.low is None else branch.low
        high = plot.x.high if branch.high is None else branch.high
        plot.bar(low, high, f"limb {branch.kind}", top=top + _DOWN - 2, height=4, title=branch.value)
    if branch.middle is not None:
        plot.spot(branch.middle, top=top + _DOWN, kind=branch.kind, title=branch.value)

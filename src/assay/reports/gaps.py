"""The gaps picture: errors as stairs from the floor up; each gap is what one step adds to the one before."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from assay.reports.numbers import best, ends, error_name, is_number, number
from assay.reports.plot import Plot
from assay.reports.scale import Scale
from assay.reports.steps import Record, Step, interval_of, steps

_ROW = 62  # pixels: words, a bar, air
_BAR = 22
_DOWN = 26  # from the row's top to its bar


def gaps(diagnosis: dict[str, Any]) -> Markup:
    """The picture of a diagnosis; empty when it holds no error. What is not known is hatched."""
    stairs = steps(diagnosis)
    if not stairs:
        return Markup()
    values = [step.error[name] for step in stairs for name in ("value", "low", "high")]
    plot = Plot(
        Scale.over(values, zero=True),
        Scale(0, 1),
        label=_words(stairs),
        height=len(stairs) * _ROW,
        kind="gaps",
    )
    plot.axes(f"error ({error_name(diagnosis.get('metric'))})", num_y=0)
    _draw_floor(plot, stairs[0], len(stairs))
    reached = _base(stairs[0].error)
    for row, step in enumerate(stairs[1:], start=1):
        reached = _draw_step(plot, row, step, reached, stairs)
    return plot.markup()


def _base(floor: Record) -> float:
    """From where the training error's gap is drawn."""
    return float(next((floor[name] for name in ("value", "low") if is_number(floor[name])), 0.0))


def _draw_floor(plot: Plot, floor: Step, num_rows: int) -> None:
    low, high = floor.error["low"], floor.error["high"]
    is_band = is_number(low) and is_number(high) and low < high
    if floor.value is None:
        _say(plot, 0, floor.name, "not known", f"somewhere in {ends(floor.error)}" if is_band else "")
    else:
        remark = ends(floor.error) if is_band else "the lowest error that anyone can reach"
        _say(plot, 0, floor.name, best(floor.error), remark)
    base = _base(floor.error)
    plot.bar(0, base, "floor", top=_DOWN, height=_BAR)
    if is_band:
        title = "the floor lies somewhere in here"
        plot.bar(low, high, "unknown", top=_DOWN, height=_BAR, title=title)
        if floor.value is not None:
            plot.bar(low, high, "band", top=_DOWN + _BAR, height=(num_rows - 1) * _ROW, title=title)


def _draw_step(plot: Plot, row: int, step: Step, base: float, stairs: list[Step]) -> float:
    """Draw one error on top of the steps below it; returns where the next one starts."""
    top = row * _ROW + _DOWN
    if step.value is None:
        _say(plot, row, step.name, "not known", "")
        return base
    _say(plot, row, step.name, best(step.error), ends(step.error))
    _name_gap(plot, row, step)
    plot.bar(0, min(base, step.value), "below", top=top, height=_BAR)
    hazy = step.gap == "bias" and stairs[0].value is None  # nobody knows where the bias begins
    pale = any(one.is_blamed for one in stairs) and not step.is_blamed
    kinds = ["unknown" if hazy else step.gap, *(["blamed"] if step.is_blamed else ["pale"] if pale else [])]
    kinds += ["shrinks"] if step.value < base else []
    title = f"{step.gap}: from {number(base)} to {number(step.value)}"
    plot.bar(base, step.value, " ".join(kinds), top=top, height=_BAR, title=title)
    if base > 0.0:
        plot.drop(base, top=top - _ROW + _BAR, height=_ROW - _BAR)
    low, high = step.error["low"], step.error["high"]
    if is_number(low) and is_number(high):
        plot.whisker(low, high, top=top + _BAR // 2, title=f"{ends(step.error)} with 95 % confidence")
    return step.value


def _say(plot: Plot, row: int, name: str, value: str, remark: str) -> None:
    words = Markup('<tspan class="name">{}</tspan> <tspan class="value" dx="6">{}</tspan>').format(
        name, value
    )
    if remark:
        words += Markup(' <tspan class="remark" dx="6">{}</tspan>').format(remark)
    plot.text(plot.x.low, 1, words, "row", dy=row * _ROW + 18)


def _name_gap(plot: Plot, row: int, step: Step) -> None:
    is_known = is_number(interval_of(step.size)["value"])
    size = best(step.size) if is_known else "not known"
    blamed = " blamed" if step.is_blamed else ""
    words = Markup('<tspan class="square {}">■</tspan> <tspan class="gap{}">{} {}</tspan>').format(
        step.gap if is_known else "floor", blamed, step.gap, size
    )
    if step.is_blamed:
        words = Markup('<tspan class="remark">work on this: </tspan>') + words
    plot.text(plot.x.high, 1, words, "row end", dy=row * _ROW + 18)


def _words(stairs: list[Step]) -> str:
    parts = []
    for step in stairs:
        parts.append(_told(step.name.lower(), step.error))
        if step.gap:
            parts.append(_told(step.gap, step.size or {}) + (", which is to blame" if step.is_blamed else ""))
    return f"Errors as stairs: {', '.join(parts)}."


def _told(name: str, interval: Record) -> str:
    return f"{name} {best(interval) if is_number(interval.get('value')) else 'not known'}"

"""The gaps picture: floor, training error and validation error as bars that grow by bias and by variance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from assay.reports.numbers import best, ends, error_name, is_number, number
from assay.reports.plot import Plot
from assay.reports.scale import Scale

_ROW = 58  # pixels: words, a bar, air
_BAR = 18
_DOWN = 26  # from the row's top to its bar


def gaps(diagnosis: dict[str, Any]) -> Markup:
    """The picture of a diagnosis; empty when it holds no error. What is not known is hatched."""
    floor = _interval(diagnosis.get("floor"))
    train, validation = (error_interval(diagnosis, part) for part in ("train", "validation"))
    if not (is_number(train["value"]) or is_number(validation["value"])):
        return Markup()
    values = [interval[name] for interval in (floor, train, validation) for name in ("value", "low", "high")]
    plot = Plot(
        Scale.over(values, zero=True), Scale(0, 1),
        label=_words(diagnosis, floor, train, validation), height=3 * _ROW, kind="gaps",
    )  # fmt: skip
    plot.axes(f"error ({error_name(diagnosis.get('metric'))})", num_y=0)
    base = _floor_row(plot, floor)
    # Without a floor nobody knows where in the training error the bias begins.
    bias = "train" if is_number(floor["value"]) else "unknown"
    row = _Row(plot, 1, "Training error", bias)
    reached = row.draw(train, [(base, "floor")])
    start = base if reached is None else reached
    row = _Row(plot, 2, "Validation error", "validation")
    row.draw(validation, [(base, "floor"), (start, f"{bias} faint")])
    return plot.markup()


def error_interval(diagnosis: dict[str, Any], part: str) -> dict[str, Any]:
    """A part's error: `{"value", "low", "high"}`, None where not known."""
    known = _interval((diagnosis.get("intervals") or {}).get(f"{part}_error"))
    return known | {"value": diagnosis.get(f"{part}_error")}


def _interval(value: Any) -> dict[str, Any]:
    given = value if isinstance(value, dict) else {}
    return {name: given.get(name) for name in ("value", "low", "high")}


@dataclass(frozen=True)
class _Row:
    """Words and, under them, a bar."""

    plot: Plot
    number: int
    name: str
    kind: str

    def draw(self, error: dict[str, Any], below: list[tuple[float, str]]) -> float | None:
        """Draw an error on top of the parts `below` it (where each ends, its kind); returns the error."""
        value = error["value"]
        if not is_number(value):
            self.say("not known")
            return None
        self.say(best(error), ends(error))
        start = 0.0
        for end, kind in below:
            self.bar(start, min(end, value), kind)
            start = end
        shrinks = " shrinks" if value < start else ""
        self.bar(start, value, self.kind + shrinks, f"from {number(start)} to {number(value)}")
        if is_number(error["low"]) and is_number(error["high"]):
            middle = self.number * _ROW + _DOWN + _BAR // 2 - 1
            self.plot.bar(error["low"], error["high"], "whisker", top=middle, height=2, title=ends(error))
        return float(value)

    def bar(self, low: float, high: float, kind: str, title: str = "") -> None:
        self.plot.bar(low, high, kind, top=self.number * _ROW + _DOWN, height=_BAR, title=title)

    def say(self, value: str, remark: str = "") -> None:
        words = Markup('<tspan class="name">{}</tspan> <tspan class="value" dx="6">{}</tspan>').format(
            self.name, value
        )
        if remark:
            words += Markup(' <tspan class="remark" dx="6">{}</tspan>').format(remark)
        self.plot.text(self.plot.x.low, 1, words, "row", dy=self.number * _ROW + 18)


def _floor_row(plot: Plot, floor: dict[str, Any]) -> float:
    """Draw the floor; returns where the bias starts."""
    row = _Row(plot, 0, "Floor", "floor")
    value, low, high = floor["value"], floor["low"], floor["high"]
    if is_number(value):
        row.say(number(value), "the lowest reachable error")
        row.bar(0, value, "floor")
        return float(value)
    if is_number(low) and is_number(high):
        row.say("not known", f"somewhere in {ends(floor)}")
        row.bar(0, low, "floor")
        row.bar(low, high, "unknown faint", "the floor lies somewhere in here")
        return float(low)
    row.say("not known")
    return 0.0


def _words(
    diagnosis: dict[str, Any], floor: dict[str, Any], train: dict[str, Any], validation: dict[str, Any]
) -> str:
    parts = [
        f"{name} {best(interval)}" if is_number(interval["value"]) else f"{name} not known"
        for name, interval in (
            ("floor", floor),
            ("training error", train),
            ("bias", _interval(diagnosis.get("bias"))),
            ("validation error", validation),
            ("variance", _interval(diagnosis.get("variance"))),
        )
    ]
    return f"Errors as bars: {', '.join(parts)}."

"""The learning curve: errors by training rows, and where the validation error would go with more."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from assay.reports.numbers import best, ends, error_name, is_number, number
from assay.reports.plot import Plot
from assay.reports.scale import Scale
from assay.reports.steps import interval_of

Record = dict[str, Any]

_BESIDE = {"train": 0.975, "validation": 1.0}  # so that two intervals do not lie on each other


def learning_curve(record: Record) -> Markup:
    """The picture of `learning_curve.json`; empty when it has fewer than two points."""
    points = [point for point in record.get("points") or [] if is_number(point.get("rows"))]
    if len({point["rows"] for point in points}) < 2:
        return Markup()
    curve = [one for one in record.get("curve") or [] if _is_whole(one)]
    rows = [one["rows"] for one in (*points, *curve)]
    errors = [point.get(f"{part}_error") for point in points for part in ("train", "validation")]
    values = [interval_of(error)[name] for error in errors for name in ("value", "low", "high")]
    values += [one["error"][name] for one in curve for name in ("low", "high")]
    plot = Plot(
        Scale(min(rows) / 1.12, max(rows) * 1.12, log=True), Scale.over(values),
        label=_words(points, record), height=300,
    )  # fmt: skip
    plot.axes("training rows", f"error ({error_name(record.get('metric'))})", num_x=4)
    _draw_curve(plot, curve, max(point["rows"] for point in points))
    for part in ("train", "validation"):
        _draw_points(plot, points, part)
    return plot.markup()


def _is_whole(one: Record) -> bool:
    error = interval_of(one.get("error"))
    return is_number(one.get("rows")) and all(map(is_number, error.values()))


def _draw_curve(plot: Plot, curve: list[Record], measured: int) -> None:
    if not curve:
        return
    rows = [one["rows"] for one in curve]
    low, value, high = ([one["error"][name] for one in curve] for name in ("low", "value", "high"))
    plot.area(rows, low, high, "validation faint")
    known = [index for index, count in enumerate(rows) if count <= measured * 1.0001]
    split = known[-1] if known else 0
    plot.line(rows[: split + 1], value[: split + 1], "validation")
    plot.line(rows[split:], value[split:], "validation ahead")
    plot.upright(measured, "now")


def _draw_points(plot: Plot, points: list[Record], part: str) -> None:
    for point in points:
        at = point["rows"] * _BESIDE[part]
        error = interval_of(point.get(f"{part}_error"))
        if is_number(error["low"]) and is_number(error["high"]):
            plot.line([at, at], [error["low"], error["high"]], f"{part} stem")
        if is_number(error["value"]):
            words = f"{number(point['rows'])} rows: {part} error {best(error)} ({ends(error)})"
            plot.dot(at, error["value"], part, words, radius=5)


def _words(points: list[Record], record: Record) -> str:
    told = [
        f"{number(point['rows'])} rows: training {best(point.get('train_error'))}, "
        f"validation {best(point.get('validation_error'))}"
        for point in points
    ]
    return f"Learning curve. {'; '.join(told)}. {record.get('because') or ''}".strip()

"""The gaps picture for a terminal: the report's stairs, drawn with characters."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from assay.reports.numbers import MINUS, best, ends, error_name, is_number
from assay.reports.scale import Scale, tick_texts
from assay.reports.steps import Step, steps

Span = tuple[str, str]
"""Characters, and what they are: name, value, soft, floor, below, unknown, bias, variance, mismatch or blank.

A gap that is to blame ends in " blamed", and what stands on a bar in " over"."""

_GLYPHS = {
    "floor": "▓",
    "below": "░",
    "unknown": "▒",
    "shrinks": "╌",
    "blamed": "█",
    "gap": "▓",
    "blank": " ",
}
_ASCII = {"floor": "=", "below": ".", "unknown": ":", "shrinks": "-", "blamed": "#", "gap": "=", "blank": " "}
_WHISKER, _ASCII_WHISKER = "├─┼┤", "[-+]"
_TO_ASCII = str.maketrans({MINUS: "-", "\N{NO-BREAK SPACE}": " ", "\N{EN DASH}": "-", "²": "2"})


def gap_lines(diagnosis: dict[str, Any], *, width: int = 80, ascii_only: bool = False) -> list[list[Span]]:
    """The picture of a diagnosis, line by line; empty when it holds no error.

    Two lines an error: its words, with the gap that it opens at the right, and its bar. Without colours the
    glyphs alone tell the parts apart.

    Args:
        diagnosis: as diagnosis.json holds it.
        width: characters of a line.
        ascii_only: whether the terminal has no others.
    """
    stairs = steps(diagnosis)
    if not stairs:
        return []
    scale = Scale.over([step.error[name] for step in stairs for name in ("value", "low", "high")], zero=True)
    lines, base = [], 0.0
    for step in stairs:
        lines.append(_words(step, width))
        if step.gap and step.value is None:
            continue
        bar = _Bar(scale, width, ascii_only=ascii_only)
        base = bar.draw(step, base, is_known=stairs[0].value is not None)
        lines.append(bar.spans())
    lines += [[(_ticks(scale, width), "soft")], [(_legend(diagnosis), "soft")]]
    return [[(_in_ascii(text), kind) for text, kind in line] for line in lines] if ascii_only else lines


def _in_ascii(text: str) -> str:
    return text.translate(_TO_ASCII).encode("ascii", "replace").decode("ascii")


class _Bar:
    """Cells of one line, each a glyph and what it is."""

    def __init__(self, scale: Scale, width: int, *, ascii_only: bool) -> None:
        self._scale = scale
        self._glyphs, self._whisker = (_ASCII, _ASCII_WHISKER) if ascii_only else (_GLYPHS, _WHISKER)
        self._cells: list[Span] = [(" ", "blank")] * width

    def draw(self, step: Step, base: float, *, is_known: bool) -> float:
        """Draw a step from where the last one ended; returns where the next one starts."""
        low, high = step.error["low"], step.error["high"]
        if not step.gap:
            return self._floor(step.value, low, high)
        value = step.value or 0.0
        self._fill(0.0, min(base, value), "below", "below")
        glyph = "shrinks" if value < base else "blamed" if step.is_blamed else "gap"
        kind = step.gap if is_known or step.gap != "bias" else "unknown"
        blamed = " blamed" if step.is_blamed else ""
        glyph = "unknown" if kind == "unknown" else glyph
        self._fill(min(base, value), max(base, value), kind + blamed, glyph)
        if is_number(low) and is_number(high):
            self._interval(low, value, high)
        return value

    def _floor(self, value: float | None, low: Any, high: Any) -> float:
        known = [end for end in (value, low) if is_number(end)]
        base = float(known[0]) if known else 0.0
        self._fill(0.0, base, "floor", "floor")
        if is_number(low) and is_number(high) and low < high:
            self._fill(low, high, "unknown", "unknown")
        return base

    def spans(self) -> list[Span]:
        """The line, equal neighbours joined."""
        text: list[Span] = []
        for kind, cells in groupby(self._cells, lambda cell: cell[1]):
            text.append(("".join(glyph for glyph, _ in cells), kind))
        while text and text[-1][1] == "blank":
            text.pop()
        return text

    def _at(self, value: float) -> int:
        return round(self._scale(value) * len(self._cells))

    def _fill(self, low: float, high: float, kind: str, glyph: str) -> None:
        start, end = self._at(low), self._at(high)
        if low < high:  # what there is shows, in the last cell if need be
            start, end = min(start, len(self._cells) - 1), max(end, start + 1)
        for cell in range(start, min(end, len(self._cells))):
            self._cells[cell] = (self._glyphs[glyph], kind)

    def _interval(self, low: float, value: float, high: float) -> None:
        first, middle, last = (min(max(self._at(end), 1), len(self._cells)) - 1 for end in (low, value, high))
        if last - first < 2:  # narrower than can be drawn
            return
        start, line, cross, end = list(self._whisker)
        for cell in range(middle, last + 1):
            self._mark(cell, end if cell == last else cross if cell == middle else line)
        if first < middle:  # between here and the middle the bar stays to be seen
            self._mark(first, start)

    def _mark(self, cell: int, glyph: str) -> None:
        kind = self._cells[cell][1]
        self._cells[cell] = (glyph, "value" if kind == "blank" else f"{kind} over")


def _words(step: Step, width: int) -> list[Span]:
    """The error at the left, the gap at the right; the least important is left out where it does not fit."""
    value = best(step.error) if step.value is not None else "not known"
    left = [(step.name, "name"), (f" {value}", "value")]
    remarks = [(f"  {_between(step)}", "soft")], [("work on this: ", "soft")] if step.is_blamed else []
    gap = _gap_words(step)
    for between, advice in (remarks, ([], remarks[1]), ([], [])):
        air = width - _length(left + between + advice + gap)
        if air > 0:
            break
    return [*left, *between, (" " * max(air, 1), "blank"), *advice, *gap] if gap else left + between


def _between(step: Step) -> str:
    if step.error["low"] == step.error["high"]:
        return ""
    return ends(step.error) if step.value is not None else f"somewhere in {ends(step.error)}"


def _gap_words(step: Step) -> list[Span]:
    if not step.gap:
        return []
    size = best(step.size) if step.size and is_number(step.size["value"]) else "not known"
    return [(f"{step.gap} {size}", f"{step.gap} blamed" if step.is_blamed else step.gap)]


def _length(spans: list[Span]) -> int:
    return sum(len(text) for text, _ in spans)


def _ticks(scale: Scale, width: int) -> str:
    line = [" "] * (width + 8)
    values = scale.ticks(4)
    for value, text in zip(values, tick_texts(values), strict=True):
        start = min(round(scale(value) * width), width - len(text))
        line[start : start + len(text)] = text
    return "".join(line).rstrip()


def _legend(diagnosis: dict[str, Any]) -> str:
    return f"error: {error_name(diagnosis.get('metric'))}; from end to end: 95 % confidence"

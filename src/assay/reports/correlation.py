"""The correlation picture: one square for each pair of columns, coloured by strength and sign."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from assay.reports.numbers import is_number, number
from assay.reports.plot import Plot
from assay.reports.scale import Scale

MOST_NAMED = 32  # more names than this would touch each other
_LONGEST_NAME = 18
_STEPS = 6  # shades for each sign: an eye tells no more apart
_WEAK = 0.05  # paler than the palest shade

Matrix = list[list[Any]]


def correlation(names: list[str], matrix: Matrix) -> Markup:
    """The lower triangle, names along the diagonal; empty for fewer than two columns.

    Squares of one shade are one path, so that the picture of 90 columns stays small.
    """
    num = len(names)
    if num < 2:
        return Markup()
    plot = Plot(Scale(0, num), Scale(0, num), label=_words(names, matrix), height=None, kind="correlation")
    shades: dict[str, list[tuple[float, float, float, float]]] = {}
    for row, values in enumerate(matrix):
        for column, value in enumerate(values[: row + 1]):
            shade = _shade(value) if is_number(value) and abs(value) >= _WEAK else "none"
            shades.setdefault(shade, []).append((column, column + 1, num - row - 1, num - row))
    for shade, squares in shades.items():
        plot.boxes(squares, shade)
    for row, name in enumerate(names if num <= MOST_NAMED else []):
        plot.text(row + 1, num - row - 0.5, _shortened(name), "tick", dx=6, dy=4)
    return plot.markup()


def strongest_pairs(names: list[str], matrix: Matrix, most: int = 10) -> list[tuple[str, str, float]]:
    """The pairs of different columns with the largest absolute correlation, strongest first."""
    pairs = [
        (names[column], names[row], value)
        for row, values in enumerate(matrix)
        for column, value in enumerate(values[:row])
        if is_number(value)
    ]
    return sorted(pairs, key=lambda pair: -abs(pair[2]))[:most]


def _shade(value: float) -> str:
    strength = min(int(abs(value) * _STEPS) + 1, _STEPS)
    return f"{'minus' if value < 0 else 'plus'} s{strength}"


def _shortened(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"


def _words(names: list[str], matrix: Matrix) -> str:
    words = f"Correlations of {len(names)} columns."
    for left, right, value in strongest_pairs(names, matrix, most=1):
        words += f" The strongest is {number(value, 2)}, between {left} and {right}."
    return words

"""What the calculus found, layer by layer, as text, as a page and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from assay.networks.shapes.size import Shape, Volume

_TITLES = ("layer", "output", "size", "parameters", "multiply-adds", "sees")
_MARK = "*"
_LEFT = 3  # columns of words; the others are numbers


@dataclass(frozen=True, slots=True)
class Row:
    """One layer.

    Attributes:
        layer: as it was written.
        output: the shape that it gives.
        formula: how the size comes about; empty where it stays.
        parameters: trained numbers.
        parameter_formula: how they come about; empty where there are none.
        multiply_adds: for one input; torch's flop counter counts each as two operations.
        receptive_field: height and width of the part of the input that one output number is made from,
            the padding counted in.
    """

    layer: str
    output: Shape
    formula: str
    parameters: int
    parameter_formula: str
    multiply_adds: int
    receptive_field: tuple[int, int]

    def to_json(self) -> dict[str, Any]:
        """As `assay shapes --json` prints it."""
        return {
            "layer": self.layer,
            "output": str(self.output),
            "parameters": self.parameters,
            "formula": self.formula,
            "parameter_formula": self.parameter_formula,
            "multiply_adds": self.multiply_adds,
            "receptive_field": list(self.receptive_field),
        }


@dataclass(frozen=True)
class ShapeReport:
    """The layers in order; prints itself as a table, and shows itself in a notebook."""

    input: Shape
    layers: tuple[Row, ...]

    @property
    def output(self) -> Shape:
        """What the last layer gives."""
        return self.layers[-1].output

    @property
    def parameters(self) -> int:
        """Trained numbers of all layers."""
        return sum(row.parameters for row in self.layers)

    @property
    def multiply_adds(self) -> int:
        """Multiplications of one input."""
        return sum(row.multiply_adds for row in self.layers)

    def to_json(self) -> dict[str, Any]:
        """As `assay shapes --json` prints it."""
        return {
            "input": str(self.input),
            "layers": [row.to_json() for row in self.layers],
            "output": str(self.output),
            "parameters": self.parameters,
            "multiply_adds": self.multiply_adds,
        }

    def __str__(self) -> str:
        lines = [_TITLES, *self._cells()]
        widths = [max(len(line[column]) for line in lines) for column in range(len(_TITLES))]
        return "\n".join([*(_aligned(line, widths) for line in lines), *self._notes()])

    def _repr_html_(self) -> str:
        head = "".join(f"<th style='text-align:left'>{title}</th>" for title in _TITLES)
        rows = "".join(
            "<tr>" + "".join(f"<td style='text-align:left'>{escape(cell)}</td>" for cell in line) + "</tr>"
            for line in self._cells()
        )
        notes = "".join(f"<p>{escape(note)}</p>" for note in self._notes())
        return f"<table><tr>{head}</tr>{rows}</table>{notes}"

    def _notes(self) -> list[str]:
        is_beyond = any(_is_beyond(row.receptive_field, self.input) for row in self.layers)
        return [f"{_MARK} more than the input has: the rest is padding"] if is_beyond else []

    def _cells(self) -> list[tuple[str, ...]]:
        rows = [_cells(row, self.input) for row in self.layers]
        total = ("total", "", "", f"{self.parameters:,}", f"{self.multiply_adds:,}", "")
        return [("input", str(self.input), "", "", "", ""), *rows, total]


def _cells(row: Row, input: Shape) -> tuple[str, ...]:
    return (
        row.layer,
        str(row.output),
        row.formula,
        f"{row.parameters:,}" if row.parameters else "",
        f"{row.multiply_adds:,}" if row.multiply_adds else "",
        _seen(row.receptive_field, input),
    )


def _seen(field: tuple[int, int], input: Shape) -> str:
    """The receptive field, marked where it is larger than the input."""
    height, width = field
    size = f"{height}" if height == width else f"{height}x{width}"
    return f"{size}{_MARK}" if _is_beyond(field, input) else size


def _is_beyond(field: tuple[int, int], input: Shape) -> bool:
    return isinstance(input, Volume) and (field[0] > input.height or field[1] > input.width)


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    words = [
        cell.ljust(width) if column < _LEFT else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return "  ".join(words).rstrip()

"""Rows as they came from a file or from memory, before their columns are understood."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl


@dataclass(frozen=True)
class Place:
    """Says where a row stands, as a person sees it.

    Attributes:
        source: the file's name, or what the rows came from.
        lines: (N,) line in the file of each row, counted from 1; None where rows have no lines.
        unit: what the file counts in: line or sheet row.
    """

    source: str
    lines: np.ndarray | None = None
    unit: str = "line"

    def of(self, row: int) -> str:
        """`row 17 (line 18)` for the row number 16 (counted from 0)."""
        line = "" if self.lines is None else f" ({self.line(row)})"
        return f"row {row + 1}{line}"

    def line(self, row: int) -> str:
        """`line 18` for the row number 16 (counted from 0)."""
        return f"{self.unit} {row + 1 if self.lines is None else int(self.lines[row])}"


@dataclass(frozen=True, eq=False)
class Raw:
    """A frame as it came in.

    Attributes:
        frame: unique column names; text where the source has no types.
        place: where a row stands.
        decimal: the decimal sign that the source's numbers show.
        notes: what was noticed on the way.
    """

    frame: pl.DataFrame
    place: Place
    decimal: str = "."
    notes: tuple[str, ...] = ()

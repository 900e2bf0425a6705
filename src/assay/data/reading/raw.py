"""Rows as they came from a file or from memory, before their columns are understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl


@dataclass(frozen=True)
class Place:
    """Says where a row stands, as a person sees it.

    Attributes:
        source: the file's name, or what the rows came from.
        lines: (N,) line in the file of each row, counted from 1; None where rows have no lines.
        unit: what the file counts in: line or sheet row.
        rows: (N,) row of the source that each row is, counted from 0; None where they are all of them.
    """

    source: str
    lines: np.ndarray | None = None
    unit: str = "line"
    rows: np.ndarray | None = None

    def of(self, row: int) -> str:
        """`row 17 (line 18)` for the row number 16 (counted from 0)."""
        number = row if self.rows is None else int(self.rows[row])
        line = "" if self.lines is None else f" ({self.line(row)})"
        return f"row {number + 1}{line}"

    def line(self, row: int) -> str:
        """`line 18` for the row number 16 (counted from 0)."""
        return f"{self.unit} {row + 1 if self.lines is None else int(self.lines[row])}"

    def take(self, rows: np.ndarray | None) -> Place:
        """The place of these rows of the source; None: of all."""
        if rows is None:
            return self
        return replace(self, rows=rows, lines=None if self.lines is None else self.lines[rows])


@dataclass(frozen=True, eq=False)
class Raw:
    """A frame as it came in.

    Attributes:
        frame: unique column names; text where the source has no types.
        place: where a row stands.
        notes: what was noticed on the way.
        separator: what parts the fields of a text file; empty for other sources.
        renamed: what was done about a name, by the new one.
        nameless: columns that were written without a name.
        only_floats: the source knows no whole numbers (Excel).
    """

    frame: pl.DataFrame
    place: Place
    notes: tuple[str, ...] = ()
    separator: str = ""
    renamed: Mapping[str, str] = field(default_factory=dict)
    nameless: frozenset[str] = frozenset()
    only_floats: bool = False

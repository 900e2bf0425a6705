"""What the readers of folders, files and data sets hand over, before a pixel is decoded."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from assay.data.images.store import Store


@dataclass(frozen=True)
class Broken:
    """An image that was left out.

    Attributes:
        name: the path relative to the folder, or "row 17".
        reason: why it cannot be used, one clause.
        hint: what to do about it, where that is not the usual.
    """

    name: str
    reason: str
    hint: str = ""


@dataclass(frozen=True, eq=False)
class Found:
    """Images as a source holds them.

    Attributes:
        name: of the source, for messages.
        store: the N images.
        columns: N rows of the other columns, the target among them.
        target: its name; None where the images have no labels.
        parts: row numbers of official parts.
        broken: what was refused on the way already.
        notes: what was noticed.
        left_out: rows without a target that were left out.
        rows: (N,) row numbers in the source; None where it holds no others.
    """

    name: str
    store: Store
    columns: pl.DataFrame
    target: str | None
    parts: dict[str, np.ndarray] = field(default_factory=dict)
    broken: tuple[Broken, ...] = ()
    notes: tuple[str, ...] = ()
    left_out: int = 0
    rows: np.ndarray | None = None

"""Answers that several people gave for a row, as the floor is estimated from them.

Shapes: Nt training rows, Nv rows like them, K classes, A more answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from assay.data.target import Target

if TYPE_CHECKING:
    from assay.study.parts import Parts
    from assay.study.recipe import Recipe


def soft_labels(recipe: Recipe, parts: Parts) -> np.ndarray | None:
    """(Nt + Nv, K) the share of people who said each class; None where no column holds it."""
    names = recipe.floor.soft_labels
    if not names:
        return None
    shares = _columns(parts, names)
    return np.column_stack([1.0 - shares[:, 0], shares[:, 0]]) if len(names) == 1 else shares


def repeated_labels(recipe: Recipe, parts: Parts) -> np.ndarray | None:
    """(Nt + Nv, A) more answers as the target counts them, NaN where there is none or an unknown one."""
    names = recipe.floor.repeated_labels
    if not names:
        return None
    if not (parts.train.task and parts.train.task.is_classification):
        return _columns(parts, names)
    target = Target.of(parts.train, np.arange(len(parts.train)))
    numbers = {label: float(number) for number, label in enumerate(target.labels)}
    columns = [
        [numbers.get(value, np.nan) for part in (parts.train, parts.alike) for value in part.frame[name]]
        for name in names
    ]
    return np.array(columns, dtype=np.float64).T


def _columns(parts: Parts, names: tuple[str, ...]) -> np.ndarray:
    """(Nt + Nv, number of names) float64, NaN where a value is no number."""
    both = pl.concat([part.frame.select(names) for part in (parts.train, parts.alike)])
    numbers: np.ndarray = both.cast(pl.Float64, strict=False).to_numpy()
    return numbers

"""Columns that a remedy leaves out."""

from __future__ import annotations

from assay.study.remedies.remedy import Changes
from assay.study.remedies.state import State


def without(state: State, columns: tuple[str, ...]) -> Changes | None:
    """The recipe's ignored columns and these; None where there is no new one."""
    ignored = state.recipe.read.ignore
    new = [name for name in columns if name not in ignored]
    return {"read.ignore": [*ignored, *new]} if new else None

"""A raw value as the user writes it; without polars, as the exported reader needs it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

_YEAR_9999 = 2.5e11  # in epoch seconds; far beyond, a date cannot be written


def label_of(code: float, levels: Sequence[str], dtype: str, *, is_date: bool) -> str:
    """The text of a raw value.

    Args:
        code: as it stands in the raw matrix, not NaN.
        levels: of the column's texts, if it holds texts.
        dtype: of the column.
        is_date: whether its values count seconds since 1970.
    """
    if levels:
        return levels[int(code)] if 0 <= code < len(levels) else "the text"
    if dtype == "boolean" and code in (0, 1):
        return "true" if code else "false"
    if is_date and abs(code) < _YEAR_9999:
        return str(np.datetime64(int(code), "s")).replace("T", " ")
    is_whole = float(code).is_integer() and abs(code) < 1e15
    return str(int(code)) if is_whole else f"{code:.10g}"

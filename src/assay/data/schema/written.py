"""Raw values as the training file wrote them: its decimal sign, its dates, what stood for a missing value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from assay.data.reading.dtypes import stand_ins
from assay.data.reading.notation import DATES
from assay.data.reading.spelling import Spelling


def typed(values: Sequence[Any], spelling: Spelling | None) -> list[Any]:
    """The values, those texts read that are written as in the training file, and None for missing ones.

    Texts that are written otherwise stay as they are: what they mean is up to a parser.

    Args:
        values: of one column, of any types.
        spelling: of the column in the training file, where that is known.
    """
    if spelling is None:
        return list(values)
    texts, numbers = set(spelling.missing), stand_ins(spelling.missing)
    found = _read(values, spelling) if spelling.what == DATES or not spelling.is_plain else values
    return [
        None
        if (isinstance(value, str) and value.strip() in texts)
        or (isinstance(value, int | float | np.integer) and value in numbers)
        else value
        for value in found
    ]


def _read(values: Sequence[Any], spelling: Spelling) -> list[Any]:
    texts = [value.strip() if isinstance(value, str) else None for value in values]
    read = spelling.values(pl.Series(texts, dtype=pl.String)).to_list()
    return [value if found is None else found for value, found in zip(values, read, strict=True)]

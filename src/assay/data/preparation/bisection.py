"""Binary search in many sorted tables at once, in operations that trace, script and export."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

PADDING = 1e300  # stands behind the last entry of a table; no value that is looked up reaches it


def last_not_above(values_NQ: Tensor, table_QK: Tensor, first_step: int) -> Tensor:
    """(N, Q) int64: for each value the place, in the flattened tables, of the last entry that isn't above it.

    A value below its whole table gets the first entry. Takes log2(K) steps.

    Args:
        values_NQ: one column of values for each table.
        table_QK: ascending rows, K a power of two; shorter tables are filled up with PADDING.
        first_step: K // 2, as a plain number so that a trace holds it.
    """
    flat = table_QK.reshape(-1)
    place_NQ = first_places(table_QK) + torch.zeros_like(values_NQ, dtype=torch.int64)
    step = first_step
    while step > 0:
        farther_NQ = place_NQ + step
        place_NQ = torch.where(flat[farther_NQ] <= values_NQ, farther_NQ, place_NQ)
        step = step // 2
    return place_NQ


def first_places(table_QK: Tensor) -> Tensor:
    """(Q,) int64: where each table begins in the flattened tables."""
    return torch.arange(table_QK.shape[0], device=table_QK.device) * table_QK.shape[1]


def stacked(tables: Sequence[Sequence[float]], padding: float) -> Tensor:
    """(Q, K) float64 of tables of different lengths, K the next power of two."""
    size = 1 << max(max(map(len, tables)) - 1, 0).bit_length()
    return torch.tensor([[*table, *[padding] * (size - len(table))] for table in tables], dtype=torch.float64)

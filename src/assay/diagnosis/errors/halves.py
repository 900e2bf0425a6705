"""Two halves of the rows that err independently: one to look for slices, one to measure them.

Shapes: N rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from assay.diagnosis.block_length import block_length

if TYPE_CHECKING:
    from assay.core.predictions import Predictions


def first_half(p: Predictions, losses_N: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(N,) bool: the rows of the first half, drawn by chance.

    What errs alike stays together (whole groups; blocks of consecutive rows where the rows have times), or
    the second half would only repeat the noise of the first.
    """
    unit_N = _units(p, losses_N)
    present = np.unique(unit_N)
    chosen = rng.permutation(present)[: len(present) // 2]
    return np.isin(unit_N, chosen)


def _units(p: Predictions, losses_N: np.ndarray) -> np.ndarray:
    if len(p.times):
        order_N = np.argsort(p.times, kind="stable")
        place_N = np.empty(len(p), dtype=np.int64)
        place_N[order_N] = np.arange(len(p))
        return place_N // block_length(losses_N[order_N])
    return p.groups if len(p.groups) else np.arange(len(p))

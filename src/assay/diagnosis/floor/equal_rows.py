"""Rows with equal inputs: repeated measurements, or copies of one row.

Shapes: N rows, D inputs.
"""

from __future__ import annotations

import numpy as np

_SLIPS = 0.05  # of the repeated rows


def equal_rows(x_ND: np.ndarray) -> np.ndarray:
    """(N,) int64 numbers, equal for rows whose inputs are all equal; missing values count as equal."""
    plain_ND = np.ascontiguousarray(np.nan_to_num(x_ND, nan=np.finfo(np.float64).max) + 0.0)
    rows_N = plain_ND.view(np.dtype((np.void, plain_ND.dtype.itemsize * plain_ND.shape[1]))).ravel()
    _, number_N = np.unique(rows_N, return_inverse=True)
    return np.asarray(number_N, dtype=np.int64)


def are_copies(same_N: np.ndarray, truth_N: np.ndarray) -> bool:
    """Whether rows with equal inputs have equal targets, as over-sampling makes them, but for a few.

    Somebody who measures twice sees some noise: where more than a twentieth of the repeated rows stand in a
    set whose targets differ, rows were measured anew. Fewer than that are a slip among copies, or noise so
    low that copies and repeated measurements mean nearly the same floor. Rows are counted, not sets, so that
    a few large sets of real measurements are not lost among many pairs.
    """
    order_N = np.lexsort((truth_N, same_N))
    same_N, truth_N = same_N[order_N], truth_N[order_N]
    is_conflict_N = (same_N[1:] == same_N[:-1]) & (truth_N[1:] != truth_N[:-1])
    size_G = np.bincount(same_N)
    in_conflict = int(size_G[np.unique(same_N[1:][is_conflict_N])].sum())
    repeated = int(size_G[size_G > 1].sum())
    return repeated > 0 and in_conflict <= _SLIPS * repeated

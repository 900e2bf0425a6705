"""Rows with equal inputs: repeated measurements, or copies of one row.

Shapes: N rows, D inputs.
"""

from __future__ import annotations

import numpy as np


def equal_rows(x_ND: np.ndarray) -> np.ndarray:
    """(N,) int64 numbers, equal for rows whose inputs are all equal; missing values count as equal."""
    plain_ND = np.ascontiguousarray(np.nan_to_num(x_ND, nan=np.finfo(np.float64).max) + 0.0)
    rows_N = plain_ND.view(np.dtype((np.void, plain_ND.dtype.itemsize * plain_ND.shape[1]))).ravel()
    _, number_N = np.unique(rows_N, return_inverse=True)
    return np.asarray(number_N, dtype=np.int64)


def are_copies(same_N: np.ndarray, truth_N: np.ndarray) -> bool:
    """Whether rows with equal inputs have equal targets throughout, as over-sampling makes them.

    Somebody who measures twice sees some noise: a single pair that differs says that rows were measured
    anew. Without noise, copies and repeated measurements look alike, and mean the same floor.
    """
    order_N = np.lexsort((truth_N, same_N))
    is_repeat_N = same_N[order_N][1:] == same_N[order_N][:-1]
    differ_N = truth_N[order_N][1:] != truth_N[order_N][:-1]
    return bool(is_repeat_N.any()) and not bool((is_repeat_N & differ_N).any())

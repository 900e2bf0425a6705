"""Inputs as points whose distances mean something.

Shapes: N rows, D inputs.
"""

from __future__ import annotations

import numpy as np

_MOST_CODES = 30  # categories that get a coordinate each


def as_points(inputs_ND: np.ndarray, categorical_D: np.ndarray | None) -> np.ndarray:
    """Standardised numbers (missing: the mean), and a coordinate a category, two of which lie 1 apart."""
    if categorical_D is None:
        categorical_D = np.zeros(inputs_ND.shape[1], dtype=np.bool_)
    numbers_ND = inputs_ND[:, ~categorical_D]
    known_ND = ~np.isnan(numbers_ND)
    count_D = np.maximum(known_ND.sum(axis=0), 1)
    filled_ND = np.where(known_ND, numbers_ND, 0.0)
    mean_D = filled_ND.sum(axis=0) / count_D
    centred_ND = np.where(known_ND, numbers_ND - mean_D, 0.0)
    spread_D = np.sqrt(np.square(centred_ND).sum(axis=0) / count_D)
    varies_D = spread_D > 1e-12 * np.maximum(np.abs(mean_D), 1e-300)
    columns = [centred_ND[:, varies_D] / spread_D[varies_D]]
    for codes_N in inputs_ND[:, categorical_D].T:
        codes = np.unique(codes_N[~np.isnan(codes_N)])
        if 1 < len(codes) <= _MOST_CODES:
            columns.append((codes_N[:, None] == codes) / np.sqrt(2.0))
    return np.column_stack(columns)

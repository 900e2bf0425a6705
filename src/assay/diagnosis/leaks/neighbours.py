"""Rows and the training rows nearest to them, in standardised features.

Suffixes: N training rows, Q rows that are looked at, D features, k neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from assay.core.seeds import child_seed
from assay.data.column import Kind
from assay.diagnosis.leaks.pair import Pair

_WORK = 5e9  # multiplications for each side: about a second
_MOST = 4_000  # rows looked at on each side
_FEWEST = 200


@dataclass(frozen=True, eq=False)
class Space:
    """Both parts in one unit, dates left out: numbers in standard deviations, categories a step apart."""

    pair: Pair

    @cached_property
    def points(self) -> tuple[np.ndarray, np.ndarray]:
        """(N, D) and (M, D) float64; a missing value stands at the mean."""
        places = [place for place, c in enumerate(self.pair.features) if c.kind is not Kind.DATE]
        is_text = np.array([self._is_text(self.pair.features[place].name) for place in places], dtype=bool)
        train_ND, held_out_MD = (part[:, places] for part in self.pair.numbers)
        with np.errstate(all="ignore"):
            known = [column[np.isfinite(column)] for column in train_ND.T]
        mean_D = np.array([column.mean() if len(column) else 0.0 for column in known])
        std_D = np.array([column.std() if len(column) else 0.0 for column in known])
        std_D[is_text] = 1.0
        kept = std_D > 0.0
        parts = ((part[:, kept] - mean_D[kept]) / std_D[kept] for part in (train_ND, held_out_MD))
        train, held_out = (np.nan_to_num(part, nan=0.0) for part in parts)
        return train, held_out

    def looked_at(self, num_rows: int, name: str) -> np.ndarray:
        """Which rows are looked at, ascending: as many as a second allows."""
        train_ND, _ = self.points
        most = int(np.clip(_WORK / max(train_ND.size, 1), _FEWEST, _MOST))
        if num_rows <= most:
            return np.arange(num_rows)
        rng = np.random.default_rng(child_seed(0, "neighbours", name))
        return np.sort(rng.choice(num_rows, most, replace=False))

    def nearest(self, x_QD: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
        """The k nearest training rows of each: numbers (Q, k), nearest first, and exact distances (Q, k)."""
        found_Qk = self._index.kneighbors(x_QD, n_neighbors=k, return_distance=False)
        train_ND, _ = self.points
        distances_Qk = np.stack(
            [np.linalg.norm(train_ND[found_Qk[:, place]] - x_QD, axis=1) for place in range(k)], axis=1
        )
        order = np.argsort(distances_Qk, axis=1, kind="stable")
        return np.take_along_axis(found_Qk, order, 1), np.take_along_axis(distances_Qk, order, 1)

    @cached_property
    def _index(self) -> Any:
        from sklearn.neighbors import NearestNeighbors

        return NearestNeighbors(algorithm="brute").fit(self.points[0])

    def _is_text(self, name: str) -> bool:
        dtype = self.pair.train.frame[name].dtype
        return not dtype.is_numeric()

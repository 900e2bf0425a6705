"""Two halves of the validation rows: what is fitted on one is measured on the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from assay.core.predictions import Predictions


def halves(p: Predictions, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Positions of the rows of each half, ascending; rows that may err alike are not parted.

    Groups stay whole. Times are cut once, in the middle. Else chance decides, within each class.
    """
    rng = np.random.default_rng(seed)
    if len(p.groups):
        groups = np.unique(p.groups)
        is_first = np.isin(p.groups, rng.permutation(groups)[: len(groups) // 2])
    elif len(p.times):
        rank_N = np.argsort(np.argsort(p.times, kind="stable"), kind="stable")
        is_first = rank_N < len(p) // 2
    else:
        shuffled = rng.permutation(len(p))
        by_class = shuffled[np.argsort(p.truth[shuffled], kind="stable")]
        is_first = np.zeros(len(p), dtype=bool)
        is_first[by_class[::2]] = True
    return np.flatnonzero(is_first), np.flatnonzero(~is_first)

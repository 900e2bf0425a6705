"""The grouped split: all rows of a patient, a machine, an artist stand in one part."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assay.core.errors import DataError
from assay.data.split.shares import part_sizes

_DRAWS = 20
_MANY = 5_000  # with so many groups one draw comes close enough


def group_parts(groups: np.ndarray, shares: Sequence[float], rng: np.random.Generator) -> list[np.ndarray]:
    """K arrays of positions; no group stands in two of them.

    The groups are drawn in random order, each into the part that still lacks most rows; of several draws the
    one whose sizes come closest to the shares is kept. Random order, and not the largest group first, so that
    large groups do not all go to training.

    Args:
        groups: (N,) group numbers 0..G-1, each present.
        shares: K shares that come to 1.
        rng: draws.

    Raises:
        DataError: there are fewer groups than parts.
    """
    weights = np.bincount(groups)
    if len(weights) < len(shares):
        raise DataError(
            f"{len(weights)} different groups cannot make {len(shares)} parts, since a group stays whole",
            hint="name another group column, or choose --split random",
        )
    sizes = part_sizes(len(groups), shares)
    draws = [_draw(weights, sizes, rng) for _ in range(_DRAWS if len(weights) <= _MANY else 1)]
    part_of_group = min(draws, key=lambda parts: _distance(parts, weights, sizes))
    part_of_row = part_of_group[groups]
    return [np.flatnonzero(part_of_row == part) for part in range(len(shares))]


def _draw(weights: np.ndarray, sizes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    part_of_group = np.empty(len(weights), dtype=np.int64)
    lacking = sizes.tolist()
    empty = set(range(len(sizes)))
    for place, group in enumerate(rng.permutation(len(weights)).tolist()):
        must_fill = len(weights) - place == len(empty)
        part = max(empty if must_fill else range(len(lacking)), key=lacking.__getitem__)
        part_of_group[group] = part
        lacking[part] -= int(weights[group])
        empty.discard(part)
    return part_of_group


def _distance(part_of_group: np.ndarray, weights: np.ndarray, sizes: np.ndarray) -> float:
    reached = np.bincount(part_of_group, weights=weights, minlength=len(sizes))
    return float(np.abs(reached / sizes - 1).max())

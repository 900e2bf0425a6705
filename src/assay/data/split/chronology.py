"""The time-ordered split: the past trains, the latest rows test."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assay.core.errors import DataError
from assay.data.split.shares import part_sizes


def time_parts(times: np.ndarray, shares: Sequence[float]) -> list[np.ndarray]:
    """K arrays of positions, earliest part first; rows of one time stay together.

    Args:
        times: (N,) numbers that sort as the times do, none missing.
        shares: K shares that come to 1; met to the nearest change of time.

    Raises:
        DataError: there are fewer times than parts.
    """
    order = np.argsort(times, kind="stable")
    ordered = times[order]
    changes = np.flatnonzero(ordered[1:] != ordered[:-1]) + 1  # where a new time begins
    num_cuts = len(shares) - 1
    if len(changes) < num_cuts:
        raise DataError(
            f"{len(changes) + 1} different times cannot make {len(shares)} parts: equal times stay together",
            hint="name another time column, or choose --split random",
        )
    wanted = np.cumsum(part_sizes(len(times), shares))[:-1]
    cuts: list[int] = []
    first = 0
    for number, cut in enumerate(wanted):
        free = changes[first : len(changes) - (num_cuts - 1 - number)]  # leaves one for each cut to come
        first += int(np.abs(free - cut).argmin())
        cuts.append(int(changes[first]))
        first += 1
    return [np.sort(part) for part in np.split(order, cuts)]

"""Rows that belong to groups, each a cloud of its own: those of new groups are of another kind.

What y is at a point does not depend on the group, so that the Bayes error is one for all.

Shapes: N rows, D inputs, G groups.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Clouds:
    """The groups' centres and the width of the clouds around them.

    Attributes:
        centres: (G, D).
        width: standard deviation within a group; the centres' own is sqrt(1 - width^2), so that over all
            groups the inputs are standard normal.
    """

    centres: np.ndarray
    width: float

    @classmethod
    def of(cls, num_groups: int, num_inputs: int, width: float, rng: np.random.Generator) -> Clouds:
        """Groups drawn at random."""
        return cls(np.sqrt(1.0 - width**2) * rng.standard_normal((num_groups, num_inputs)), width)

    def draw(self, num_rows: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """(N, D) points and the (N,) numbers of their groups, which are equally large."""
        group_N = np.arange(num_rows) % len(self.centres)
        noise_ND = rng.standard_normal((num_rows, self.centres.shape[1]))
        return self.centres[group_N] + self.width * noise_ND, group_N

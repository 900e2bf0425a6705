"""Rules that divide the points into classes without noise.

Shapes: N rows, D inputs.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

Rule = Callable[[np.ndarray], np.ndarray]
"""(N, D) -> (N,) int64 class numbers."""


def halves(x_ND: np.ndarray) -> np.ndarray:
    """Two classes with a straight border through the first two inputs."""
    return (x_ND[:, 0] + x_ND[:, 1] > 0.0).astype(np.int64)


def quarters(x_ND: np.ndarray) -> np.ndarray:
    """Two classes, exclusive or: no straight border is better than chance."""
    return (x_ND[:, 0] * x_ND[:, 1] > 0.0).astype(np.int64)


def ring(x_ND: np.ndarray) -> np.ndarray:
    """Two classes, inside and outside a circle that holds half of the normal distribution."""
    return (np.square(x_ND[:, :2]).sum(axis=1) > 2.0 * np.log(2.0)).astype(np.int64)


def stripes(x_ND: np.ndarray) -> np.ndarray:
    """Two classes in four stripes along the first input."""
    return np.digitize(x_ND[:, 0], [-0.6745, 0.0, 0.6745]) % 2


def sectors(num_classes: int) -> Rule:
    """K classes, equal slices of the plane of the first two inputs."""

    def rule(x_ND: np.ndarray) -> np.ndarray:
        turns_N = np.arctan2(x_ND[:, 1], x_ND[:, 0]) / (2.0 * np.pi) + 0.5
        return np.minimum((turns_N * num_classes).astype(np.int64), num_classes - 1)

    return rule


def opposite_sectors(num_classes: int) -> Rule:
    """K classes, each two opposite slices, so that no straight border divides them."""
    rule = sectors(2 * num_classes)
    return lambda x_ND: rule(x_ND) % num_classes

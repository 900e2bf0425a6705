"""Classes that are normal distributions.

Shapes: N rows, D inputs, K classes.
"""

from __future__ import annotations

import numpy as np

from suite.population import Classes


def gaussians(
    num_classes: int, num_inputs: int, distance: float, rng: np.random.Generator, *, spread: float = 1.0
) -> Classes:
    """K equally frequent classes; centres lie `distance` from each other on average.

    Args:
        num_classes: K.
        num_inputs: D.
        distance: between two centres, in standard deviations of the first class.
        rng: places the centres.
        spread: standard deviation of the last class; those between lie between. 1: the borders are straight,
            and for two classes the Bayes error is the normal distribution's tail beyond distance / 2.
    """
    directions_KD = rng.standard_normal((num_classes, num_inputs))
    directions_KD -= directions_KD.mean(axis=0)
    lengths = [np.linalg.norm(a - b) for i, a in enumerate(directions_KD) for b in directions_KD[:i]]
    centres_KD = directions_KD * (distance / np.mean(lengths))
    spreads_K = np.linspace(1.0, spread, num_classes)

    def inputs(num_rows: int, rng: np.random.Generator) -> np.ndarray:
        class_N = rng.integers(num_classes, size=num_rows)
        noise_ND = rng.standard_normal((num_rows, num_inputs))
        return centres_KD[class_N] + spreads_K[class_N, None] * noise_ND

    def probabilities(x_ND: np.ndarray) -> np.ndarray:
        squared_NK = np.square(x_ND[:, None, :] - centres_KD).sum(axis=2)
        log_NK = -0.5 * squared_NK / np.square(spreads_K) - num_inputs * np.log(spreads_K)
        odds_NK = np.exp(log_NK - log_NK.max(axis=1, keepdims=True))
        return odds_NK / odds_NK.sum(axis=1, keepdims=True)

    name = f"{num_classes} Gaussians in {num_inputs} dimensions, {distance:.2f} apart"
    return Classes(name, inputs, probabilities)

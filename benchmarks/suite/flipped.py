"""Flipped labels: a rule divides the points, and a share of the labels is changed to another class.

Shapes: N rows, D inputs, K classes.
"""

from __future__ import annotations

import numpy as np

from suite.population import Classes, Inputs, normal_inputs
from suite.rules import Rule


def flipped(rule: Rule, num_classes: int, share: float, inputs: Inputs, name: str) -> Classes:
    """Bayes error = `share`, everywhere alike, as long as share < 1 - 1 / K."""

    def probabilities(x_ND: np.ndarray) -> np.ndarray:
        p_NK = np.full((len(x_ND), num_classes), share / (num_classes - 1))
        p_NK[np.arange(len(x_ND)), rule(x_ND)] = 1.0 - share
        return p_NK

    return Classes(f"{name}, {100 * share:.0f} % of the labels flipped", inputs, probabilities)


def grid(num_inputs: int, steps: int) -> Inputs:
    """Inputs on a grid of `steps` equally frequent values a dimension: rows repeat exactly."""
    values = np.linspace(-1.5, 1.5, steps)
    return lambda num_rows, rng: values[rng.integers(steps, size=(num_rows, num_inputs))]


def flipped_normal(rule: Rule, num_classes: int, share: float, num_inputs: int, name: str) -> Classes:
    """The rule on normal inputs, of which those that it doesn't look at are noise."""
    return flipped(rule, num_classes, share, normal_inputs(num_inputs), f"{name} in {num_inputs} dimensions")

"""Quantities: functions of the inputs with noise.

Shapes: N rows, D inputs.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from suite.population import Inputs, Quantity, normal_inputs

Curve = Callable[[np.ndarray], np.ndarray]
"""(N, D) -> (N,)."""


def plane(x_ND: np.ndarray) -> np.ndarray:
    """Linear in the first two inputs."""
    return 2.0 * x_ND[:, 0] - x_ND[:, 1]


def wave(x_ND: np.ndarray) -> np.ndarray:
    """A sine along the first input and a little of the second."""
    return 2.0 * np.sin(2.0 * x_ND[:, 0]) + 0.5 * x_ND[:, 1]


def saddle(x_ND: np.ndarray) -> np.ndarray:
    """The product of the first two inputs: no plane fits it at all."""
    return 2.0 * x_ND[:, 0] * x_ND[:, 1]


def friedman(x_ND: np.ndarray) -> np.ndarray:
    """In the manner of Friedman (1991): a product, a parabola and two straight terms, of five inputs."""
    a, b, c, d, e = x_ND[:, :5].T
    return np.sin(1.5 * a * b) + np.square(c) + d + 0.5 * e


def quantity(
    curve: Curve,
    noise: float,
    num_inputs: int,
    name: str,
    *,
    inputs: Inputs | None = None,
    uneven: float = 0.0,
) -> Quantity:
    """A curve with noise.

    Args:
        curve: the function.
        noise: standard deviation; where uneven, at the middle of the last input.
        num_inputs: D.
        name: of the curve.
        inputs: normal ones when absent.
        uneven: by how much the noise's logarithm grows along the last input.
    """
    drawn = normal_inputs(num_inputs) if inputs is None else inputs
    told = f"{name} in {num_inputs} dimensions, noise {noise:.2f}{', uneven' if uneven else ''}"
    return Quantity(told, drawn, curve, lambda x_ND: noise * np.exp(uneven * np.tanh(x_ND[:, -1])))

import numpy as np
import pytest
import torch

from assay.networks import MLP


@pytest.fixture
def moons() -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Two bent, overlapping classes: 400 training rows and 200 validation rows of 4 columns."""
    rng = np.random.default_rng(0)
    inputs = rng.standard_normal((600, 4))
    classes = (inputs[:, 0] + inputs[:, 1] ** 2 - 0.8 + 0.5 * rng.standard_normal(600) > 0).astype(np.int64)
    return (inputs[:400], classes[:400]), (inputs[400:], classes[400:])


@pytest.fixture
def line() -> tuple[np.ndarray, np.ndarray]:
    """300 rows of y = 2a - b + 0.5 and a little noise."""
    rng = np.random.default_rng(1)
    inputs = rng.standard_normal((300, 2))
    return inputs, 2 * inputs[:, 0] - inputs[:, 1] + 0.5 + 0.01 * rng.standard_normal(300)


@pytest.fixture
def fresh():
    """A function that makes the same new network at each call."""

    def make(num_inputs: int = 4, num_outputs: int = 2, **choices) -> MLP:
        torch.manual_seed(7)
        return MLP(num_inputs, num_outputs, (16, 8), **{"dropout": 0.2, **choices})

    return make


@pytest.fixture
def same():
    """A function that says whether two networks hold the same weights, bit by bit."""

    def compare(one: torch.nn.Module, other: torch.nn.Module) -> bool:
        first, second = one.state_dict(), other.state_dict()
        return all(torch.equal(value, second[name]) for name, value in first.items())

    return compare

"""Where rows come from, with everything about them known.

Shapes: N rows, D inputs, K classes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from assay.core.task import Task

Inputs = Callable[[int, np.random.Generator], np.ndarray]
"""(number of rows, random numbers) -> (N, D) float64."""

_MANY = 400_000  # rows of an average over the inputs


@dataclass(frozen=True)
class Classes:
    """Classes whose probability at every point is known.

    Attributes:
        name: what it is.
        inputs: draws points.
        probabilities: (N, D) -> (N, K), rows sum to one.
    """

    name: str
    inputs: Inputs
    probabilities: Callable[[np.ndarray], np.ndarray]

    @property
    def task(self) -> Task:
        """Two classes or more."""
        return Task.BINARY if self.num_outputs == 2 else Task.MULTICLASS

    @property
    def num_outputs(self) -> int:
        """How many classes there are, K."""
        return int(self.probabilities(self.inputs(1, np.random.default_rng(0))).shape[1])

    def targets(self, x_ND: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """(N,) int64 class numbers, drawn by the probabilities."""
        below_NK = rng.random((len(x_ND), 1)) > self.probabilities(x_ND).cumsum(axis=1)[:, :-1]
        return below_NK.sum(axis=1)

    def error(self, x_ND: np.ndarray, output_NK: np.ndarray) -> float:
        """The expected error rate of predictions at these points, without the noise of drawn classes."""
        chosen_N1 = output_NK.argmax(axis=1)[:, None]
        return float(1.0 - np.take_along_axis(self.probabilities(x_ND), chosen_N1, axis=1).mean())

    def floor(self) -> float:
        """Bayes error: the mean of 1 - largest probability, over 400,000 points."""
        return float(
            1.0 - self.probabilities(self.inputs(_MANY, np.random.default_rng(0))).max(axis=1).mean()
        )


@dataclass(frozen=True)
class Quantity:
    """A quantity: a function of the inputs plus normal noise.

    Attributes:
        name: what it is.
        inputs: draws points.
        mean: (N, D) -> (N,).
        noise: (N, D) -> (N,) standard deviation of the noise at each point.
    """

    name: str
    inputs: Inputs
    mean: Callable[[np.ndarray], np.ndarray]
    noise: Callable[[np.ndarray], np.ndarray]

    task = Task.REGRESSION
    num_outputs = 1

    def targets(self, x_ND: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """(N,) float64."""
        return self.mean(x_ND) + self.noise(x_ND) * rng.standard_normal(len(x_ND))

    def error(self, x_ND: np.ndarray, output_N: np.ndarray) -> float:
        """The expected RMSE of predictions at these points, without the noise of drawn targets."""
        squared_N = np.square(output_N - self.mean(x_ND)) + np.square(self.noise(x_ND))
        return float(np.sqrt(squared_N.mean()))

    def floor(self) -> float:
        """The lowest RMSE that anyone can reach: root of the mean variance of the noise."""
        return float(np.sqrt(np.square(self.noise(self.inputs(_MANY, np.random.default_rng(0)))).mean()))


Population = Classes | Quantity


def normal_inputs(num_inputs: int) -> Inputs:
    """Independent standard normal inputs."""
    return lambda num_rows, rng: rng.standard_normal((num_rows, num_inputs))

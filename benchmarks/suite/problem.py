"""A problem: where its rows come from, how many there are, and the network that is to be diagnosed.

Shapes: N rows, D inputs, K classes, G groups.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch

from assay.bundle.target_scale import TargetScale
from assay.core.predictions import Predictions
from assay.core.seeds import child_seed
from assay.networks import build
from assay.networks.settings import NetworkSettings
from assay.training.fit import fit
from assay.training.settings import TrainingSettings
from suite.groups import Clouds
from suite.population import Population

_FRESH = 100_000  # new rows on which a network's true error is measured
_FRESH_GROUPS = 5_000


@dataclass(frozen=True)
class Rows:
    """Drawn rows.

    Attributes:
        inputs: (N, D) float64.
        targets: (N,) float64, or int64 class numbers.
        groups: (N,) int64, empty without groups.
    """

    inputs: np.ndarray
    targets: np.ndarray
    groups: np.ndarray


@dataclass(frozen=True)
class Trained:
    """What one training gave: predictions, and the errors that nobody can see in life.

    Attributes:
        train: predictions of the training rows.
        validation: of the validation rows; with groups they are of new groups.
        train_like: of new rows of the training groups, else None.
        true_error: expected error on new rows like the validation rows.
        true_train_like_error: expected error on new rows like the training rows.
    """

    train: Predictions
    validation: Predictions
    train_like: Predictions | None
    true_error: float
    true_train_like_error: float


@dataclass(frozen=True, eq=False)
class Problem:
    """A population, sizes, and the network and training that are to be diagnosed.

    Attributes:
        family: the kind of trouble that it was made for.
        population: where the rows come from.
        num_train: training rows, all of them different draws.
        num_validation: validation rows (and train-like ones, with groups).
        network: the layers.
        training: how; patience 0 trains to the end and keeps the last weights, without a look at validation.
        seed: names rows and first weights.
        copies: how often each training row stands in the training part.
        groups: the clouds of the training rows; None without groups.
        new_groups: those of the validation rows.
    """

    family: str
    population: Population
    num_train: int
    num_validation: int
    network: NetworkSettings
    training: TrainingSettings
    seed: int
    copies: int = 1
    groups: Clouds | None = None
    new_groups: Clouds | None = None

    @cached_property
    def train(self) -> Rows:
        """The training rows."""
        drawn = self._draw("train", self.num_train, self.groups)
        rows = np.repeat(np.arange(self.num_train), self.copies)
        return Rows(
            drawn.inputs[rows], drawn.targets[rows], drawn.groups[rows] if len(drawn.groups) else drawn.groups
        )

    @cached_property
    def validation(self) -> Rows:
        """The validation rows; where there are groups, of new ones."""
        return self._draw("validation", self.num_validation, self.new_groups)

    @cached_property
    def train_like(self) -> Rows | None:
        """New rows of the training groups; None without groups."""
        return None if self.groups is None else self._draw("train like", self.num_validation, self.groups)

    @cached_property
    def floor(self) -> float:
        """The true one."""
        return self.population.floor()

    def fit(
        self,
        network: NetworkSettings | None = None,
        training: TrainingSettings | None = None,
        seed: int | None = None,
    ) -> Trained:
        """Train, with other settings if a remedy is to be tried; the rows stay the same.

        Args:
            network: the layers; absent: the problem's own.
            training: how; absent: the problem's own.
            seed: of first weights and order; absent: the problem's own.
        """
        settings = training or self.training
        start = self.seed if seed is None else seed
        scale = None if self.population.task.is_classification else TargetScale.of(self.train.targets)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(child_seed(start, "weights"))
            model = build(
                network or self.network,
                num_inputs=self.train.inputs.shape[1],
                num_outputs=self.population.num_outputs,
                inputs=torch.as_tensor(self.train.inputs, dtype=torch.float32),
            )
        held_out = _tensors(self.validation, scale) if settings.patience else None
        fitted = fit(model, _tensors(self.train, scale), validation=held_out, settings=settings, seed=start)
        return self._trained(_Model(fitted.network, scale))

    def _trained(self, model: _Model) -> Trained:
        parts = [self._predictions(model, rows) for rows in (self.train, self.validation)]
        like = None if self.train_like is None else self._predictions(model, self.train_like)
        true = self._true_error(model, self.new_groups and Clouds.of(
            _FRESH_GROUPS, self.train.inputs.shape[1], self.new_groups.width, self._random("new groups")
        ))  # fmt: skip
        true_like = true if self.groups is None else self._true_error(model, self.groups)
        return Trained(parts[0], parts[1], like, true, true_like)

    def _true_error(self, model: _Model, clouds: Clouds | None) -> float:
        x_ND, _ = self._points(_FRESH, self._random("fresh"), clouds)
        return self.population.error(x_ND, model.predict(x_ND))

    def _predictions(self, model: _Model, rows: Rows) -> Predictions:
        labels = tuple(map(str, range(self.population.num_outputs)))
        task = self.population.task
        return Predictions(
            task,
            rows.targets,
            model.predict(rows.inputs),
            labels if task.is_classification else (),
            groups=rows.groups,
        )

    def _draw(self, name: str, num_rows: int, clouds: Clouds | None) -> Rows:
        rng = self._random(name)
        x_ND, groups_N = self._points(num_rows, rng, clouds)
        return Rows(x_ND, self.population.targets(x_ND, rng), groups_N)

    def _points(
        self, num_rows: int, rng: np.random.Generator, clouds: Clouds | None
    ) -> tuple[np.ndarray, np.ndarray]:
        if clouds is None:
            return self.population.inputs(num_rows, rng), np.empty(0, dtype=np.int64)
        return clouds.draw(num_rows, rng)

    def _random(self, name: str) -> np.random.Generator:
        return np.random.default_rng(child_seed(self.seed, name))


@dataclass(frozen=True)
class _Model:
    """A trained network that takes arrays."""

    network: torch.nn.Module
    scale: TargetScale | None

    def predict(self, x_ND: np.ndarray) -> np.ndarray:
        """(N, D) -> (N, K) probabilities, or (N,) in the target's unit."""
        with torch.inference_mode():
            output = self.network(torch.from_numpy(x_ND).to(torch.float32)).to(torch.float64)
            if self.scale is not None:
                return self.scale(output).squeeze(1).numpy()
            return torch.softmax(output, dim=1).numpy()


def _tensors(rows: Rows, scale: TargetScale | None) -> tuple[torch.Tensor, torch.Tensor]:
    inputs, targets = torch.from_numpy(rows.inputs).to(torch.float32), torch.from_numpy(rows.targets)
    return inputs, targets if scale is None else scale.scaled(targets).to(torch.float32)

"""What a remedy may look at before it decides whether it applies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol

from assay.data.images.augmentation import AugmentationSettings
from assay.networks.image_settings import ImageNetworkSettings
from assay.networks.settings import NetworkSettings
from assay.training.settings import usual_learning_rate

if TYPE_CHECKING:
    from assay.core.task import Task
    from assay.diagnosis.verdict import Verdict
    from assay.study.recipe import Recipe


class Facts(Protocol):
    """What takes a while to find out, and is found out when a remedy asks."""

    def suggested_rate(self) -> float:
        """The learning rate of a learning-rate range test."""

    def useless_columns(self) -> tuple[str, ...]:
        """Features whose values can be shuffled without loss on the validation rows."""

    def shifting_columns(self) -> tuple[str, ...]:
        """Features that are distributed otherwise in the validation rows than in the training rows."""

    def troubles(self) -> tuple[str, ...]:
        """What is wrong with the optimisation: "explodes", "dead units", "plateau", "still falling"."""

    def backbone(self) -> str:
        """The name of a pretrained network whose weights lie on this machine; empty where there is none."""


@dataclass(frozen=True)
class State:
    """Where a study stands: its best run.

    Attributes:
        recipe: of the best run, every choice resolved.
        task: what is predicted.
        verdict: of the diagnosis.
        bias: training error - floor, as far as it is known.
        variance: validation error - training error.
        history: one record an epoch.
        best_epoch: whose weights were kept.
        stopped: why the training ended.
        num_rows: training rows.
        num_inputs: prepared inputs.
        class_shares: of the training rows, by class; empty for quantities.
        method: of the split.
        facts: what takes a while to find out.
        shape: (channels, height, width) of images; None where the rows are those of a table.
    """

    recipe: Recipe
    task: Task
    verdict: Verdict
    bias: float
    variance: float
    history: Sequence[Mapping[str, Any]]
    best_epoch: int
    stopped: str
    num_rows: int
    num_inputs: int
    class_shares: tuple[float, ...]
    method: str
    facts: Facts
    shape: tuple[int, int, int] | None = None

    @property
    def network(self) -> NetworkSettings:
        """The layers of a network for tables."""
        network = self.recipe.network
        return network if isinstance(network, NetworkSettings) else NetworkSettings()

    @property
    def image_network(self) -> ImageNetworkSettings:
        """The layers of a network for images."""
        network = self.recipe.network
        return network if isinstance(network, ImageNetworkSettings) else ImageNetworkSettings()

    @property
    def augmentation(self) -> AugmentationSettings:
        """What is done to training images."""
        return self.recipe.augmentation or AugmentationSettings()

    @property
    def activation(self) -> str:
        """Of the hidden layers, whatever the network."""
        return (self.network if self.shape is None else self.image_network).activation

    @property
    def learning_rate(self) -> float:
        """The size of the first steps."""
        training = self.recipe.training
        return training.learning_rate or usual_learning_rate(training.optimizer)

    @property
    def epochs(self) -> int:
        """How many were made."""
        return len(self.history)

    @property
    def was_cut(self) -> bool:
        """Whether the last epochs were still the best ones, and only their number ended the training."""
        return "epoch" in self.stopped and "done" in self.stopped and self.best_epoch > 0.8 * self.epochs

    @property
    def num_weights(self) -> int:
        """Of a multi-layer perceptron with these widths, about."""
        widths = (self.num_inputs, *self.network.hidden, max(len(self.class_shares), 1))
        return sum(before * after for before, after in pairwise(widths))

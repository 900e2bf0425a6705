"""What a remedy may look at before it decides whether it applies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol

from assay.networks.settings import NetworkSettings

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

    @property
    def network(self) -> NetworkSettings:
        """The layers."""
        return self.recipe.network or NetworkSettings()

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

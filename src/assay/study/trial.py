"""One training of one recipe on the rows of a table: preparation, network, fit, predictions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from assay.core.device import resolve_device
from assay.core.errors import RecipeError
from assay.core.seeds import child_seed
from assay.data.preparation import Preparation
from assay.data.target import Target
from assay.networks import NetworkSettings, build, first_network, layers
from assay.study.any_trial import AnyTrial
from assay.training.settings import resolve
from assay.training.stacked_mlps import can_stack
from assay.training.together import fit_together

if TYPE_CHECKING:
    from assay.bundle.bundle import Bundle
    from assay.core.predictions import Predictions
    from assay.data.table import Table
    from assay.networks import Network
    from assay.study.recipe import Recipe
    from assay.training.training import Training


@dataclass(frozen=True)
class Trial(AnyTrial):
    """A training on the rows of a table; `ImageTrial` is the other kind."""

    preparation: Preparation
    network: Network

    @classmethod
    def of(cls, recipe: Recipe, train: Table, validation: Table, seed: int | None = None) -> Trial:
        """Fit the preparation and choose the network.

        Args:
            recipe: of the training; features that it ignores are left out, whoever read the rows.
            train: the training rows.
            validation: the validation rows.
            seed: of the first weights and of the order of the rows; absent, that of the recipe.

        Raises:
            RecipeError: settings that do not go together.
        """
        seed = recipe.seed if seed is None else seed
        train, validation = (_without_ignored(part, recipe) for part in (train, validation))
        preparation = Preparation.fit(train, recipe.preparation)
        target = Target.of(train, np.arange(len(train)))
        first, why = first_network(preparation.num_outputs, target.num_outputs, len(train), target.task)
        stated = _stated(recipe)
        settings = first.model_copy(update=stated)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(child_seed(seed, "weights"))
            network = build(
                settings,
                num_inputs=preparation.num_outputs,
                cardinalities=preparation.cardinalities,
                num_outputs=target.num_outputs,
                inputs=None if settings.number_embedding == "none" else preparation.prepare(train),
            )
        training, ruled = resolve(recipe.training, len(train))
        if settings.batch_norm and settings.hidden and training.batch_size == 1:
            raise RecipeError(
                "batch norm needs at least 2 rows in a step, and training.batch_size is 1",
                hint="raise training.batch_size, or leave network.batch_norm out",
            )
        resolved = recipe.model_copy(update={"network": settings, "training": training})
        reasons = {f"network.{name}": reason for name, reason in why.items() if name not in stated}
        reasons |= {f"training.{name}": reason for name, reason in ruled.items()}
        return cls(resolved, reasons, train, validation, preparation, target, network, seed)

    @property
    def layers(self) -> list[dict[str, Any]]:
        """What each layer of the network is, gives and holds."""
        return layers(self.network, self.preparation.num_outputs)

    def words(self) -> list[tuple[str, str]]:
        """Inputs and layers as the run tells them: (step, line)."""
        inputs, columns = self.preparation.num_outputs, len(self.preparation.schema.columns)
        told = [("prepare", f"{columns} columns become {inputs} inputs"), ("network", self._widths())]
        if embedded := len(self.preparation.cardinalities):
            told.append(("", f"{embedded} of the inputs are numbers of categories, which embeddings widen"))
        return told

    def _widths(self) -> str:
        """`96-128-128-2`; of other kinds than the multi-layer perceptron also the kind."""
        settings = self.recipe.network
        assert isinstance(settings, NetworkSettings)  # a trial has chosen it
        if settings.kind == "mlp":
            linear = [layer for layer in self.network.modules() if isinstance(layer, torch.nn.Linear)]
            return "-".join(map(str, [linear[0].in_features, *(layer.out_features for layer in linear)]))
        inputs, outputs = self.preparation.num_outputs, self.target.num_outputs
        widths = "-".join(map(str, [inputs, *settings.hidden, outputs]))
        members = f", {settings.members} members that share their weights" if settings.kind == "tabm" else ""
        return f"{settings.kind} {widths}{members}"

    def _data(
        self, table: Table, rows: np.ndarray | None, truth: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        return self.preparation.prepare(table if rows is None else table.take(rows)), truth


def _stated(recipe: Recipe) -> dict[str, Any]:
    """The settings of the network that somebody stated.

    Raises:
        RecipeError: they are of a network for images.
    """
    if recipe.network is None:
        return {}
    if not isinstance(recipe.network, NetworkSettings):
        raise RecipeError(
            f"a network of the kind {recipe.network.kind!r} is for images, and the data are a table",
            hint="mlp, residual and tabm are for tables",
            where="network.kind",
        )
    return recipe.network.model_dump(exclude_unset=True)


def fit_seeds(trials: Sequence[AnyTrial], seconds: float | None = None) -> list[tuple[Bundle, Training]]:
    """Train one recipe from several seeds, small networks at once where that is quicker; on the CPU.

    Args:
        trials: of one recipe on the same rows.
        seconds: after which they stop.
    """
    material = trials[0].material()
    trainings = fit_together(
        [trial.network for trial in trials],
        material.train,
        validation=material.validation,
        settings=[trial.training_settings(seconds) for trial in trials],
        seeds=[trial.seed for trial in trials],
        class_weights=material.class_weights,
    )
    pairs = zip(trials, trainings, strict=True)
    return [(trial.bundle(training, material.scale), training) for trial, training in pairs]


def can_share_steps(trials: Sequence[AnyTrial]) -> bool:
    """Whether trainings of one recipe from several seeds have the same rows and fit into one batched pass."""
    recipe = trials[0].recipe
    is_plain = recipe.recency is None and recipe.imbalance in {"none", "class_weights"}
    on_cpu = resolve_device(recipe.device).type == "cpu"
    return len(trials) > 1 and is_plain and on_cpu and can_stack([trial.network for trial in trials])


def _without_ignored(table: Table, recipe: Recipe) -> Table:
    return table.without([column.name for column in table.features if column.name in recipe.read.ignore])


def predictions_of(bundle: Bundle, table: Table, rows: np.ndarray) -> Predictions:
    """The bundle's predictions for a table whose rows have these numbers in the data file."""
    found = bundle.predictions(table)
    return replace(found, rows=rows)

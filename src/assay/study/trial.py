"""One training of one recipe on one split: preparation, network, fit, predictions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from assay.bundle.bundle import Bundle
from assay.bundle.target_scale import TargetScale
from assay.core.duration import parse_duration
from assay.core.errors import RecipeError
from assay.core.predictions import Predictions
from assay.core.seeds import child_seed
from assay.data.preparation import Preparation
from assay.data.resample import class_weights, resample
from assay.data.target import Target
from assay.networks import MLP, build, first_network
from assay.training.fit import fit
from assay.training.settings import TrainingSettings, resolve

if TYPE_CHECKING:
    from assay.data.table import Table
    from assay.study.progress import Progress
    from assay.study.recipe import Recipe
    from assay.training.training import Training


@dataclass(frozen=True)
class Trial:
    """Everything that one training needs, fitted on the training rows alone.

    Attributes:
        recipe: with the network chosen.
        reasons: why, by dotted name of the setting.
        train: the training rows.
        validation: the validation rows.
        preparation: fitted on the training rows.
        target: labels and unit, from the training rows.
        network: with its first weights.
    """

    recipe: Recipe
    reasons: dict[str, str]
    train: Table
    validation: Table
    preparation: Preparation
    target: Target
    network: MLP

    @classmethod
    def of(cls, recipe: Recipe, train: Table, validation: Table) -> Trial:
        """Fit the preparation and choose the network."""
        preparation = Preparation.fit(train, recipe.preparation)
        target = Target.of(train, np.arange(len(train)))
        first, why = first_network(preparation.num_outputs, target.num_outputs, len(train), target.task)
        stated = {} if recipe.network is None else recipe.network.model_dump(exclude_unset=True)
        settings = first.model_copy(update=stated)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(child_seed(recipe.seed, "weights"))
            network = build(
                settings,
                num_inputs=preparation.num_outputs,
                cardinalities=preparation.cardinalities,
                num_outputs=target.num_outputs,
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
        return cls(resolved, reasons, train, validation, preparation, target, network)

    def fit(self, folder: Path, progress: Progress, *, resume: bool = False) -> tuple[Bundle, Training]:
        """Train, and keep the best weights by validation loss.

        Returns:
            the bundle (without metrics yet), and how the training went.
        """
        recipe, task = self.recipe, self.target.task
        rows = self._training_rows()
        inputs, truth = self._prepared(self.train.take(rows))
        validation_inputs, validation_truth = self._prepared(self.validation)
        scale = None if task.is_classification else TargetScale.of(truth)
        weights = None
        if recipe.imbalance == "class_weights" and task.is_classification:
            weights = class_weights(truth, len(self.target.labels))
        training = fit(
            self.network,
            (inputs, _as_tensor(truth, scale)),
            validation=(validation_inputs, _as_tensor(validation_truth, scale)),
            settings=self._training_settings(),
            seed=recipe.seed,
            device=recipe.device,
            class_weights=weights,
            hooks=[_Listener(progress, scale)],
            folder=folder,
            resume=resume,
        )
        bundle = Bundle(
            preparation=self.preparation, network=training.network, target=self.target, target_scale=scale
        )
        return bundle, training

    def _training_settings(self) -> TrainingSettings:
        settings = self.recipe.training
        times = [settings.max_seconds, self.recipe.budget and parse_duration(self.recipe.budget)]
        known = [seconds for seconds in times if seconds]
        return settings.model_copy(update={"max_seconds": min(known, default=None)})

    def _training_rows(self) -> np.ndarray:
        """Positions of the training rows that the network sees: without outliers, resampled, if asked for."""
        rows = self.preparation.kept_rows(self.train)
        method = self.recipe.imbalance
        if method in {"over", "under"} and self.target.task.is_classification:
            classes = self._truth(self.train)[rows]
            rows = rows[resample(classes, method, seed=child_seed(self.recipe.seed, "resample"))]
        return rows

    def _prepared(self, table: Table) -> tuple[torch.Tensor, np.ndarray]:
        return self.preparation.prepare(table), self._truth(table)

    def _truth(self, table: Table) -> np.ndarray:
        return self.target.encode(table.frame[self.target.name])


def _as_tensor(truth: np.ndarray, scale: TargetScale | None) -> torch.Tensor:
    values = torch.from_numpy(truth)
    return values if scale is None else scale.scaled(values).to(torch.float32)


@dataclass(frozen=True)
class _Listener:
    """Passes epochs on to whoever listens to the run, RMSE in the user's unit."""

    progress: Progress
    scale: TargetScale | None

    def on_epoch_end(self, trainer: Any, record: dict[str, Any]) -> None:
        if self.scale is not None and "validation_rmse" in record:
            record["validation_rmse"] *= self.scale.std.item()
        self.progress.epoch(record)


def predictions_of(bundle: Bundle, table: Table, rows: np.ndarray) -> Predictions:
    """The bundle's predictions for a table whose rows have these numbers in the data file."""
    found = bundle.predictions(table)
    return Predictions(found.task, found.truth, found.output, found.labels, rows)

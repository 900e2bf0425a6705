"""One training of one recipe on one split: preparation, network, fit, predictions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from assay.bundle.bundle import Bundle
from assay.bundle.target_scale import TargetScale
from assay.core.device import resolve_device
from assay.core.errors import RecipeError
from assay.core.seeds import child_seed
from assay.data.preparation import Preparation
from assay.data.resample import class_weights, resample
from assay.data.target import Target
from assay.networks import build, first_network
from assay.study.neighbours import recency_weights
from assay.training.fit import fit
from assay.training.learning_rate import find_learning_rate
from assay.training.settings import TrainingSettings, resolve
from assay.training.stacked_mlps import can_stack
from assay.training.together import fit_together

if TYPE_CHECKING:
    from assay.core.predictions import Predictions
    from assay.data.table import Table
    from assay.networks import Network
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
        seed: names the first weights and the order of the rows.
    """

    recipe: Recipe
    reasons: dict[str, str]
    train: Table
    validation: Table
    preparation: Preparation
    target: Target
    network: Network
    seed: int

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
        stated = {} if recipe.network is None else recipe.network.model_dump(exclude_unset=True)
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

    def fit(
        self,
        folder: Path | None,
        progress: Progress,
        *,
        seconds: float | None = None,
        resume: bool = False,
    ) -> tuple[Bundle, Training]:
        """Train, and keep the best weights by validation loss.

        Args:
            folder: where history and checkpoint are written; None: nowhere.
            progress: listens to the epochs.
            seconds: after which the training stops, those before a resumed one included.
            resume: go on from the checkpoint in `folder`.

        Returns:
            the bundle (without metrics yet), and how the training went.
        """
        material = self._material()
        training = fit(
            self.network,
            material.train,
            validation=material.validation,
            settings=self._training_settings(seconds),
            seed=self.seed,
            device=self.recipe.device,
            class_weights=material.class_weights,
            sample_weights=material.sample_weights,
            hooks=[_Listener(progress, material.scale)],
            folder=folder,
            resume=resume,
        )
        return self._bundle(training, material.scale), training

    def suggested_rate(self) -> float:
        """The learning rate of a range test on the training rows (Smith 2017)."""
        data, settings, device = self._material().train, self.recipe.training, self.recipe.device
        return float(find_learning_rate(self.network, data, settings=settings, seed=self.seed, device=device))

    def _material(self) -> _Material:
        recipe, task = self.recipe, self.target.task
        rows = self._training_rows()
        inputs, truth = self._prepared(self.train.take(rows))
        validation_inputs, validation_truth = self._prepared(self.validation)
        scale = None if task.is_classification else TargetScale.of(truth)
        is_weighted = recipe.imbalance == "class_weights" and task.is_classification
        return _Material(
            train=(inputs, _as_tensor(truth, scale)),
            validation=(validation_inputs, _as_tensor(validation_truth, scale)),
            scale=scale,
            class_weights=class_weights(truth, len(self.target.labels)) if is_weighted else None,
            sample_weights=self._sample_weights(rows),
        )

    def _bundle(self, training: Training, scale: TargetScale | None) -> Bundle:
        return Bundle(
            preparation=self.preparation, network=training.network, target=self.target, target_scale=scale
        )

    def _sample_weights(self, rows: np.ndarray) -> np.ndarray | None:
        if self.recipe.recency is None:
            return None
        weights: np.ndarray = recency_weights(self.train, self.recipe.recency)[rows]
        return weights

    def _training_settings(self, seconds: float | None) -> TrainingSettings:
        settings = self.recipe.training
        known = [limit for limit in (settings.max_seconds, seconds) if limit is not None]
        return settings.model_copy(update={"max_seconds": min(known, default=None)})

    def _training_rows(self) -> np.ndarray:
        """Positions of the training rows that the network sees: without outliers, resampled, if asked for."""
        rows = self.preparation.kept_rows(self.train)
        method = self.recipe.imbalance
        if method in {"over", "under"} and self.target.task.is_classification:
            classes = self._truth(self.train)[rows]
            rows = rows[resample(classes, method, seed=child_seed(self.seed, "resample"))]
        return rows

    def _prepared(self, table: Table) -> tuple[torch.Tensor, np.ndarray]:
        return self.preparation.prepare(table), self._truth(table)

    def _truth(self, table: Table) -> np.ndarray:
        return self.target.encode(table.frame[self.target.name])


@dataclass(frozen=True)
class _Material:
    """What a network is fitted to.

    Attributes:
        train: (N, P) inputs and (N,) targets.
        validation: the same of the validation rows.
        scale: of the targets, where they are quantities.
        class_weights: (K,) or None.
        sample_weights: (N,) or None.
    """

    train: tuple[torch.Tensor, torch.Tensor]
    validation: tuple[torch.Tensor, torch.Tensor]
    scale: TargetScale | None
    class_weights: np.ndarray | None
    sample_weights: np.ndarray | None


def fit_seeds(trials: Sequence[Trial], seconds: float | None = None) -> list[tuple[Bundle, Training]]:
    """Train one recipe from several seeds, small networks at once where that is quicker; on the CPU.

    Args:
        trials: of one recipe on the same rows.
        seconds: after which they stop.
    """
    first = trials[0]
    material = first._material()
    trainings = fit_together(
        [trial.network for trial in trials],
        material.train,
        validation=material.validation,
        settings=[trial._training_settings(seconds) for trial in trials],
        seeds=[trial.seed for trial in trials],
        class_weights=material.class_weights,
    )
    pairs = zip(trials, trainings, strict=True)
    return [(trial._bundle(training, material.scale), training) for trial, training in pairs]


def can_share_steps(trials: Sequence[Trial]) -> bool:
    """Whether trainings of one recipe from several seeds have the same rows and fit into one batched pass."""
    recipe = trials[0].recipe
    is_plain = recipe.recency is None and recipe.imbalance in {"none", "class_weights"}
    on_cpu = resolve_device(recipe.device).type == "cpu"
    return len(trials) > 1 and is_plain and on_cpu and can_stack([trial.network for trial in trials])


def _without_ignored(table: Table, recipe: Recipe) -> Table:
    return table.without([column.name for column in table.features if column.name in recipe.read.ignore])


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
    return replace(found, rows=rows)

"""What every training of a recipe does, whatever it learns from."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn

from assay.bundle.bundle import Bundle
from assay.bundle.target_scale import TargetScale
from assay.core.seeds import child_seed
from assay.data.resample import class_weights, resample
from assay.study.neighbours import recency_weights
from assay.training.fit import fit
from assay.training.learning_rate import find_learning_rate
from assay.training.settings import TrainingSettings

if TYPE_CHECKING:
    from assay.data.images.preparation import ImagePreparation
    from assay.data.preparation import Preparation
    from assay.data.table import Table
    from assay.data.target import Target
    from assay.study.progress import Progress
    from assay.study.recipe import Recipe
    from assay.training.training import Training

_LEAST = 0.001  # seconds that are left for a training whose time is up


@dataclass(frozen=True)
class AnyTrial(ABC):
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
    preparation: Preparation | ImagePreparation
    target: Target
    network: nn.Module
    seed: int

    @property
    @abstractmethod
    def layers(self) -> list[dict[str, Any]]:
        """What each layer of the network is, gives and holds."""

    @abstractmethod
    def words(self) -> list[tuple[str, str]]:
        """Inputs and layers as the run tells them: (step, line)."""

    @property
    def learner(self) -> nn.Module:
        """What is trained: the network, or the part of it that `material` is for."""
        return self.network

    @abstractmethod
    def _data(self, table: Table, rows: np.ndarray | None, truth: torch.Tensor) -> Any:
        """Inputs and (N,) targets of a table's rows, None: all of them, as `fit` takes them."""

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
        material = self.material(progress)
        if seconds is not None:
            seconds = max(seconds - material.seconds, _LEAST)
        training = fit(
            self.learner,
            material.train,
            validation=material.validation,
            settings=self.training_settings(seconds),
            seed=self.seed,
            device=self.recipe.device,
            class_weights=material.class_weights,
            sample_weights=material.sample_weights,
            hooks=[_Listener(progress, material.scale)],
            folder=folder,
            resume=resume,
        )
        training = replace(training, network=self.network, seconds=training.seconds + material.seconds)
        return self.bundle(training, material.scale), training

    def suggested_rate(self) -> float:
        """The learning rate of a range test on the training rows (Smith 2017)."""
        data, settings, device = self.material().train, self.recipe.training, self.recipe.device
        return float(find_learning_rate(self.learner, data, settings=settings, seed=self.seed, device=device))

    def material(self, progress: Progress | None = None) -> Material:
        """What the network is fitted to: the training rows without outliers, resampled, if asked for.

        Args:
            progress: hears of what takes long.
        """
        recipe, task = self.recipe, self.target.task
        rows = self._training_rows()
        truth = self._truth(self.train)[rows]
        scale = None if task.is_classification else TargetScale.of(truth)
        is_weighted = recipe.imbalance == "class_weights" and task.is_classification
        validation_truth = _as_tensor(self._truth(self.validation), scale)
        return Material(
            train=self._data(self.train, rows, _as_tensor(truth, scale)),
            validation=self._data(self.validation, None, validation_truth),
            scale=scale,
            class_weights=class_weights(truth, len(self.target.labels)) if is_weighted else None,
            sample_weights=self._sample_weights(rows),
        )

    def bundle(self, training: Training, scale: TargetScale | None) -> Bundle:
        """The trained network with what it needs to answer."""
        return Bundle(
            preparation=self.preparation, network=training.network, target=self.target, target_scale=scale
        )

    def training_settings(self, seconds: float | None) -> TrainingSettings:
        """Those of the recipe, with the sooner of its own and another end."""
        settings = self.recipe.training
        known = [limit for limit in (settings.max_seconds, seconds) if limit is not None]
        return settings.model_copy(update={"max_seconds": min(known, default=None)})

    def _sample_weights(self, rows: np.ndarray) -> np.ndarray | None:
        if self.recipe.recency is None:
            return None
        weights: np.ndarray = recency_weights(self.train, self.recipe.recency)[rows]
        return weights

    def _training_rows(self) -> np.ndarray:
        """Positions of the training rows that the network sees."""
        rows = self.preparation.kept_rows(self.train)
        method = self.recipe.imbalance
        if method in {"over", "under"} and self.target.task.is_classification:
            classes = self._truth(self.train)[rows]
            rows = rows[resample(classes, method, seed=child_seed(self.seed, "resample"))]
        return rows

    def _truth(self, table: Table) -> np.ndarray:
        return self.target.encode(table.frame[self.target.name])


@dataclass(frozen=True)
class Material:
    """What a network is fitted to.

    Attributes:
        train: inputs and (N,) targets.
        validation: the same of the validation rows.
        scale: of the targets, where they are quantities.
        class_weights: (K,) or None.
        sample_weights: (N,) or None.
        seconds: that were spent on it, where it is a part of the training.
    """

    train: Any
    validation: Any
    scale: TargetScale | None
    class_weights: np.ndarray | None
    sample_weights: np.ndarray | None
    seconds: float = 0.0


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

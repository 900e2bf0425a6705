"""What a finished training leaves on disk: metrics.json and diagnosis.json."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.core.files import write_json
from assay.core.metrics import confusion, curves, measure, residuals
from assay.core.predictions import Predictions, save_predictions
from assay.diagnosis.diagnose import diagnose
from assay.networks import layers
from assay.study.neighbours import with_neighbours

if TYPE_CHECKING:
    from assay.diagnosis.diagnosis import Diagnosis
    from assay.study.recipe import Recipe
    from assay.study.trial import Trial
    from assay.training.training import Training


@dataclass(frozen=True)
class Outcome:
    """What one training came to.

    Attributes:
        metrics: as in metrics.json.
        diagnosis: the error analysis.
        predictions: by part, "train" and "validation".
    """

    metrics: dict[str, Any]
    diagnosis: Diagnosis
    predictions: dict[str, Predictions]

    @classmethod
    def of(
        cls, run: str, trial: Trial, training: Training, train: Predictions, validation: Predictions
    ) -> Outcome:
        """Measure the predictions of the training and validation rows."""
        recipe = trial.recipe
        train = with_neighbours(train, trial.train, recipe.split.method)
        validation = with_neighbours(validation, trial.validation, recipe.split.method)
        network = layers(trial.network, trial.preparation.num_outputs)
        metrics = {
            "task": train.task.value,
            "metric": recipe.metric,
            "run": run,
            "train": measure(train),
            "validation": measure(validation),
            **_pictures(validation),
            "stopped": training.stopped,
            "seconds": training.seconds,
            "best_epoch": training.best_epoch,
            "parameters": sum(layer["parameters"] for layer in network),
            "made": {
                "preparation": trial.preparation.steps,
                "network": network,
                "reasons": trial.reasons,
            },
        }
        return cls(metrics, judge(recipe, train, validation), {"train": train, "validation": validation})

    def save(self, study: Path, run: Path, seal: dict[str, Any]) -> None:
        """Write the run's files, and the study's, whose best it is; `seal` is a `seal_record`."""
        save_predictions(run / "predictions.npz", self.predictions)
        write_json(run / "metrics.json", self.metrics)
        write_json(study / "diagnosis.json", self.diagnosis.to_json())
        write_json(study / "metrics.json", self.metrics | seal)


def judge(recipe: Recipe, train: Predictions, validation: Predictions) -> Diagnosis:
    """The error analysis by the recipe's metric, floor and seed."""
    return diagnose(train, validation, metric=recipe.metric, bayes_error=recipe.bayes_error, seed=recipe.seed)


def _pictures(validation: Predictions) -> dict[str, Any]:
    """What the report draws of the validation rows."""
    if validation.task.is_classification:
        return {
            "confusion": confusion(validation),
            "labels": list(validation.labels),
            "curves": curves(validation),
        }
    return {"residuals": residuals(validation)}

"""What a finished training leaves on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.core.files import write_json
from assay.core.metrics import confusion, curves, measure, residuals
from assay.core.predictions import Predictions, save_predictions

if TYPE_CHECKING:
    from assay.bundle.bundle import Bundle
    from assay.study.any_trial import AnyTrial
    from assay.study.runs import Run
    from assay.training.training import Training


def save_outcome(
    run: Run, trial: AnyTrial, training: Training, bundle: Bundle, predictions: dict[str, Predictions]
) -> None:
    """Write bundle, predictions and, last, metrics.json into the run's folder."""
    metrics = run_metrics(run.name, trial, training, bundle, predictions)
    bundle.described(metrics=metrics, diagnosis={}).save(run.folder / "bundle")
    save_predictions(run.seed_path(0), predictions)
    write_json(run.folder / "metrics.json", metrics)


def run_metrics(
    name: str, trial: AnyTrial, training: Training, bundle: Bundle, predictions: dict[str, Predictions]
) -> dict[str, Any]:
    """The record of one training, as in metrics.json."""
    train, validation = predictions["train"], predictions["validation"]
    network = trial.layers
    return {
        "task": train.task.value,
        "metric": trial.recipe.metric,
        "run": name,
        **{part: measure(p) for part, p in predictions.items()},
        **_pictures(validation),
        "calibration": bundle.decision.record,
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


def _pictures(validation: Predictions) -> dict[str, Any]:
    """What the report draws of the validation rows."""
    if validation.task.is_classification:
        return {
            "confusion": confusion(validation),
            "labels": list(validation.labels),
            "curves": curves(validation),
        }
    return {"residuals": residuals(validation)}

"""What a run says about its data and its first network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from assay.data.split import Split
    from assay.data.table import Table
    from assay.study.progress import Progress
    from assay.study.source import Source
    from assay.study.trial import Trial


def tell_data(progress: Progress, unsealed: Table, source: Source, divided: Split) -> None:
    """Rows, target, and how they were divided."""
    task = unsealed.task.value if unsealed.task else ""
    progress.say(
        "read", f"{source.rows:,} rows, {len(unsealed.features)} features; target {source.target!r}: {task}"
    )
    for note in unsealed.notes:
        progress.say("read", note)
    sizes = " / ".join(f"{len(rows):,}" for rows in (divided.train, divided.validation, divided.test))
    progress.say("split", f"{sizes} rows for training / validation / test, {divided.method}")
    for sentence in (*divided.reasons, *divided.warnings):
        progress.say("", sentence)


def tell_trial(progress: Progress, trial: Trial) -> None:
    """Inputs and layers, with their reasons."""
    inputs = trial.preparation.num_outputs
    progress.say("prepare", f"{len(trial.preparation.schema.columns)} columns become {inputs} inputs")
    progress.say("network", _layers(trial))
    if embedded := len(trial.preparation.cardinalities):
        progress.say("", f"{embedded} of the inputs are numbers of categories, which embeddings widen")
    for name, reason in trial.reasons.items():
        if name.startswith("network."):
            progress.say("", f"{name.removeprefix('network.')}: {reason}")


def _layers(trial: Trial) -> str:
    """`96-128-128-2`; of other kinds than the multi-layer perceptron also the kind."""
    settings = trial.recipe.network
    assert settings is not None  # a trial has chosen it
    if settings.kind == "mlp":
        linear = [layer for layer in trial.network.modules() if isinstance(layer, torch.nn.Linear)]
        return "-".join(map(str, [linear[0].in_features, *(layer.out_features for layer in linear)]))
    widths = "-".join(map(str, [trial.preparation.num_outputs, *settings.hidden, trial.target.num_outputs]))
    members = f", {settings.members} members that share their weights" if settings.kind == "tabm" else ""
    return f"{settings.kind} {widths}{members}"

"""`assay.run`: a data file in, an honest network out."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import torch

from assay.core.device import resolve_device
from assay.core.duration import parse_duration
from assay.core.errors import InputError, RecipeError, TrainingError
from assay.core.files import read_jsonl, write_json, write_text
from assay.core.metrics import check_metric
from assay.data.inspection import inspect
from assay.data.split import Split, split
from assay.data.table import Table
from assay.diagnosis.floor import Floor
from assay.reports.study_report import write_study_report
from assay.study.outcome import Outcome
from assay.study.parts import Parts
from assay.study.progress import Progress, Silence
from assay.study.recipe import Recipe, overlay
from assay.study.recipe_file import recipe_text, with_values
from assay.study.seal import seal_record
from assay.study.source import Source, read_source
from assay.study.study import Study
from assay.study.trial import Trial, predictions_of
from assay.training.stopping import INTERRUPTED, can_go_on

_FIRST = "001"


def run(
    data: Any = None,
    *,
    out: Path | str,
    recipe: Recipe | Path | str | None = None,
    progress: Progress | None = None,
    resume: bool = False,
    **choices: Any,
) -> Study:
    """Split, prepare, train, diagnose, and write a bundle and a report.

    Args:
        data: a file, a `Table`, a pandas or polars frame, a NumPy array; None when the recipe names a file.
        out: the study's folder, new or empty.
        recipe: a `Recipe` or a TOML file.
        progress: listens to the run.
        resume: go on from where a run in this folder was interrupted.
        choices: settings of the recipe by name, laid over it: ``seed=1``, ``training={"epochs": 20}``.

    Returns:
        the finished study.

    Raises:
        DataError: the data cannot be used.
        RecipeError: a setting is unknown or impossible, or the folder is taken.
        TrainingError: the loss is no longer finite.
    """
    folder, listener = Path(out), progress or Silence()
    begun = Study(folder)
    if resume and begun.recipe_path.exists():
        return _go_on(begun, data, _stated(recipe, choices), listener)
    asked = asked_recipe(recipe, data, choices)
    _need_new_folder(folder, resume=resume)
    given = asked.data if data is None else data
    parts, source, divided = _divided(given, asked)
    resolved = _resolved(asked, source, divided, parts.train)
    _tell_data(listener, parts.unsealed, source, divided)
    for sentence in parts.warnings:
        listener.say("", sentence)
    trial = Trial.of(resolved, parts.train, parts.validation)
    _tell_trial(listener, trial)
    try:
        begin(begun, trial, source, divided, parts)
        return _finish(begun, trial, divided, listener, resume=False)
    except (InputError, TrainingError):
        _forget_unless_trained(begun)
        raise


def _divided(data: Any, asked: Recipe) -> tuple[Parts, Source, Split]:
    """The rows in their parts; the source itself is let go on return, so that it takes no memory later."""
    rows, table, source = read_source(data, asked.target, asked.read)
    divided = split(table, asked.split, seed=asked.seed)
    return Parts.of(rows, table, divided, asked.read), source, divided


def _forget_unless_trained(study: Study) -> None:
    """Some settings only the training can refuse, and a disk can be full; then the new folder goes again."""
    if not read_jsonl(study.folder / "runs" / _FIRST / "history.jsonl"):
        shutil.rmtree(study.folder, ignore_errors=True)


def asked_recipe(recipe: Recipe | Path | str | None, data: Any, choices: dict[str, Any]) -> Recipe:
    """The recipe that was asked for, with the choices laid over it.

    Raises:
        RecipeError: unknown or impossible settings, or no data.
    """
    if isinstance(recipe, str | Path):
        asked = Recipe.load(recipe, choices)
        if asked.data is not None:  # a path in a recipe is meant from where the recipe lies
            asked = asked.changed({"data": str(Path(recipe).parent / asked.data)})
    else:
        asked = (recipe or Recipe()).changed(choices)
    if data is None and asked.data is None:
        raise RecipeError(
            "there is no data", hint="name a file: assay run DATA, or `data = ...` in the recipe"
        )
    resolve_device(asked.device)
    if asked.budget is not None:
        parse_duration(asked.budget)
    return asked


def _need_new_folder(folder: Path, *, resume: bool) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise RecipeError(f"--out {folder} is a file", hint="name a new folder")
    if any(folder.iterdir()) and not resume:
        is_study = Study(folder).recipe_path.exists()
        hint = "--resume goes on with it, or name a new folder" if is_study else "name a new or empty folder"
        raise RecipeError(f"--out {folder} holds {'a study' if is_study else 'files'} already", hint=hint)


def _resolved(asked: Recipe, source: Source, divided: Split, train: Table) -> Recipe:
    """The recipe with every choice filled in that the data decide."""
    task = train.task
    assert task is not None  # read_source refuses a table without a target
    metric = asked.metric_for(task)
    check_metric(metric, task)
    if asked.imbalance != "none" and not task.is_classification:
        raise RecipeError(
            f"imbalance = {asked.imbalance!r} is for classes, and the target {source.target!r} is a quantity"
        )
    if asked.bayes_error is not None:
        Floor.given(asked.bayes_error, metric)
    changes: dict[str, Any] = {
        "target": source.target,
        "metric": metric,
        "split.method": divided.method,
        "read.task": task.value,
    }
    if source.path is not None:
        changes["data"] = source.path
    return asked.changed(changes)


def begin(study: Study, trial: Trial, source: Source, divided: Split, parts: Parts) -> None:
    """Write what is known before the training starts; recipe.toml last, since it makes the folder a study."""
    inspection = inspect(parts.unsealed, muted=trial.recipe.mute)
    source.save(study.folder)
    divided.save(study.folder)
    write_json(study.folder / "inspection.json", inspection.to_json() | {"sealed_rows": len(divided.test)})
    write_text(study.folder / "ledger.jsonl", "")
    reasons = dict(trial.reasons)
    reasons["split.method"] = "; ".join(divided.reasons)
    if trial.recipe.metric == Recipe().metric_for(trial.target.task):
        reasons["metric"] = Recipe.reason("metric")
    text = recipe_text(trial.recipe, reasons, parts.train.columns)
    write_text(study.folder / "runs" / _FIRST / "recipe.toml", text)
    write_text(study.recipe_path, text)


def _go_on(study: Study, data: Any, choices: dict[str, Any], progress: Progress) -> Study:
    """Go on with an interrupted run: the same recipe, rows and split, from the last checkpoint."""
    recipe = study.recipe.changed(choices)
    _refuse_changes(study.recipe, recipe)
    given = recipe.data if data is None else data
    rows, table, source = read_source(given, recipe.target, recipe.read)
    Source.load(study.folder).check(source)
    if study.is_finished and not can_go_on(study.metrics["stopped"]):
        progress.say("resume", "the run was finished; nothing is left to do")
        return study
    parts = Parts.of(rows, table, study.split, recipe.read)
    del rows, table
    trial = Trial.of(recipe, parts.train, parts.validation)
    times = {"budget": recipe.budget, "max_seconds": recipe.training.max_seconds}
    write_text(study.recipe_path, with_values(study.recipe_path.read_text(encoding="utf-8"), times))
    checkpoint = study.folder / "runs" / _FIRST / "checkpoint.pt"
    progress.say(
        "resume", f"from {checkpoint}" if checkpoint.exists() else "from the start: no epoch had ended"
    )
    return _finish(study, trial, study.split, progress, resume=True)


def _stated(recipe: Recipe | Path | str | None, choices: dict[str, Any]) -> dict[str, Any]:
    """The settings that a recipe and the choices laid over it state."""
    if recipe is None:
        return choices
    stated = recipe if isinstance(recipe, Recipe) else Recipe.load(recipe)
    return overlay(stated.model_dump(exclude_unset=True, exclude={"data"}), choices)


def _refuse_changes(begun: Recipe, asked: Recipe) -> None:
    """Only the place of the data and the time may be others than when the run began."""
    old, new = _flat(begun.model_dump(mode="json")), _flat(asked.model_dump(mode="json"))
    free = {"data", "budget", "training.max_seconds"}
    changed = [name for name in new if name not in free and old.get(name) != new[name]]
    if changed:
        found = ", ".join(f"{name} = {new[name]!r} (begun with {old.get(name)!r})" for name in changed)
        raise RecipeError(f"a resumed run keeps its recipe; changed: {found}", hint="start a new folder")


def _flat(values: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Settings by dotted name."""
    flat: dict[str, Any] = {}
    for name, value in values.items():
        flat |= _flat(value, f"{prefix}{name}.") if isinstance(value, dict) else {prefix + name: value}
    return flat


def _finish(study: Study, trial: Trial, divided: Split, progress: Progress, *, resume: bool) -> Study:
    folder = study.folder / "runs" / _FIRST
    bundle, training = trial.fit(folder, progress, resume=resume)
    if training.stopped == INTERRUPTED and not training.history:
        raise KeyboardInterrupt(
            "interrupted before the first epoch ended: there is no network yet (--resume starts again)"
        )
    progress.end_of_training(len(training.history), training.stopped)
    if not training.best_epoch:
        progress.say("", "no epoch was better than the start: the weights are those that it began with")
    outcome = Outcome.of(
        _FIRST,
        trial,
        training,
        predictions_of(bundle, trial.train, divided.train),
        predictions_of(bundle, trial.validation, divided.validation),
    )
    bundle.described(metrics=outcome.metrics, diagnosis=outcome.diagnosis.to_json()).save(study.bundle_path)
    outcome.save(study.folder, folder, seal_record(divided, bundle.sha256))
    write_study_report(study.folder)
    return study


def _tell_data(progress: Progress, unsealed: Table, source: Source, divided: Split) -> None:
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


def _tell_trial(progress: Progress, trial: Trial) -> None:
    inputs = trial.preparation.num_outputs
    progress.say("prepare", f"{len(trial.preparation.schema.columns)} columns become {inputs} inputs")
    linear = [layer for layer in trial.network.modules() if isinstance(layer, torch.nn.Linear)]
    widths = [linear[0].in_features, *(layer.out_features for layer in linear)]
    progress.say("network", "-".join(map(str, widths)))
    if embedded := len(trial.preparation.cardinalities):
        progress.say("", f"{embedded} of the inputs are numbers of categories, which embeddings widen")
    for name, reason in trial.reasons.items():
        if name.startswith("network."):
            progress.say("", f"{name.removeprefix('network.')}: {reason}")

"""`assay.run`: a data file in, an honest network out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.core.errors import InputError, TrainingError
from assay.core.files import write_text
from assay.data.split import Split, split
from assay.study.asked import asked_recipe, refuse_changes, resolved, stated, with_own_parts
from assay.study.beginning import begin, forget_unless_trained, need_new_folder
from assay.study.budget import Budget
from assay.study.first_training import train_first
from assay.study.image_set import ImageSet
from assay.study.improve import go_on
from assay.study.parts import Parts
from assay.study.progress import Progress, Silence
from assay.study.recipe import Recipe
from assay.study.recipe_file import with_values
from assay.study.reopening import reopened
from assay.study.runs import FIRST
from assay.study.source import Source, read_source
from assay.study.study import Study
from assay.study.telling import tell_data, tell_trial
from assay.study.unused import without_unused
from assay.study.workbench import Workbench
from assay.training.stopping import INTERRUPTED, can_go_on

if TYPE_CHECKING:
    from assay.study.any_trial import AnyTrial


def run(
    data: Any = None,
    *,
    out: Path | str,
    recipe: Recipe | Path | str | None = None,
    progress: Progress | None = None,
    resume: bool = False,
    **choices: Any,
) -> Study:
    """Split, prepare, train, diagnose, try remedies, and write a bundle and a report.

    Args:
        data: a file, a `Table`, a pandas or polars frame, a NumPy array; of images a folder with one folder a
            class, a Parquet file, an archive or a torch Dataset; None when the recipe names a file.
        out: the study's folder, new or empty.
        recipe: a `Recipe` or a TOML file.
        progress: listens to the run.
        resume: go on from where a run in this folder was interrupted.
        choices: settings of the recipe by name, laid over it: ``seed=1``, ``training={"epochs": 20}``,
            ``rounds=0`` for a single training.

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
        return _resume(begun, data, stated(recipe, choices), listener)
    asked = asked_recipe(recipe, data, choices)
    budget = Budget(asked.budget)
    need_new_folder(folder, resume=resume)
    given = asked.data if data is None else data
    asked, parts, source, divided, told = _divided(given, asked, choices)
    settled = resolved(asked, source, divided, parts.train)
    tell_data(listener, parts.unsealed, source, divided)
    for sentence in (*told, *parts.warnings):
        listener.say("", sentence)
    bench = Workbench(begun, parts, divided, listener, budget)
    trial = bench.trial(settled)
    tell_trial(listener, trial)
    try:
        begin(begun, trial, source, divided, parts)
        return _train(bench, trial, resume=False)
    except (InputError, TrainingError):
        forget_unless_trained(begun)
        raise


def _divided(
    data: Any, asked: Recipe, choices: dict[str, Any]
) -> tuple[Recipe, Parts, Source, Split, list[str]]:
    """The rows in their parts; the source itself is let go on return, so that it takes no memory later."""
    rows, table, source = read_source(data, asked)
    asked, told = without_unused(asked, choices, is_images=isinstance(rows, ImageSet))
    asked = with_own_parts(asked, rows)
    divided = split(table, asked.split, seed=asked.seed)
    parts = Parts.of(rows, table, divided, asked.read)
    return asked, parts, source, parts.split, told


def _resume(study: Study, data: Any, choices: dict[str, Any], progress: Progress) -> Study:
    """Go on with an interrupted run: the same recipe, rows and split, from the last checkpoint."""
    recipe = study.recipe.changed(choices)
    refuse_changes(study.recipe, recipe)
    bench = reopened(study, recipe, data, progress, Budget(recipe.budget))
    times = {
        "budget": recipe.budget,
        "max_seconds": recipe.training.max_seconds,
        "rounds": recipe.rounds,
        "goal": recipe.goal,
    }
    write_text(study.recipe_path, with_values(study.recipe_path.read_text(encoding="utf-8"), times))
    study = Study(study.folder)
    if study.is_finished and not can_go_on(study.metrics["stopped"]):
        return go_on(bench, until=recipe.rounds, goal=recipe.goal, curve=recipe.learning_curve)
    checkpoint = bench.run(FIRST).folder / "checkpoint.pt"
    progress.say(
        "resume", f"from {checkpoint}" if checkpoint.exists() else "from the start: no epoch had ended"
    )
    return _train(bench, bench.trial(recipe), resume=True)


def _train(bench: Workbench, trial: AnyTrial, *, resume: bool) -> Study:
    """The first training, its diagnosis, and the rounds of remedies."""
    progress = bench.progress
    trial, training = train_first(bench, bench.run(FIRST), trial, resume=resume)
    if training.stopped == INTERRUPTED and not training.history:
        raise KeyboardInterrupt(
            "interrupted before the first epoch ended: there is no network yet (--resume starts again)"
        )
    progress.end_of_training(len(training.history), training.stopped)
    if not training.best_epoch:
        progress.say("", "no epoch was better than the start: the weights are those that it began with")
    recipe = trial.recipe
    return go_on(bench, until=recipe.rounds, goal=recipe.goal, curve=recipe.learning_curve)

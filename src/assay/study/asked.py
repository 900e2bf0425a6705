"""The recipe that was asked for, and the same with every choice filled in that the data decide."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.core.device import resolve_device
from assay.core.duration import parse_duration
from assay.core.errors import RecipeError
from assay.core.metrics import check_metric
from assay.diagnosis.floor import Floor
from assay.study.goal import Goal
from assay.study.image_set import ImageSet
from assay.study.recipe import Recipe, overlay

if TYPE_CHECKING:
    from assay.data.split import Split
    from assay.data.table import Table
    from assay.study.source import Rows, Source

# What the parts of a run that goes on may be told anew.
_FREE = {"data", "budget", "training.max_seconds", "rounds", "goal", "learning_curve", "images.workers"}


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
    if asked.goal is not None:
        Goal.of(asked.goal)
    return _without_answers(asked)


def _without_answers(asked: Recipe) -> Recipe:
    """What other people said of a row is no feature."""
    answers = (*asked.floor.soft_labels, *asked.floor.repeated_labels)
    if not answers:
        return asked
    return asked.changed({"read.ignore": list(dict.fromkeys((*asked.read.ignore, *answers)))})


def with_own_parts(asked: Recipe, rows: Rows) -> Recipe:
    """The recipe with the parts that an image source itself has, unless another split was asked for.

    Images that somebody has read already also bring the settings that they were read with.
    """
    if not isinstance(rows, ImageSet):
        return asked
    own = rows.split_choices(asked.split.model_dump(exclude_unset=True))
    asked = asked.changed({"split": own}) if own else asked
    read_with = {} if rows.settings is None else rows.settings.model_dump(exclude_unset=True)
    return asked.changed({"images": read_with}) if read_with else asked


def resolved(asked: Recipe, source: Source, divided: Split, train: Table) -> Recipe:
    """The recipe with every choice filled in that the data decide.

    Raises:
        RecipeError: metric, goal, floor or imbalance do not fit the task.
    """
    task = train.task
    assert task is not None  # read_source refuses a table without a target
    metric = asked.metric_for(task)
    check_metric(metric, task)
    if asked.goal is not None:
        Goal.of(asked.goal).check(task)
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


def stated(recipe: Recipe | Path | str | None, choices: dict[str, Any]) -> dict[str, Any]:
    """The settings that a recipe and the choices laid over it state."""
    if recipe is None:
        return choices
    given = recipe if isinstance(recipe, Recipe) else Recipe.load(recipe)
    return overlay(given.model_dump(exclude_unset=True, exclude={"data"}), choices)


def refuse_changes(begun: Recipe, asked: Recipe) -> None:
    """Only the place of the data, time, rounds and goal may be others than when the run began.

    Raises:
        RecipeError: names what has changed.
    """
    old, new = _flat(begun.model_dump(mode="json")), _flat(asked.model_dump(mode="json"))
    changed = [name for name in new if name not in _FREE and old.get(name) != new[name]]
    if changed:
        found = ", ".join(f"{name} = {new[name]!r} (begun with {old.get(name)!r})" for name in changed)
        raise RecipeError(f"a resumed run keeps its recipe; changed: {found}", hint="start a new folder")


def _flat(values: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Settings by dotted name."""
    flat: dict[str, Any] = {}
    for name, value in values.items():
        flat |= _flat(value, f"{prefix}{name}.") if isinstance(value, dict) else {prefix + name: value}
    return flat

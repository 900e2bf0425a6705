"""The rows of a study that was begun before."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.core.errors import DataError, RecipeError
from assay.study.parts import Parts
from assay.study.source import Source, read_source
from assay.study.workbench import Workbench

if TYPE_CHECKING:
    from assay.study.budget import Budget
    from assay.study.progress import Progress
    from assay.study.recipe import Recipe
    from assay.study.study import Study


def reopened(study: Study, recipe: Recipe, data: Any, progress: Progress, budget: Budget) -> Workbench:
    """A workbench on the rows that a study was made from.

    Args:
        study: begun.
        recipe: of the study.
        data: the rows, when the file has moved or they came from memory.
        progress: listens.
        budget: the time of the command.

    Raises:
        DataError: the rows are no longer the same.
        RecipeError: they came from memory and are not given.
    """
    given = recipe.data if data is None else data
    if given is None:
        raise RecipeError("the rows came from memory, so they must be given again", hint="data=frame")
    if data is None and isinstance(given, str) and not Path(given).exists():
        raise DataError(
            f"the study's data file is no longer there: {given}", hint="name its new place: --data FILE"
        )
    rows, table, source = read_source(given, recipe)
    Source.load(study.folder).check(source)
    parts = Parts.of(rows, table, study.split, recipe.read)
    return Workbench(study, parts, parts.split, progress, budget)

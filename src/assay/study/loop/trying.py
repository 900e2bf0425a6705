"""Remedies trained in full, from every seed, and compared with the run that they change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from assay.core.errors import RecipeError, TrainingError
from assay.core.metrics import error
from assay.study.loop.comparison import compare
from assay.study.loop.fair import compared_predictions
from assay.study.loop.labelled import Labelled
from assay.study.loop.ledger import compared_line, left_out_line

if TYPE_CHECKING:
    from assay.core.predictions import Predictions
    from assay.study.remedies import Proposal
    from assay.study.runs import Run
    from assay.study.workbench import Workbench


@dataclass(frozen=True)
class Tried:
    """A remedy that was trained in full, or why it could not be.

    Attributes:
        proposal: the remedy.
        run: the name of its run; None where its settings do not go together.
        validation: the validation rows as its trainings predict them, by seed; empty where one failed.
        failure: why.
    """

    proposal: Proposal
    run: str | None
    validation: list[Predictions] = field(default_factory=list)
    failure: str = ""


def train_seeds(bench: Workbench, run: Run, what: str) -> None:
    """Train a run's recipe from every other seed.

    Raises:
        CutShortError: the time is up.
        TrainingError: a loss is no longer finite.
    """
    seeds = bench.study.recipe.remedies.seeds
    bench.train_seeds(run, seeds, Labelled(bench.progress, f"{what}, other seeds"))


def try_in_full(bench: Workbench, proposal: Proposal, parent: Run, origin: Mapping[str, Any]) -> Tried:
    """Train the parent's recipe with the remedy, from every seed; what is finished is not made again.

    Raises:
        CutShortError: the time is up.
    """
    recipe = parent.recipe.changed({**proposal.changes, "rounds": 0})
    run = None
    try:
        run = bench.begin(recipe, origin)
        label = f"{proposal.name}, seed 1 of {bench.study.recipe.remedies.seeds}"
        bench.train_candidate(run, Labelled(bench.progress, label))
        train_seeds(bench, run, proposal.name)
    except (RecipeError, TrainingError) as failure:
        return Tried(proposal, None if run is None else run.name, failure=failure.message)
    return Tried(proposal, run.name, validation_of(run))


def validation_of(run: Run) -> list[Predictions]:
    """The validation rows as a run's trainings predict them, by seed."""
    recipe = run.recipe
    found = [parts["validation"] for parts in run.all_predictions()]
    if recipe.threshold == "fit":
        found = [compared_predictions(p, recipe.metric, recipe.seed) for p in found]
    return found


def compared(
    parent: Run,
    tried: Sequence[Tried],
    origins: Mapping[str, dict[str, Any]],
    *,
    comparisons: int,
    earlier: Sequence[np.ndarray],
) -> list[dict[str, Any]]:
    """The ledger's lines of one round; the best of the remedies that helped beyond noise is kept.

    Args:
        parent: the best run so far.
        tried: remedies on it.
        origins: of each by name.
        comparisons: by how many the level of the intervals is divided.
        earlier: differences of the seeds in earlier comparisons with the same parent.
    """
    before, metric = validation_of(parent), parent.recipe.metric
    trained = [one for one in tried if one.validation]
    differences = [*earlier, *(_differences(before, one.validation, metric) for one in trained)]
    lines = [
        left_out_line(one.proposal, origins[one.proposal.name], f"failed: {one.failure}", one.run)
        for one in tried
        if not one.validation
    ]
    for one in trained:
        found = compare(
            before,
            one.validation,
            metric,
            comparisons=comparisons,
            seed=parent.recipe.seed,
            others=differences,
        )
        lines.append(compared_line(one.proposal, origins[one.proposal.name], str(one.run), found))
    return _with_the_best_kept(lines)


def _differences(before: Sequence[Predictions], after: Sequence[Predictions], metric: str) -> np.ndarray:
    pairs = zip(before, after, strict=True)
    return np.array([error(new, metric) - error(old, metric) for old, new in pairs])


def _with_the_best_kept(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    helped = [line for line in lines if line["outcome"] == "helped"]
    best = min(helped, key=lambda line: line["effect"]["value"], default=None)
    for line in helped:
        line["kept"] = line is best
        line["outcome"] = "helped" if line is best else "helped less"
    return lines

"""The first training of a study, and what is tried where its loss does not stay finite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.core.errors import TrainingError
from assay.core.files import write_text
from assay.study.recipe_file import with_values
from assay.study.remedies.rescue import calmer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.study.any_trial import AnyTrial
    from assay.study.runs import Run
    from assay.study.workbench import Workbench
    from assay.training.training import Training


def train_first(bench: Workbench, run: Run, trial: AnyTrial, *, resume: bool) -> tuple[AnyTrial, Training]:
    """Train; where the loss does not stay finite, again with smaller steps, and then with shorter gradients.

    What helped is written into the recipes of the study and of the run: nothing that explodes is resumed.

    Returns:
        the trial that came to an end, and its training.

    Raises:
        TrainingError: as the first training failed, where none of the changes helped.
    """
    try:
        return trial, bench.train(run, trial, bench.progress, resume=resume)
    except TrainingError as error:
        failure = error
    for proposal in calmer(trial.recipe, trial.suggested_rate):
        bench.progress.say("rescue", f"{failure.message}; {proposal.name}: {proposal.told()}")
        changed = bench.trial(trial.recipe.changed(proposal.changes))
        try:
            training = bench.train(run, changed, bench.progress, resume=False)
        except TrainingError:
            continue
        _note(bench, run, proposal.changes)
        return changed, training
    raise failure


def _note(bench: Workbench, run: Run, changes: Mapping[str, Any]) -> None:
    values = {name.removeprefix("training."): value for name, value in changes.items()}
    for path in (bench.study.recipe_path, run.folder / "recipe.toml"):
        write_text(path, with_values(path.read_text(encoding="utf-8"), values))

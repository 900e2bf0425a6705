"""`assay improve`: more remedies, from where a study stands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.core.errors import RecipeError
from assay.core.files import write_json
from assay.study.analysis import Analyst
from assay.study.asked import refuse_changes
from assay.study.budget import Budget
from assay.study.closing import close
from assay.study.goal import Goal
from assay.study.loop.ledger import Ledger
from assay.study.loop.rounds import Rounds
from assay.study.progress import Progress, Silence
from assay.study.publishing import publish
from assay.study.recipe import Recipe
from assay.study.reopening import reopened
from assay.study.runs import FIRST
from assay.study.study import Study
from assay.training.stopping import INTERRUPTED

if TYPE_CHECKING:
    from assay.study.workbench import Workbench

_FILE = "improvement.json"


def improve(
    study: Study | Path | str,
    *,
    rounds: int | None = None,
    budget: str | None = None,
    goal: str | None = None,
    data: Any = None,
    progress: Progress | None = None,
) -> Study:
    """Try more remedies on a finished study, and keep those that help beyond noise.

    Each round diagnoses the best run, proposes remedies against what is to blame, tries them in short
    trainings, trains the best few in full from several seeds, and compares each with its parent on the same
    validation rows and seeds. A call that was interrupted goes on when it is made again.

    Args:
        study: the study or its folder.
        rounds: how many more; absent, the number in the study's recipe, or 3 where it has none.
        budget: time for this call, e.g. ``"10m"``; absent, as long as it takes.
        goal: e.g. ``"accuracy=0.8"`` on the validation rows; absent, the one of the study's recipe.
        data: the rows, when the file has moved or they came from memory.
        progress: listens.

    Returns:
        the study, whose best run may be another now.

    Raises:
        InputError: the study is not finished, or its rows are no longer the same.
        RecipeError: `budget` or `goal` is impossible.
    """
    opened, limit = study if isinstance(study, Study) else Study.open(study), Budget(budget)
    if rounds is not None and (not isinstance(rounds, int) or rounds < 1):
        raise RecipeError(f"rounds = {rounds!r}: a whole number, at least 1, was expected", where="rounds")
    recipe, task = opened.recipe, opened.bundle.task  # refused unless finished
    refuse_changes(Recipe.load(opened.folder / "runs" / FIRST / "recipe.toml"), recipe)
    if (wanted := goal or recipe.goal) is not None:
        Goal.of(wanted).check(task)
    bench = reopened(opened, recipe, data, progress or Silence(), limit)
    more = rounds if rounds is not None else recipe.rounds or type(recipe)().rounds
    until = _until(opened, more)
    return go_on(bench, until=until, goal=wanted, curve=recipe.learning_curve)


def go_on(bench: Workbench, *, until: int, goal: str | None, curve: bool | None) -> Study:
    """Rounds of remedies up to number `until`, then what is written at the end.

    Args:
        bench: whose first run is trained.
        until: the number of the last round, counted from the study's beginning; 0: no rounds.
        goal: what is good enough, if anything is.
        curve: whether to measure a learning curve at the end; None: where it takes no long time.
    """
    study, ledger = Study(bench.study.folder), Ledger(bench.study)
    first, best = bench.run(FIRST), bench.run(ledger.best)
    analyst = Analyst(bench, first.predictions())
    if not (study.is_finished and study.metrics == study.metrics | best.metrics):
        publish(best, analyst)
    reason = INTERRUPTED if first.metrics["stopped"] == INTERRUPTED else ""
    if until and not reason:
        _note(study, until, ended=None)
        reason = Rounds(bench, analyst, ledger, until, Goal.of(goal) if goal else None).run()
        _note(study, until, ended=reason)
    close(bench, analyst, ledger, reason, curve=curve)
    return study


def _until(study: Study, more: int) -> int:
    """The number of the last round: that of a call that was interrupted, or so many more than are done."""
    before = study.improvement
    if before and before["ended"] in {None, INTERRUPTED}:
        return int(before["until"])
    return Ledger(study).rounds + more


def _note(study: Study, until: int, ended: str | None) -> None:
    write_json(study.folder / _FILE, {"until": until, "ended": ended})

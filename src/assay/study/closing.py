"""What is measured once at the end, and the last words of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.core.files import write_json
from assay.core.numbers import number
from assay.reports.study_report import write_study_report
from assay.study.learning_curve import learning_curve
from assay.study.loop.labelled import Labelled
from assay.study.runs import FIRST
from assay.training.stopping import INTERRUPTED

_LONG = 15.0  # seconds of a training on images, after which a learning curve must be asked for
_LATE = 0.1  # of a budget; more than that past its end is told

if TYPE_CHECKING:
    from assay.study.analysis import Analyst
    from assay.study.loop.ledger import Ledger
    from assay.study.runs import Run
    from assay.study.workbench import Workbench


def close(bench: Workbench, analyst: Analyst, ledger: Ledger, reason: str, *, curve: bool | None) -> None:
    """Where the best run errs, what more rows would buy, the report, and what came of the remedies.

    Args:
        bench: has the rows.
        analyst: of the study.
        ledger: names the best run.
        reason: why the rounds ended; empty where there were none.
        curve: whether to measure a learning curve; None: where it does not take long.
    """
    run = bench.run(ledger.best)
    if not bench.budget.is_spent:
        analyst.write_errors(run)
    if reason != INTERRUPTED and not bench.budget.is_spent and _is_wanted(bench, run, curve):
        _write_curve(bench, run)
    write_study_report(bench.study.folder)
    if bench.budget.left < -_LATE * bench.budget.seconds:
        took = bench.budget.seconds - bench.budget.left
        bench.progress.say(
            "",
            f"the budget of {bench.budget.text} was not kept: the first training and its diagnosis alone "
            f"take about {took:.0f} s",
        )
    if reason:
        _tell(bench, ledger, reason)


def _is_wanted(bench: Workbench, run: Run, curve: bool | None) -> bool:
    """Whether a learning curve is measured: as asked; else of images only where a training is quick."""
    seconds = run.metrics["seconds"]
    if curve is not None or not bench.parts.train.is_images or seconds <= _LONG:
        return curve is not False
    bench.progress.say(
        "curve",
        f"left out: it takes about as long as the training, {seconds:.0f} s "
        "(learning_curve = true asks for it)",
    )
    return False


def _write_curve(bench: Workbench, run: Run) -> None:
    predictions = run.predictions()
    found = learning_curve(
        run.recipe,
        bench.parts.train,
        bench.parts.validation,
        full=(predictions["train"], predictions["validation"]),
        seed=run.recipe.seed,
        seconds=bench.budget.for_training(),
        progress=Labelled(bench.progress, "learning curve"),
    )
    write_json(bench.study.folder / "learning_curve.json", found.to_json())


def _tell(bench: Workbench, ledger: Ledger, reason: str) -> None:
    progress, kept = bench.progress, [line for line in ledger.lines if line["kept"]]
    progress.say("end", reason)
    if not ledger.lines:
        return
    tried = f"{len(ledger.lines)} remed{'y was' if len(ledger.lines) == 1 else 'ies were'} tried"
    if not kept:
        progress.say("", f"{tried}, and none helped beyond noise: the first network stays")
        return
    names = ", ".join(line["remedy"] for line in kept)
    first, best = (bench.run(name).metrics for name in (FIRST, ledger.best))
    metric = first["metric"]
    before, after = (number(metrics["validation"][metric]) for metrics in (first, best))
    progress.say("", f"{tried}, and kept: {names}; validation {metric} {before} before, {after} now")

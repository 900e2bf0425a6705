"""What the command says at the end of a run and of a test."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from assay.cli.console import remarks, results
from assay.core.files import to_json
from assay.training.stopping import can_go_on

if TYPE_CHECKING:
    from assay.study.study import Study

_RESUME = "next     the same command with --resume goes on (and a longer --budget, if the time was up)"


def print_study(study: Study, *, as_json: bool = False) -> None:
    """The verdict, the errors with their intervals, the metrics, and what to type next."""
    metrics, diagnosis = study.metrics, study.diagnosis
    is_interrupted = can_go_on(metrics["stopped"])
    if as_json:
        if is_interrupted:
            remarks().print(_RESUME, soft_wrap=True)
        document = {"study": str(study.folder), "metrics": metrics, "diagnosis": diagnosis.to_json()}
        typer.echo(to_json(document))
        return
    console = results()
    console.print()
    console.print(str(diagnosis), markup=False)
    console.print()
    console.print(_metrics_table(metrics))
    console.print()
    for finding in study.inspection["findings"][:3]:
        console.print(f"{finding['code']} {finding['message']}", markup=False)
    folder = shlex.quote(str(study.folder))
    console.print(
        f"\nreport   {study.report_path}\nbundle   {study.bundle_path}", markup=False, soft_wrap=True
    )
    if is_interrupted:
        console.print(_RESUME, soft_wrap=True)
    if metrics["test"] is None:
        console.print(
            f"next     assay test {folder}   (opens the sealed test rows, once)", markup=False, soft_wrap=True
        )


def print_test(metrics: dict[str, Any], *, as_json: bool = False) -> None:
    """The metrics of the test rows beside the others, and when the seal was opened."""
    if as_json:
        typer.echo(to_json(metrics))
        return
    console = results()
    console.print(_metrics_table(metrics))
    error = metrics["test_error"]
    console.print(
        f"\ntest error {error['value']:.4g} ({error['low']:.4g} to {error['high']:.4g}, 95 % interval), "
        f"metric {metrics['metric']}, {error['bootstrap']}"
    )
    openings = metrics["seal"]["opened"]
    if unknown := openings[-1].get("unknown_class_rows"):
        console.print(f"{unknown:,} test rows are of classes that no training row had: not counted")
    times = "once" if len(openings) == 1 else f"{len(openings)} times"
    console.print(f"The seal has been opened {times}, last at {openings[-1]['at']}; it is on record.")


def print_next_steps(study: Study, data: Path) -> None:
    """The last lines of the demo."""
    folder, file = shlex.quote(str(study.folder)), shlex.quote(str(data))
    lines = [
        "",
        "What to type next:",
        f"  assay test {folder}                      open the sealed test rows",
        f"  assay diagnose {folder} --bayes-error 0.01   with a floor, the verdict says more",
        f"  assay predict {folder} {file} --out predictions.csv",
        "  assay run YOUR.csv --target COLUMN --out my-study",
    ]
    results().print("\n".join(lines), markup=False, soft_wrap=True)


def _metrics_table(metrics: dict[str, Any]) -> Any:
    from rich import box
    from rich.table import Table

    parts = [part for part in ("train", "validation", "test") if metrics.get(part)]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("metric")
    for part in parts:
        table.add_column({"train": "training"}.get(part, part), justify="right")
    for name in metrics[parts[0]]:
        values = [metrics[part].get(name) for part in parts]
        table.add_row(name.replace("_", " "), *(_number(value) for value in values))
    return table


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:,.4g}"

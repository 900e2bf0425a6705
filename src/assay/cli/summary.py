"""What the command says at the end of a run and of a test."""

from __future__ import annotations

import shlex
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from assay.cli.console import remarks, results
from assay.core.files import to_json
from assay.training.stopping import can_go_on

if TYPE_CHECKING:
    from assay.study.study import Study

_WIDEST = 100  # of a picture
_WRAP = 80  # of a paragraph
_STYLES = {
    "value": "bold", "soft": "dim", "bias": "blue", "variance": "yellow", "mismatch": "magenta",
    **dict.fromkeys(("floor", "below", "unknown"), "bright_black"),
}  # fmt: skip
_RESUME = "next     the same command with --resume goes on (and a longer --budget, if the time was up)"


def print_study(study: Study, *, as_json: bool = False) -> None:
    """The verdict, the errors with their intervals, the metrics, and what to type next."""
    metrics, diagnosis = study.metrics, study.diagnosis
    is_interrupted = can_go_on(metrics["stopped"])
    if as_json:
        if is_interrupted:
            remarks().print(_RESUME, soft_wrap=True)
        document = {
            "study": str(study.folder),
            "metrics": metrics,
            "diagnosis": diagnosis.to_json(),
            "ledger": study.ledger,
            "ended": study.improvement.get("ended"),
        }
        typer.echo(to_json(document))
        return
    console = results()
    console.print()
    print_diagnosis(diagnosis.to_json())
    _print_more(study)
    console.print()
    if diagnosis.num_seeds > 1:
        _say(
            f"The errors above are means of {diagnosis.num_seeds} trainings of the best recipe; below are "
            "the metrics of the one that is kept."
        )
    console.print(_metrics_table(metrics))
    console.print()
    for finding in study.inspection["findings"][:3]:
        console.print(f"{finding['code']} {finding['message']}", markup=False)
    folder = shlex.quote(str(study.folder))
    places = {"report": study.report_path, "bundle": study.bundle_path, "recipe": study.best / "recipe.toml"}
    console.print()
    for name, path in places.items():
        console.print(f"{name:8} {path}", markup=False, soft_wrap=True)
    if is_interrupted:
        console.print(_RESUME, soft_wrap=True)
    if metrics["test"] is None:
        console.print(
            f"next     assay test {folder}   (opens the sealed test rows, once)", markup=False, soft_wrap=True
        )


def print_diagnosis(diagnosis: dict[str, Any]) -> None:
    """The verdict, the gaps as a picture, the grounds, and what to try.

    Args:
        diagnosis: as diagnosis.json holds it.
    """
    from assay.reports.gap_lines import gap_lines
    from assay.reports.verdict import verdict_sentence

    console = results()
    width = min(max(console.width, 40), _WIDEST)
    _say(verdict_sentence(diagnosis), style="bold")
    console.print()
    for line in gap_lines(diagnosis, width=width, ascii_only=console.options.ascii_only):
        console.print(_styled(line), no_wrap=True, crop=False, overflow="ignore")
    console.print()
    _say(str(diagnosis.get("because") or ""))
    if missing := diagnosis.get("missing"):
        _say(f"What would decide it: {missing}.")
    for leak in diagnosis.get("leaks") or []:
        _say(f"leak {leak['code']}: {leak['message']}", style="red")
    for remedy in diagnosis.get("remedies") or []:
        _say(f"try {remedy['name']}: {remedy['because']}", indent="  ")


def print_test(metrics: dict[str, Any], *, as_json: bool = False) -> None:
    """The metrics of the test rows beside the others, and when the seal was opened."""
    if as_json:
        typer.echo(to_json(metrics))
        return
    console = results()
    console.print(_metrics_table(metrics))
    error = metrics["test_error"]
    ends = "no interval"
    if error["low"] is not None:
        ends = f"{error['low']:.4g} to {error['high']:.4g}, 95 % interval"
    console.print(
        f"\ntest error {error['value']:.4g} ({ends}), metric {metrics['metric']}, {error['bootstrap']}"
    )
    openings = metrics["seal"]["opened"]
    if unknown := openings[-1].get("unknown_class_rows"):
        console.print(f"{unknown:,} test rows are of classes that no training row had: not counted")
    if broken := openings[-1].get("broken_rows"):
        console.print(f"{broken:,} test images are broken and were to be skipped: not counted")
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


def _print_more(study: Study) -> None:
    """What remedies did, and what more rows would buy."""
    from assay.core.files import read_json
    from assay.reports.remedies import remedies

    def record(name: str) -> dict[str, Any]:
        path = study.folder / name
        return dict(read_json(path)) if path.exists() else {}

    tried = remedies(study.ledger, study.metrics["metric"], record("improvement.json").get("ended"))
    if tried["summary"]:
        _say(f"\n{tried['summary']}.{' Stopped: ' + tried['stopped'] + '.' if tried['stopped'] else ''}")
    if told := record("learning_curve.json").get("because"):
        _say(f"\n{told}")


def _say(text: str, *, style: str = "", indent: str = "") -> None:
    """A paragraph; in a pipe too it is no wider than a terminal."""
    for paragraph in text.split("\n"):
        for line in textwrap.wrap(paragraph, _WRAP, subsequent_indent=indent) or [""]:
            results().print(line, style=style, markup=False, soft_wrap=True)


def _styled(spans: list[tuple[str, str]]) -> Any:
    from rich.text import Text

    return Text.assemble(*((text, _style(kind)) for text, kind in spans))


def _style(kind: str) -> str:
    """The terminal's own eight colours, which its owner chose to be read on its ground."""
    name, *marks = kind.split(" ")
    style = _STYLES.get(name, "")
    style += " bold" if "blamed" in marks else ""
    return style + (" reverse" if "over" in marks else "")


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

"""An inspection on a terminal: the columns worth a look, then the findings, the most important first."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from textwrap import fill
from typing import TYPE_CHECKING

from assay.data.inspection.codes import CODES, Level
from assay.data.inspection.wording import listed, number, percent, rows

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from assay.core.finding import Finding
    from assay.data.inspection import Inspection
    from assay.data.inspection.profile import Profile

_COLUMNS_SHOWN = 25
_MESSAGES_SHOWN = 4
_OTHER_WIDTH = 64  # of the table's other columns at their widest
_STYLES = {Level.SERIOUS: "bold red", Level.WARNING: "yellow", Level.NOTE: "cyan"}


def print_inspection(inspection: Inspection, console: Console, *, everything: bool = False) -> None:
    """Print the inspection, 80 columns wide or wider.

    Args:
        inspection: what was seen.
        console: where to; its width and colours are honoured.
        everything: print every column and every finding, however many.
    """
    _print_head(inspection, console)
    profiles = _worth_a_look(inspection)
    shown = profiles if everything else profiles[:_COLUMNS_SHOWN]
    marked = {finding.column for finding in inspection.findings}
    console.print(_table(shown, marked, name_width=max(console.width - _OTHER_WIDTH, 12)))
    if len(shown) < len(profiles):
        console.print(f"and {len(profiles) - len(shown)} more columns (--all shows them)\n")
    _print_findings(inspection.findings, console, everything)


def _print_head(inspection: Inspection, console: Console) -> None:
    from rich.text import Text

    target = "no target named"
    if inspection.target is not None:
        target = f"target {inspection.target!r} ({inspection.task})"
    size = f"{rows(inspection.rows)}, {len(inspection.profiles)} columns"
    console.print(Text.assemble((inspection.name, "bold"), f": {size}, {target}"))
    if summary := _target_summary(inspection):
        console.print(Text(summary))
    for note in inspection.notes:
        console.print(Text(f"note: {note}"))


def _target_summary(inspection: Inspection) -> str:
    if inspection.classes:
        total = sum(inspection.classes.values())
        shares = (
            f"{label}: {count:,} ({percent(count / total)})" for label, count in inspection.classes.items()
        )
        return "classes " + listed(shares)
    profile = next((profile for profile in inspection.profiles if profile.name == inspection.target), None)
    if profile is None or profile.numbers is None:
        return ""
    found = profile.numbers
    std = f", std {number(found.std)}" if found.std is not None else ""
    return (
        f"{number(found.low)} to {number(found.high)}, median {number(found.quantiles[0.5])}, "
        f"mean {number(found.mean)}{std}"
    )


def _worth_a_look(inspection: Inspection) -> list[Profile]:
    """The target, then the columns with findings by their weight, then the others in file order."""
    weights: dict[str, tuple[int, int]] = {}
    for position, finding in enumerate(inspection.findings):
        if finding.column is not None:
            weights.setdefault(finding.column, (-CODES[finding.code].level, position))
    last = (1, 0)
    return sorted(
        inspection.profiles,
        key=lambda profile: (profile.name != inspection.target, weights.get(profile.name, last)),
    )


def _table(profiles: Sequence[Profile], marked: set[str | None], name_width: int) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, padding=0, pad_edge=False)
    table.add_column("column", no_wrap=True)
    table.add_column("kind", no_wrap=True)
    for name in ("missing", "> 3 sd", "p1-99", "values", "mean", "std"):
        table.add_column(name, justify="right", no_wrap=True)
    for profile in profiles:
        style = "yellow" if profile.name in marked else ""
        table.add_row(
            Text(_shortened(profile.name, name_width), style),
            Text(str(profile.column.kind)),
            *_cells(profile),
        )
    return table


def _cells(profile: Profile) -> list[str]:
    numbers = profile.numbers if profile.is_measured else None
    three_sigma = numbers.three_sigma if numbers else None
    return [
        _share(profile.missing_share),
        _share(three_sigma.share) if three_sigma else "",
        _share(numbers.percentile.share) if numbers else "",
        f"{profile.values.unique:,}",
        number(numbers.mean) if numbers else "",
        number(numbers.std) if numbers and numbers.std is not None else "",
    ]


def _share(share: float) -> str:
    if share in (0.0, 1.0):
        return f"{share:.0%}"
    return f"{100 * share:.1f}%" if share >= 0.001 else "<0.1%"


def _shortened(name: str, width: int) -> str:
    """The name with its middle left out where it is too long: numbers at its end tell columns apart."""
    line = " ".join(name.split())
    tail = width // 2
    return line if len(line) <= width else f"{line[: width - tail - 1]}…{line[-tail:]}"


def _print_findings(findings: Sequence[Finding], console: Console, everything: bool) -> None:
    from rich.text import Text

    if not findings:
        console.print("no findings")
        return
    for code, found in groupby(findings, key=lambda finding: finding.code):
        style = _STYLES[CODES[code].level]
        console.print(
            Text.assemble(
                (f"{code} {CODES[code].level.name.lower()}", style), ": ", (CODES[code].title, "bold")
            )
        )
        for advice, alike in groupby(found, key=lambda finding: finding.advice):
            _print_alike(list(alike), advice, console, everything)
    console.print("\nEach code has a page: docs/findings/CODE.md. --mute CODE leaves one out.")


def _print_alike(alike: Sequence[Finding], advice: str, console: Console, everything: bool) -> None:
    shown = alike if everything else alike[:_MESSAGES_SHOWN]
    for finding in shown:
        _print_indented(finding.message, console)
    if len(shown) < len(alike):
        rest = alike[len(shown) :]
        _print_indented(f"and {len(rest)} more: {listed(repr(finding.column) for finding in rest)}", console)
    _print_indented(f"-> {advice}", console, style="dim")


def _print_indented(text: str, console: Console, style: str = "") -> None:
    from rich.text import Text

    indent = " " * 5
    lines = fill(text, max(console.width, 20), initial_indent=indent, subsequent_indent=indent)
    console.print(Text(lines, style))

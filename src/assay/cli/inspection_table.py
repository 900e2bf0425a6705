"""An inspection on a terminal: the columns worth a look, then the findings, the most important first."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from textwrap import fill
from typing import TYPE_CHECKING

from assay.cli.column_table import print_columns
from assay.data.inspection.codes import CODES, Level
from assay.data.inspection.wording import columns, listed, number, percent, rows

if TYPE_CHECKING:
    from rich.console import Console

    from assay.core.finding import Finding
    from assay.data.inspection import Inspection
    from assay.data.inspection.profile import Profile

_COLUMNS_SHOWN = 25
_MESSAGES_SHOWN = 4
_STYLES = {Level.SERIOUS: "bold red", Level.WARNING: "yellow", Level.NOTE: "cyan"}


def print_inspection(inspection: Inspection, console: Console, *, everything: bool = False) -> None:
    """Print the inspection.

    Args:
        inspection: what was seen.
        console: where to; its width and colours are honoured.
        everything: print every column and every finding, however many.
    """
    _print_head(inspection, console)
    profiles = _worth_a_look(inspection)
    shown = profiles if everything else profiles[:_COLUMNS_SHOWN]
    marked = {finding.column for finding in inspection.findings}
    print_columns(shown, marked, console)
    if len(shown) < len(profiles):
        console.print(f"and {len(profiles) - len(shown)} more columns (--all shows them)\n")
    print_findings(inspection.findings, console, everything)


def _print_head(inspection: Inspection, console: Console) -> None:
    from rich.text import Text

    target = "no target named"
    if inspection.target is not None:
        target = f"target {inspection.target!r} ({inspection.task})"
    size = f"{rows(inspection.rows)}, {columns(len(inspection.profiles))}"
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


def print_findings(findings: Sequence[Finding], console: Console, everything: bool) -> None:
    """Print the findings by their code, with what to do about them."""
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

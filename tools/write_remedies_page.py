"""Writes docs/remedies.md from the remedies, so that each is described once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from assay.core.files import write_text
from assay.study.remedies import REMEDIES, Aim

PAGE = Path(__file__).resolve().parents[1] / "docs" / "remedies.md"
HEAD = """# The remedies

A remedy is a small change of a recipe that aims at one gap. `assay run` and `assay improve` choose
remedies by the diagnosis, try them in short trainings, train the best in full from several seeds beside
the network that they change, and keep one only if the validation error fell beyond the noise of rows and
seeds. What was tried, and what came of it, stands in `ledger.jsonl` and in the report.

How many rounds, how many at once and for how long: `rounds`, `budget`, `goal` and `remedies` in
[the recipe](recipe.md).

This page is made from the remedies themselves by `make docs`.
"""


def page() -> str:
    """The whole page, as Markdown."""
    return "\n".join([HEAD, *(line for aim in Aim for line in _section(aim))])


def _section(aim: Aim) -> Iterator[str]:
    yield f"## Against {aim}\n"
    yield "| remedy | when it is tried | what it may do | source |"
    yield "|---|---|---|---|"
    for remedy in REMEDIES:
        if remedy.aims_at is aim:
            yield f"| {remedy.name} | {remedy.when} | {remedy.because} | {remedy.source} |"
    yield ""


def main() -> None:
    """Write the page."""
    write_text(PAGE, page())


if __name__ == "__main__":
    main()

"""Writes docs/remedies.md from the remedies, so that each is described once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from assay.core.files import write_text
from assay.study.remedies import IMAGE_REMEDIES, TABLE_REMEDIES, Aim, Remedy

PAGE = Path(__file__).resolve().parents[1] / "docs" / "remedies.md"
HEAD = """# The remedies

A remedy is a small change of a recipe that aims at one gap. `assay run` and `assay improve` choose
remedies by the diagnosis, try them in short trainings, train the best in full from several seeds beside
the network that they change, and keep one only if the validation error fell beyond the noise of rows and
seeds. What was tried, and what came of it, stands in `ledger.jsonl` and in the report.

A short training gets a share of the epochs that the remedy asks for, and runs through its whole schedule in
them. A remedy for tables is never proposed for images, and the other way round; where a table below says
*both*, the remedy serves both.

How many rounds, how many at once and for how long: `rounds`, `budget`, `goal` and `remedies` in
[the recipe](recipe.md).

This page is made from the remedies themselves by `make docs`.
"""


def page() -> str:
    """The whole page, as Markdown."""
    return "\n".join([HEAD, *(line for aim in Aim for line in _section(aim))])


def _section(aim: Aim) -> Iterator[str]:
    yield f"## Against {aim}\n"
    yield "| remedy | for | when it is tried | what it may do | source |"
    yield "|---|---|---|---|---|"
    for remedy in dict.fromkeys((*TABLE_REMEDIES, *IMAGE_REMEDIES)):
        if remedy.aims_at is aim:
            cells = (remedy.name, _rows(remedy), remedy.when, remedy.because, remedy.source)
            yield f"| {' | '.join(cells)} |"
    yield ""


def _rows(remedy: Remedy) -> str:
    """What the rows are that the remedy is for."""
    if remedy not in IMAGE_REMEDIES:
        return "tables"
    return "both" if remedy in TABLE_REMEDIES else "images"


def main() -> None:
    """Write the page."""
    write_text(PAGE, page())


if __name__ == "__main__":
    main()

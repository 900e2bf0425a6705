"""The catalogue of data sets as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table

    from assay.data.catalogue import Dataset


def dataset_table(datasets: Sequence[Dataset]) -> Table:
    """One row a data set: name, rows and columns, target, title, and whether it is on this machine."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        caption="`assay data fetch NAME` brings one here and prints its path; licences: --json",
        caption_justify="left",
    )
    table.add_column("name", no_wrap=True)
    table.add_column("rows", justify="right", no_wrap=True)
    table.add_column("columns", justify="right", no_wrap=True)
    table.add_column("target")
    table.add_column("what")
    table.add_column("here", no_wrap=True)
    for entry in datasets:
        target = entry.target if isinstance(entry.target, str) else f"column {entry.target + 1}"
        here = "yes" if entry.find() else "no"
        cells = [entry.name, f"{entry.rows:,}", str(entry.columns), target, entry.title, here]
        table.add_row(*map(Text, cells))
    return table

"""The columns of an inspection as a table that fits the screen: no number is ever cut."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assay.data.inspection.wording import number

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from assay.data.inspection.profile import Profile

_FIGURES = ("missing", "> 3 sd", "p1-99", "values", "mean", "std")
_LEAST_FIRST = ("std", "mean", "p1-99", "values", "> 3 sd", "kind", "missing")
_NAME_WIDTH = 12  # of the columns' names at least


def print_columns(profiles: Sequence[Profile], marked: set[str | None], console: Console) -> None:
    """Print one row a column, and what the screen has no room for.

    Args:
        profiles: the columns, in the order to print.
        marked: names of columns to colour.
        console: where to; on a narrow one the least important figures are left out.
    """
    shown, left_out = ["kind", *_FIGURES], list[str]()
    for name in _LEAST_FIRST:
        if _width(_table(profiles, marked, shown, _NAME_WIDTH), console) <= console.width:
            break
        shown.remove(name)
        left_out.append(name)
    spare = max(console.width - _width(_table(profiles, marked, shown, _NAME_WIDTH), console), 0)
    console.print(_table(profiles, marked, shown, _NAME_WIDTH + spare))
    if left_out:
        console.print(f"left out for want of room: {', '.join(left_out)} (a wider screen shows them)\n")


def _width(table: Table, console: Console) -> int:
    return console.measure(table, options=console.options.update(max_width=10_000)).maximum


def _table(profiles: Sequence[Profile], marked: set[str | None], shown: Sequence[str], names: int) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, padding=0, pad_edge=False)
    table.add_column("column", no_wrap=True)
    for name in shown:
        table.add_column(name, justify="left" if name == "kind" else "right", no_wrap=True)
    for profile in profiles:
        style = "yellow" if profile.name in marked else ""
        cells = dict(zip(_FIGURES, _cells(profile), strict=True)) | {"kind": str(profile.column.kind)}
        table.add_row(Text(_shortened(profile.name, names), style), *(Text(cells[name]) for name in shown))
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

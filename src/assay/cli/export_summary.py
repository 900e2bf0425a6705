"""What `assay export` says at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.cli.console import remarks, results

if TYPE_CHECKING:
    from assay.export import Exported

_STEPS = ((1, "B"), (1_000, "kB"), (1_000_000, "MB"))


def print_export(exported: Exported) -> None:
    """The runtimes with their files and differences, what was left out, and what they were compared by."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for name in ("runtime", "file"):
        table.add_column(name, no_wrap=True)
    for name in ("size", "difference", "relative"):
        table.add_column(name, justify="right", no_wrap=True)
    files, parity = exported.files, exported.parity
    for runtime in parity["runtimes"]:
        table.add_row(
            runtime["name"],
            runtime["file"] if runtime["file"] in files else "(the bundle)",
            size(files[runtime["file"]]) if runtime["file"] in files else "",
            f"{runtime['absolute']:.2g}",
            f"{runtime['relative']:.2g}",
        )
    console = results()
    console.print(table)
    rows = ", ".join(f"{count:,} {sort}" for sort, count in parity["rows"].items())
    console.print(f"compared by {rows} rows, in batches of {_listed(parity['batch_sizes'])}", soft_wrap=True)
    console.print(f"at most {parity['tolerance']:g} is passed: {parity['relative']}", soft_wrap=True)
    for name, reason in exported.left_out.items():
        console.print(f"left out {name}: {reason}", markup=False, soft_wrap=True)
    for name, reason in parity["unproved"].items():
        console.print(f"written, but not run here: {name}: {reason}", markup=False, soft_wrap=True)
    remarks().print(
        f"{sum(files.values()) / 1e6:.1f} MB in {parity['seconds']:.0f} s: {exported.folder}",
        markup=False,
        soft_wrap=True,
    )


def size(count: int) -> str:
    """Bytes, as a person reads them."""
    step, unit = next((step, unit) for step, unit in reversed(_STEPS) if count >= step or step == 1)
    return f"{count / step:.3g} {unit}"


def _listed(numbers: list[int]) -> str:
    return ", ".join(f"{number:,}" for number in numbers)

"""An inspection of images on a terminal: sizes, classes and copies, then the findings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from assay.cli.inspection_table import print_findings
from assay.data.inspection.images.makeup import mode_words
from assay.data.inspection.wording import listed, number, percent

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from assay.data.inspection.images import ImageInspection

_CLASSES = 25
_HIDDEN = {"frames", "format", "mode", "orientation"}


def print_image_inspection(
    inspection: ImageInspection, console: Console, *, everything: bool = False
) -> None:
    """Print the inspection.

    Args:
        inspection: what was seen.
        console: where to; its width and colours are honoured.
        everything: print every class and every finding, however many.
    """
    from rich.text import Text

    target = "no labels"
    if inspection.target is not None:
        target = f"target {inspection.target!r} ({inspection.task})"
    console.print(Text.assemble((inspection.name, "bold"), f": {inspection.rows:,} images, {target}"))
    for line in _lines(inspection, everything):
        console.print(Text(line))
    console.print(_facts(inspection))
    print_findings(inspection.findings, console, everything)


def _lines(inspection: ImageInspection, everything: bool) -> Iterator[str]:
    if inspection.classes:
        shown = list(inspection.classes.items())
        shares = [f"{label}: {count:,} ({percent(count / inspection.rows)})" for label, count in shown]
        yield "classes " + (", ".join(shares) if everything else listed(shares[:_CLASSES], of=len(shares)))
    if inspection.parts:
        yield "parts " + ", ".join(f"{name}: {len(rows):,}" for name, rows in inspection.parts.items())
    record = inspection.makeup.to_json()
    sizes = record["sizes"]
    width, height = sizes["width"], sizes["height"]
    size = f"all {width['min']} x {height['min']}"
    if sizes["different"] > 1:
        size = f"{width['min']} to {width['max']} wide, {height['min']} to {height['max']} high"
    formats = [f"{count:,} {name}" for name, count in record["formats"].items() if name]
    modes = [f"{count:,} {mode_words(name)}" for name, count in record["modes"].items()]
    yield f"files {', '.join([size, *formats, *modes])}"
    names = ("grey",) if len(inspection.channel_mean) == 1 else ("red", "green", "blue")
    pairs = zip(names, inspection.channel_mean, inspection.channel_std, strict=True)
    yield "channels " + ", ".join(f"{name}: mean {mean:.3f}, std {std:.3f}" for name, mean, std in pairs)
    for note in inspection.notes:
        yield f"note: {note}"


def _facts(inspection: ImageInspection) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, padding=0, pad_edge=False)
    table.add_column("fact", no_wrap=True)
    for head in ("min", "median", "max", "power alone"):
        table.add_column(head, justify="right", no_wrap=True)
    for profile in inspection.fact_profiles:
        if profile.numbers is None or profile.name in _HIDDEN:
            continue
        alone = inspection.power.get(profile.name)
        numbers = profile.numbers
        ends = (numbers.low, numbers.quantiles[0.5], numbers.high)
        table.add_row(profile.name, *map(number, ends), "" if alone is None else percent(alone.score))
    return table

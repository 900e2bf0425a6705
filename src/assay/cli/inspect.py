"""`assay inspect`: the exploratory pass; trains nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assay.cli import options
from assay.core.errors import RecipeError

if TYPE_CHECKING:
    from rich.console import Console

    from assay.data.images.settings import ImageSettings
    from assay.data.inspection import Inspection
    from assay.data.inspection.images import ImageInspection


def inspect(
    data: options.Data,
    target: options.Target = None,
    json: options.Json = False,
    report: Annotated[Path | None, typer.Option(help="Write an HTML report to this file.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Show every column, however many.")] = False,
    mute: Annotated[list[str] | None, typer.Option(help="A finding's code to leave out (repeat).")] = None,
    task: options.Task = None,
    ignore: options.Ignore = None,
    kind: options.Kinds = None,
    time_column: options.TimeColumn = None,
    group_column: options.GroupColumn = None,
    skip_rows: options.SkipRows = None,
    sheet: options.Sheet = None,
    header: options.Header = None,
    settings: options.ReadSettings = None,
) -> None:
    """Look at data: kinds, missing values, outliers, balance, repeats, leaks; trains nothing.

    Of a folder of images (one folder a class): sizes, modes, broken files, copies, balance, a contact sheet.

    Example: assay inspect credit_default.csv --target "default payment next month"
    """
    from assay.cli.console import remarks, results
    from assay.cli.image_options import image_settings
    from assay.core.files import to_json

    others, images = image_settings(settings)
    reading = options.reading(
        task=task, ignore=ignore, kinds=kind, skip_rows=skip_rows, sheet=sheet, header=header,
        time_column=time_column, group_column=group_column,
    )  # fmt: skip
    reading |= options.read_settings(others)
    if report is not None and report.exists() and data.exists() and report.samefile(data):
        raise RecipeError(
            f"--report {report} is the data file, which would be lost", hint="name another file"
        )
    inspection = _looked_at(data, target, reading, images, tuple(mute or ()))
    record = inspection.to_json()
    if report is not None:
        _write(inspection, record, report)
        remarks().print(f"report: {report}", markup=False, soft_wrap=True)
    if json:
        typer.echo(to_json(record))
    else:
        _print(inspection, results(), everything=everything)


def _looked_at(
    data: Path, target: str | None, reading: dict[str, Any], images: ImageSettings, muted: tuple[str, ...]
) -> Inspection | ImageInspection:
    from assay.data.images.detect import is_image_source

    if is_image_source(data):
        from assay.data.images.reading import read_images
        from assay.data.inspection.images import inspect_images
        from assay.data.reading import ReadSettings

        source = read_images(
            data, target=target, read=ReadSettings.checked(reading, where="reading"), settings=images
        )
        return inspect_images(source.table, parts=source.parts, broken=source.broken, muted=muted)
    from assay.data.inspection import inspect as look
    from assay.data.reading import read

    options.need_sheets(data, reading)
    return look(read(data, target=target, **reading), muted=muted)


def _write(inspection: Inspection | ImageInspection, record: dict[str, Any], report: Path) -> None:
    from assay.data.inspection import Inspection
    from assay.reports.inspection_report import write_inspection_report

    if isinstance(inspection, Inspection):
        write_inspection_report(record, report)
    else:  # a table need not wait for torch
        from assay.reports.contact_sheet import ContactSheet

        write_inspection_report(record, report, ContactSheet.of(inspection))


def _print(inspection: Inspection | ImageInspection, console: Console, *, everything: bool) -> None:
    from assay.cli.inspection_table import print_inspection
    from assay.data.inspection import Inspection

    if isinstance(inspection, Inspection):
        print_inspection(inspection, console, everything=everything)
    else:
        from assay.cli.image_inspection_table import print_image_inspection

        print_image_inspection(inspection, console, everything=everything)

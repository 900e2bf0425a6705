"""`assay inspect`: the exploratory pass; trains nothing."""

from pathlib import Path
from typing import Annotated

import typer

from assay.cli import options
from assay.core.errors import RecipeError


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
    """Look at a data file: kinds, missing values, outliers, balance, repeats, leaks; trains nothing.

    Example: assay inspect credit_default.csv --target "default payment next month"
    """
    from assay.cli.console import remarks, results
    from assay.cli.inspection_table import print_inspection
    from assay.core.files import to_json
    from assay.data.inspection import inspect as look
    from assay.data.reading import read

    reading = options.reading(
        task=task, ignore=ignore, kinds=kind, skip_rows=skip_rows, sheet=sheet, header=header,
        time_column=time_column, group_column=group_column,
    )  # fmt: skip
    reading |= options.read_settings(settings)
    options.need_sheets(data, reading)
    if report is not None and report.exists() and data.exists() and report.samefile(data):
        raise RecipeError(
            f"--report {report} is the data file, which would be lost", hint="name another file"
        )
    table = read(data, target=target, **reading)
    inspection = look(table, muted=tuple(mute or ()))
    if report is not None:
        from assay.reports.inspection_report import write_inspection_report

        write_inspection_report(inspection.to_json(), report)
        remarks().print(f"report: {report}", markup=False, soft_wrap=True)
    if json:
        typer.echo(to_json(inspection.to_json()))
    else:
        print_inspection(inspection, results(), everything=everything)

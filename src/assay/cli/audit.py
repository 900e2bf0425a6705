"""`assay audit`: the leak audit on files that somebody else split."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assay.cli import options
from assay.core.errors import DataError

if TYPE_CHECKING:
    import polars as pl


def audit(
    train: Annotated[
        Path, typer.Option(help="The training rows: a file, or a folder of images.", show_default=False)
    ],
    test: Annotated[Path, typer.Option(help="The test rows.", show_default=False)],
    target: options.Target = None,
    validation: Annotated[Path | None, typer.Option(help="The validation rows.")] = None,
    predictions: Annotated[
        Path | None,
        typer.Option(help="Your predictions of the test rows, as `assay predict` writes them."),
    ] = None,
    json: options.Json = False,
    task: options.Task = None,
    ignore: options.Ignore = None,
    kind: options.Kinds = None,
    time_column: options.TimeColumn = None,
    group_column: options.GroupColumn = None,
    settings: options.ReadSettings = None,
) -> None:
    """Look for leaks between parts that somebody split: repeated rows, resampling, scaling, giveaways.

    Of images (folders, Parquet files): copies and near copies, relabelled ones, files that tell the class.
    The exit status is 0 also when leaks are found: look at `leaks` in --json.

    Example: assay audit --train train.csv --test test.csv --target default
    """
    from assay.cli.image_options import image_settings
    from assay.core.files import to_json
    from assay.diagnosis.leaks import audit as look

    others, images = image_settings(settings)
    reading = options.reading(
        task=task, ignore=ignore, kinds=kind, time_column=time_column, group_column=group_column
    ) | options.read_settings(others)
    if images.model_fields_set:
        reading["images"] = images
    said = None if predictions is None else _predictions(predictions)
    found = look(train, test, validation=validation, target=target, predictions=said, **reading)
    typer.echo(to_json(found.to_json()) if json else str(found))


def _predictions(path: Path) -> Any:
    """The column `prediction`, or the only one."""
    from assay.data.reading import read
    from assay.diagnosis.leaks.sources import need_file

    need_file(path, "the predictions")
    frame: pl.DataFrame = read(path).frame
    name = "prediction" if "prediction" in frame.columns else frame.columns[0]
    if name != "prediction" and frame.width > 1:
        raise DataError(
            f"there is no column 'prediction' among {', '.join(map(repr, frame.columns[:5]))}",
            hint="write the predictions into a column of this name",
            where=path.name,
        )
    return frame[name].to_numpy()

"""`assay predict`: batch prediction."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.cli import options
from assay.core.errors import DataError, RecipeError

if TYPE_CHECKING:
    from assay.bundle.bundle import Bundle

_STANDARD_OUTPUT = Path("-")


def predict(
    bundle: Annotated[Path, typer.Argument(help="A bundle, or the study that holds it.", show_default=False)],
    data: options.Data,
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            "-o",
            help="The file to write: .csv, .tsv or .parquet; - is standard output.",
            show_default=False,
        ),
    ],
    skip_rows: options.SkipRows = None,
    sheet: options.Sheet = None,
    header: options.Header = None,
    settings: options.ReadSettings = None,
) -> None:
    """Predict every row of a file or every image of a folder, order kept, with the probability of each class.

    Example: assay predict credit/bundle new.csv --out predictions.csv
    """
    from assay.bundle.bundle import load
    from assay.bundle.predictions import predict_file, write_predictions
    from assay.cli.console import remarks

    reading = options.reading(skip_rows=skip_rows, sheet=sheet, header=header)
    reading |= options.read_settings(settings)
    options.need_sheets(data, reading)
    _need_place_outside(bundle, out)
    loaded = load(bundle)
    _need_its_kind(loaded, data)
    if out == _STANDARD_OUTPUT:
        frame = predict_file(loaded, data, **reading)
        typer.echo(frame.write_csv(), nl=False)
        return
    rows = write_predictions(loaded, data, out, **reading)
    remarks().print(f"{rows:,} predictions: {out}", markup=False, soft_wrap=True)


def _need_its_kind(bundle: "Bundle", data: Path) -> None:
    """A bundle for tables takes no images; it would miss their columns, one after the other."""
    from assay.data.images.detect import is_image_source
    from assay.data.images.schema import ImageSchema

    if not isinstance(bundle.schema, ImageSchema) and is_image_source(data):
        raise DataError(
            "it holds images, and the bundle predicts rows of a table",
            hint="name a table, or a bundle that was trained on images",
            where=str(data),
        )


def _need_place_outside(bundle: Path, out: Path) -> None:
    """A bundle's folder holds the bundle only: another file in it would be taken for damage."""
    near = (bundle, bundle.parent, bundle / "bundle")
    folders = {folder.resolve() for folder in near if (folder / "bundle.json").is_file()}
    if folders & {out.resolve(), *out.resolve().parents}:
        raise RecipeError(f"--out {out} is in the bundle's folder", hint="name a file elsewhere")

"""`assay predict`: batch prediction."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assay.cli import options
from assay.core.errors import DataError, RecipeError

if TYPE_CHECKING:
    from polars import DataFrame

    from assay.bundle.bundle import Bundle

_STANDARD_OUTPUT = Path("-")


def predict(
    bundle: Annotated[
        Path,
        typer.Argument(
            help="A bundle, the study that holds it, or an exported folder (by ONNX Runtime).",
            show_default=False,
        ),
    ],
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
    from assay.bundle.prediction_file import need_place, write_frame
    from assay.cli.console import remarks

    reading = options.reading(skip_rows=skip_rows, sheet=sheet, header=header)
    reading |= options.read_settings(settings)
    options.need_sheets(data, reading)
    _need_place_outside(bundle, out)
    is_sent = out == _STANDARD_OUTPUT
    if not is_sent:
        need_place(data, out)
    frame = (_by_onnx if _is_exported(bundle) else _by_torch)(bundle, data, reading)
    if is_sent:
        typer.echo(frame.write_csv(), nl=False)
        return
    write_frame(frame, out)
    remarks().print(f"{frame.height:,} predictions: {out}", markup=False, soft_wrap=True)


def _by_torch(bundle: Path, data: Path, reading: dict[str, Any]) -> "DataFrame":
    from assay.bundle.bundle import load
    from assay.bundle.predictions import predict_file

    loaded = load(bundle)
    _need_its_kind(loaded, data)
    return predict_file(loaded, data, **reading)


def _by_onnx(folder: Path, data: Path, reading: dict[str, Any]) -> "DataFrame":
    from assay.export.table_predictions import predict_exported

    return predict_exported(folder, data, **reading)


def _is_exported(folder: Path) -> bool:
    """Whether it is what `assay export` writes, and no bundle."""
    names = ("schema.json", "network.onnx", "parity.json")
    return not (folder / "bundle.json").is_file() and any((folder / name).is_file() for name in names)


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
    """A bundle's folder, or an exported one, holds nothing else: another file would be taken for damage."""
    near = (bundle, bundle.parent, bundle / "bundle")
    folders = {folder.resolve() for folder in near if (folder / "bundle.json").is_file()}
    if _is_exported(bundle):
        folders.add(bundle.resolve())
    if folders & {out.resolve(), *out.resolve().parents}:
        raise RecipeError(f"--out {out} is in the bundle's folder", hint="name a file elsewhere")

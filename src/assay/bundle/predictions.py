"""Batch prediction: a data file or images in, a file of predictions out, order kept."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from assay.bundle.bundle import Bundle
from assay.core.errors import DataError, RecipeError
from assay.core.files import atomic_path
from assay.data.images.images import Images
from assay.data.images.schema import ImageSchema
from assay.data.reading import read

_ENDINGS = ("", ".csv", ".tsv", ".parquet")


def write_predictions(bundle: Bundle, data: Path | str, out: Path | str, **reading: Any) -> int:
    """Predict every row of a file or every image of a folder, and write what `predict_file` answers.

    Args:
        bundle: what predicts.
        data: any file that `assay.read` takes; the target may be absent, other columns are left aside. For
            images a folder, an image file, or a Parquet file of images.
        out: a .csv, .tsv or .parquet file, replaced if it exists; without an ending, and for a pipe, CSV.
        reading: choices of `assay.read`.

    Returns:
        the number of rows or images.

    Raises:
        DataError: the data cannot be read.
        RecipeError: `out` is the data file or a folder, or has another ending.
        InputError: `out` cannot be written.
    """
    source, place = Path(data), Path(out)
    ending = _ending(place)
    _need_other_file(source, place)
    frame = predict_file(bundle, source, **reading)
    content = _content(frame, ending)
    with atomic_path(place) as temporary:
        temporary.write_bytes(content)
    return frame.height


def predict_file(bundle: Bundle, data: Path | str, **reading: Any) -> pl.DataFrame:
    """Predict every row of a file, whose columns are read as those of the training file were written.

    Args:
        bundle: what predicts.
        data: as for `write_predictions`.
        reading: choices of `assay.read`; images have none.

    Returns:
        for images the column `image`, their names; the column `prediction`, for classes a column
        `probability_LABEL` for each, and, if any row is unlike the training rows, `warnings` that say how.

    Raises:
        DataError: the data cannot be read.
        RecipeError: choices of reading for images.
    """
    source, schema = Path(data), bundle.schema
    if isinstance(schema, ImageSchema):
        return _predicted_images(bundle, schema.encode(source), reading)
    table = read(source, target=None, columns=schema.names, spellings=schema.spellings, **reading)
    try:
        raw_NC = schema.encode(table)
        return _frame(bundle, bundle.outputs(raw_NC), schema.warnings(raw_NC))
    except DataError as error:
        where = error.where if source.name in error.where else f"{source.name}, {error.where}".rstrip(", ")
        raise DataError(error.message, hint=error.hint, where=where) from error


def _predicted_images(bundle: Bundle, images: Images, reading: dict[str, Any]) -> pl.DataFrame:
    if reading:
        raise RecipeError(f"{', '.join(reading)}: images have no such choice", hint="leave it out")
    frame = _frame(bundle, bundle.outputs(images), [])
    return frame.insert_column(0, pl.Series("image", images.names, dtype=pl.String))


def _ending(place: Path) -> str:
    ending = place.suffix.lower()
    if ending not in _ENDINGS and not place.is_dir():
        raise RecipeError(
            f"--out {place} ends in {place.suffix}, and predictions are written as .csv, .tsv or .parquet",
            hint=f"e.g. {place.with_suffix('.csv')}",
        )
    return ending


def _need_other_file(source: Path, place: Path) -> None:
    if place.is_dir():
        raise RecipeError(f"--out {place} is a folder", hint="name a CSV file")
    if place.exists() and source.exists() and place.samefile(source):
        raise RecipeError(f"--out {place} is the data file, which would be lost", hint="name another file")


def _content(frame: pl.DataFrame, ending: str) -> bytes:
    buffer = BytesIO()
    if ending == ".parquet":
        frame.write_parquet(buffer)
    else:
        frame.write_csv(buffer, separator="\t" if ending == ".tsv" else ",")
    return buffer.getvalue()


def _frame(bundle: Bundle, output: np.ndarray, warnings: list[list[str]]) -> pl.DataFrame:
    columns = {"prediction": pl.Series(bundle.chosen(output).tolist())}
    for number, label in enumerate(bundle.labels):
        columns[f"probability_{label}"] = pl.Series(output[:, number])
    if any(warnings):
        columns["warnings"] = pl.Series(["; ".join(texts) or None for texts in warnings])
    return pl.DataFrame(columns)

"""Batch prediction: a data file or images in, a file of predictions out, order kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from assay.bundle.bundle import Bundle
from assay.bundle.prediction_file import need_place, write_frame
from assay.core.errors import DataError, RecipeError
from assay.data.images.as_images import all_broken
from assay.data.images.images import Images
from assay.data.images.schema import ImageSchema
from assay.data.reading import read


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
    need_place(source, place)
    frame = predict_file(bundle, source, **reading)
    write_frame(frame, place)
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
    try:
        output = bundle.outputs(images)
    except DataError as error:  # streamed images are decoded only now, and the first broken one stops it
        raise all_broken(images) or error from error
    frame = _frame(bundle, output, [])
    return frame.insert_column(0, pl.Series("image", images.names, dtype=pl.String))


def _frame(bundle: Bundle, output: np.ndarray, warnings: list[list[str]]) -> pl.DataFrame:
    columns = {"prediction": pl.Series(bundle.chosen(output).tolist())}
    for number, label in enumerate(bundle.labels):
        columns[f"probability_{label}"] = pl.Series(output[:, number])
    if any(warnings):
        columns["warnings"] = pl.Series(["; ".join(texts) or None for texts in warnings])
    return pl.DataFrame(columns)

"""Predictions of an exported bundle as a frame, read by Assay's own reader: no torch is loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from assay.core.errors import DataError, RecipeError
from assay.data.images.detect import is_image_source
from assay.data.reading import read
from assay.data.schema import Schema
from assay.export.onnx_reader import OnnxModel


def predict_exported(folder: Path | str, data: Path | str, **reading: Any) -> pl.DataFrame:
    """Predict every row of a file or every image of a folder with the network.onnx of an exported folder.

    Args:
        folder: as `assay export` writes it.
        data: any file that `assay.read` takes; of images a file or a folder of them.
        reading: choices of `assay.read`; images have none.

    Returns:
        the columns of `assay.bundle.predictions.predict_file`.

    Raises:
        BundleError: the exported files are missing, damaged, or from a newer version.
        DataError: the data cannot be read.
        MissingPartError: ONNX Runtime is not installed.
        RecipeError: choices of reading for images.
    """
    model, source = OnnxModel.load(folder), Path(data)
    if model.is_image:
        if reading:
            raise RecipeError(f"{', '.join(reading)}: images have no such choice", hint="leave it out")
        return _frame(model.columns(source))
    if is_image_source(source):
        raise DataError(
            "it holds images, and the bundle predicts rows of a table",
            hint="name a table, or a bundle that was trained on images",
            where=str(source),
        )
    schema = _schema(model)
    table = read(source, target=None, columns=schema.names, spellings=schema.spellings, **reading)
    try:
        return _frame(model.columns_of(schema.encode(table)))
    except DataError as error:
        where = error.where if source.name in error.where else f"{source.name}, {error.where}".rstrip(", ")
        raise DataError(error.message, hint=error.hint, where=where) from error


def _schema(model: OnnxModel) -> Schema:
    columns = model.record["columns"]
    return Schema.from_json([{k: v for k, v in column.items() if k != "typical"} for column in columns])


def _frame(columns: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame([pl.Series(name, values) for name, values in columns.items()])

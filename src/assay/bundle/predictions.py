"""Batch prediction: a data file in, a CSV of predictions out, row order kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from assay.bundle.bundle import Bundle
from assay.core.errors import DataError, RecipeError
from assay.core.files import atomic_path
from assay.data.reading import read


def write_predictions(bundle: Bundle, data: Path | str, out: Path | str, **reading: Any) -> int:
    """Predict every row of a file.

    The CSV has the column `prediction`, for classes a column `probability_LABEL` for each, and, if any row is
    unlike the training rows, `warnings` that say how.

    Args:
        bundle: what predicts.
        data: any file that `assay.read` takes; the target may be absent, other columns are left aside.
        out: the CSV file; replaced if it exists.
        reading: choices of `assay.read`.

    Returns:
        the number of rows.

    Raises:
        DataError: the data cannot be read, or the file cannot be written.
        RecipeError: `out` is the data file or a folder.
    """
    source, place = Path(data), Path(out)
    _need_other_file(source, place)
    table = read(source, target=None, **reading)
    try:
        raw_NC = bundle.schema.encode(table)
        frame = _frame(bundle, bundle.outputs(raw_NC), bundle.schema.warnings(raw_NC))
    except DataError as error:
        where = error.where if source.name in error.where else f"{source.name}, {error.where}".rstrip(", ")
        raise DataError(error.message, hint=error.hint, where=where) from error
    try:
        with atomic_path(place) as temporary:
            frame.write_csv(temporary)
    except OSError as error:
        raise DataError(
            f"the predictions cannot be written: {error.strerror or error}", where=str(place)
        ) from error
    return frame.height


def _need_other_file(source: Path, place: Path) -> None:
    if place.is_dir():
        raise RecipeError(f"--out {place} is a folder", hint="name a CSV file")
    if place.exists() and source.exists() and place.samefile(source):
        raise RecipeError(f"--out {place} is the data file, which would be lost", hint="name another file")


def _frame(bundle: Bundle, output: np.ndarray, warnings: list[list[str]]) -> pl.DataFrame:
    columns = {"prediction": pl.Series(bundle.chosen(output).tolist())}
    for number, label in enumerate(bundle.labels):
        columns[f"probability_{label}"] = pl.Series(output[:, number])
    if any(warnings):
        columns["warnings"] = pl.Series(["; ".join(texts) or None for texts in warnings])
    return pl.DataFrame(columns)

"""A file of predictions: what it may be called, and writing it whole."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import polars as pl

from assay.core.errors import RecipeError
from assay.core.files import atomic_path

_ENDINGS = ("", ".csv", ".tsv", ".parquet")


def need_place(source: Path, place: Path) -> None:
    """Refuse a place for predictions before any work is done.

    Raises:
        RecipeError: it is a folder or the data file, or has an unknown ending.
    """
    ending = place.suffix.lower()
    if ending not in _ENDINGS and not place.is_dir():
        raise RecipeError(
            f"--out {place} ends in {place.suffix}, and predictions are written as .csv, .tsv or .parquet",
            hint=f"e.g. {place.with_suffix('.csv')}",
        )
    if place.is_dir():
        raise RecipeError(f"--out {place} is a folder", hint="name a CSV file")
    if place.exists() and source.exists() and place.samefile(source):
        raise RecipeError(f"--out {place} is the data file, which would be lost", hint="name another file")


def write_frame(frame: pl.DataFrame, place: Path) -> None:
    """Write a .csv, .tsv or .parquet file, replaced if it exists; without an ending, and for a pipe, CSV.

    Raises:
        InputError: it is a folder, or the operating system refuses to write.
    """
    buffer, ending = BytesIO(), place.suffix.lower()
    if ending == ".parquet":
        frame.write_parquet(buffer)
    else:
        frame.write_csv(buffer, separator="\t" if ending == ".tsv" else ",")
    with atomic_path(place) as temporary:
        temporary.write_bytes(buffer.getvalue())

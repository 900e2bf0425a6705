"""A Parquet file, or a frame, with a column of encoded images."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from assay.core.errors import DataError, RecipeError, did_you_mean
from assay.data.images.detect import image_column
from assay.data.images.folder import LABEL
from assay.data.images.source_parts import Found
from assay.data.images.store import BytesStore

if TYPE_CHECKING:
    from assay.data.reading.settings import ReadSettings

IMAGE = "image"
_LABELS = ("label", "labels", "class", "target", "category", "fine_label")


def read_parquet(source: Path | pl.DataFrame, target: str | int | None, read: ReadSettings | None) -> Found:
    """The images and columns of a Parquet file or frame.

    Integer labels become names where the file's metadata has `class_names`, separated by commas. Rows without
    a target are left out.

    Raises:
        DataError: the file is damaged, there is no image column, or no column of the target's name.
        RecipeError: read.time or read.group names no column.
    """
    frame, where, class_names = _frame(source)
    column = image_column(frame.lazy())
    if column is None:
        raise DataError("there is no column of encoded images", where=where)
    others = frame.drop(column)
    if IMAGE in others.columns:
        raise DataError(
            f"the images are in column {column!r}, and another column is called 'image'",
            hint="rename that one",
            where=where,
        )
    if not len(frame):
        raise DataError("there are no rows", where=where)
    name, notes = _target(target, others, where)
    values = _bytes(frame[column])
    del frame
    store = BytesStore.of([f"row {row}" for row in range(len(values))], values)
    columns, more = _plain(others, name, read, where)
    found = Found(where, store, columns, name, notes=(*notes, *more))
    return found if name is None else _with_labels(found, name, class_names, read)


def parquet_images(source: Path | pl.DataFrame) -> BytesStore:
    """The images of a Parquet file alone, as they are predicted.

    Raises:
        DataError: the file is damaged, or there is no image column.
    """
    frame, where, _ = _frame(source)
    column = image_column(frame.lazy())
    if column is None:
        raise DataError("there is no column of encoded images", where=where)
    values = _bytes(frame[column])
    return BytesStore.of([f"row {row}" for row in range(len(values))], values)


def _frame(source: Path | pl.DataFrame) -> tuple[pl.DataFrame, str, list[str]]:
    if isinstance(source, pl.DataFrame):
        return source, "the frame", []
    try:
        frame = pl.read_parquet(source, glob=False)
        stated = pl.read_parquet_metadata(source).get("class_names", "")
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise DataError(
            f"the Parquet file is damaged or cut off ({str(error).splitlines()[0]})", where=source.name
        ) from error
    return frame, source.name, [name.strip() for name in stated.split(",")] if stated.strip() else []


def _bytes(column: pl.Series) -> list[bytes | None]:
    values: list[bytes | None] = (
        column if column.dtype == pl.Binary else column.struct.field("bytes")
    ).to_list()
    return values


def _target(target: str | int | None, others: pl.DataFrame, where: str) -> tuple[str | None, list[str]]:
    """The target's name, as stated or by the usual names of labels."""
    names = others.columns
    if isinstance(target, str) and target in names:
        return target, []
    if target is not None:
        hint = did_you_mean(str(target), names) if names else "the images have no other columns"
        raise DataError(f"there is no column {target!r}", hint=hint, where=where)
    usual = [name for name in _LABELS if name in names]
    if usual or len(names) == 1:
        name = usual[0] if usual else names[0]
        return name, [] if name == LABEL else [f"the labels are taken from column {name!r}"]
    return None, ["no column is named as the target, so the images have no labels"]


def _plain(
    others: pl.DataFrame, target: str | None, read: ReadSettings | None, where: str
) -> tuple[pl.DataFrame, list[str]]:
    """The other columns in the types that tables have; lists and bytes are left out."""
    needed = {target}
    for role in ("time", "group"):
        name = getattr(read, role, None)
        if name is not None and name not in others.columns:
            raise RecipeError(
                f"there is no column {name!r}",
                hint=did_you_mean(name, others.columns),
                where=f"read.{role}",
            )
        needed.add(name)
    plain, left_out = [], []
    for column in others.iter_columns():
        dtype = column.dtype
        if isinstance(dtype, pl.Categorical | pl.Enum):
            plain.append(column.cast(pl.String))
        elif isinstance(dtype, pl.Decimal):
            plain.append(column.cast(pl.Float64))
        elif isinstance(
            dtype, pl.List | pl.Array | pl.Struct | pl.Binary | pl.Object | pl.Duration | pl.Time
        ):
            if column.name in needed:
                raise DataError(
                    f"column {column.name!r} holds {dtype}, and single values were expected", where=where
                )
            left_out.append(column.name)
        else:
            plain.append(column)
    notes = [f"column {name!r} is left out since it holds no single values" for name in left_out]
    return pl.DataFrame(plain), notes


def _with_labels(found: Found, target: str, class_names: list[str], read: ReadSettings | None) -> Found:
    """Labels by name, and no rows without one."""
    columns, notes = found.columns, list(found.notes)
    labels = columns[target]
    present = labels.is_not_null()
    if labels.dtype.is_float():
        present &= labels.is_not_nan()
    if labels.dtype == pl.String:
        present &= labels.str.strip_chars() != ""
    if not present.any():
        raise DataError(f"every value of the target {target!r} is missing", where=found.name)
    rows = np.flatnonzero(present.to_numpy())
    left_out = len(columns) - len(rows)
    if left_out:
        notes.append(f"{left_out:,} rows without a value of the target {target!r} were left out")
        columns = columns[rows]
    is_number = read is not None and read.task is not None and not read.task.is_classification
    if class_names and labels.dtype.is_integer() and not is_number:
        columns = columns.with_columns(_names(columns[target], class_names, found.name))
    return Found(
        found.name,
        found.store.take(rows) if left_out else found.store,
        columns,
        target,
        notes=tuple(notes),
        left_out=left_out,
        rows=rows if left_out else None,
    )


def _names(numbers: pl.Series, class_names: list[str], where: str) -> pl.Series:
    """Class names of class numbers."""
    low, high = int(numbers.min()), int(numbers.max())  # type: ignore[arg-type]
    if low < 0 or high >= len(class_names):
        raise DataError(
            f"the labels go from {low} to {high}, and the file's class_names are {len(class_names)}",
            where=f"{where}, column {numbers.name!r}",
        )
    if len(set(class_names)) < len(class_names):
        raise DataError("the file's class_names hold a name twice", where=where)
    return pl.Series(numbers.name, np.array(class_names, dtype=object)[numbers.to_numpy()], dtype=pl.String)

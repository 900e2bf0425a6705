"""Images with their labels from any source, as a table whose rows show them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from assay.core.errors import DataError, did_you_mean
from assay.data.images.decoded import decoded_by
from assay.data.images.detect import is_image_source
from assay.data.images.parquet import IMAGE
from assay.data.images.settings import ImageSettings
from assay.data.images.source_parts import Broken
from assay.data.images.survey import surveyed
from assay.data.images.typing_columns import image_columns
from assay.data.kinds import infer_task
from assay.data.table import Table

if TYPE_CHECKING:
    from assay.data.reading.settings import ReadSettings

__all__ = ["Broken", "ImageSource", "is_image_source", "read_images"]


@dataclass(frozen=True, eq=False)
class ImageSource:
    """What was read.

    Attributes:
        table: the rows, with their images.
        parts: row numbers of official parts ("train", "validation", "test"); empty where there are none.
        broken: images that were left out, since `skip_broken` says so.
        settings: with which they were read.
    """

    table: Table
    parts: dict[str, np.ndarray]
    broken: tuple[Broken, ...]
    settings: ImageSettings


def read_images(
    source: Any,
    *,
    target: str | int | None = None,
    read: ReadSettings | None = None,
    settings: ImageSettings | None = None,
) -> ImageSource:
    """Read images with their labels; every image is decoded once, so that none fails later.

    Size and channels go by the official training part where there is one, else by all images. A run does not
    read so: its test images stay undecoded, see `surveyed`.

    Args:
        source: a folder with one folder a class (in folders train, validation and test where there are
            official parts), a Parquet file or polars frame with a column of image bytes, the CIFAR-10 or
            CIFAR-100 archive in its Python version or its folder, or a torch `Dataset` of (image, label).
        target: the column of the labels, for Parquet.
        read: `task`, `time_column` and the like; what only concerns text files is not looked at.
        settings: size, channels, storage, and what is done with broken images.

    Raises:
        DataError: what is wrong with the source; of broken images the first are named, with their number.
        RecipeError: a setting names a column that is not there.
    """
    chosen = settings or ImageSettings()
    table = surveyed(source, target=target, read=read, settings=chosen)
    assert table.images is not None  # surveyed gives nothing else
    assert table.images.origin is not None  # likewise
    every = np.arange(len(table))
    read_table = decoded_by(table, table.images.origin.parts.get("train", every)).table
    assert read_table.images is not None  # likewise
    assert read_table.images.origin is not None  # likewise
    origin = read_table.images.origin
    return ImageSource(read_table, origin.parts, origin.broken, chosen)


def again(table: Table, target: str | int | None, read: ReadSettings) -> Table:
    """An image table with new roles; its images stay as they are.

    Raises:
        DataError: there is no such column, or it is no target.
    """
    name = table.target.name if target is None and table.target is not None else target
    columns = table.frame.drop(IMAGE)
    if name is not None and name not in columns.columns:
        raise DataError(
            f"there is no column {name!r}", hint=did_you_mean(str(name), columns.columns), where=table.name
        )
    frame, found = image_columns(columns, name if name is None else str(name), read)
    task = None if name is None else infer_task(frame[str(name)], read.task)
    return replace(
        table,
        frame=pl.DataFrame([table.frame[IMAGE], *frame.iter_columns()]),
        columns=(table.column(IMAGE), *found),
        task=task,
    )

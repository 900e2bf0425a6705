"""What somebody else split, as tables of images in one shape: folders, Parquet files, archives, data sets."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from assay.core.errors import DataError
from assay.data.images.settings import ImageSettings
from assay.data.reading import read
from assay.data.table import Table
from assay.diagnosis.leaks.sources import Part, holds_images, of_known_classes


def read_image_parts(
    train: Any,
    others: dict[str, Any],
    target: str | int | None,
    *,
    images: ImageSettings | None = None,
    **reading: Any,
) -> tuple[Table, tuple[Part, ...]]:
    """The training images, and the other parts in their shape.

    Args:
        train: what `assay.read` takes as images.
        others: the same by part's name.
        target: the column of the labels, for Parquet; else None.
        images: size, channels and what is done with broken files.
        reading: choices of `assay.read`.

    Raises:
        DataError: a part holds no images or broken ones; training has no labels; others none of its classes.
        RecipeError: a choice is impossible.
    """
    for part, source in others.items():
        if not holds_images(source):
            found = (
                repr(str(source))
                if isinstance(source, str | bytes) or hasattr(source, "__fspath__")
                else "it"
            )
            raise DataError(
                f"the {part} part: {found} holds no images, and the training part does",
                hint="name a folder with one folder a class, or a Parquet file with a column of images",
            )
    table = _read(train, target, images, reading)
    if table.images is None or table.target is None or table.task is None:
        raise DataError(
            "the training images have no labels", hint="say which column: --target", where=table.name
        )
    format = table.images.format
    alike = (images or ImageSettings()).model_copy(
        update={"size": (format.height, format.width), "channels": format.channels, "fit": format.fit}
    )
    stated = {key: value for key, value in reading.items() if key != "task"}
    name = target if target is not None else None
    return table, tuple(
        _like(table, _read(source, name, alike, stated), part) for part, source in others.items()
    )


def _read(
    source: Any, target: str | int | None, images: ImageSettings | None, reading: dict[str, Any]
) -> Table:
    if isinstance(source, Table) and target is None and not reading:
        return source
    return read(source, target=target, images=images, **reading)


def _like(train: Table, table: Table, part: str) -> Part:
    """The rows whose class some training image has; all, where no class is known."""
    name = train.target.name if train.target else ""
    if name not in table.frame.columns:
        return _without_labels(train, table, part)
    labels = table.frame[name].cast(train.frame[name].dtype, strict=False)
    typed = replace(table, frame=table.frame.with_columns(labels), task=train.task)
    known = labels.is_not_null().to_numpy()
    typed = typed.take(known)
    labelled = typed.in_source(np.arange(len(typed)))
    typed, notes = of_known_classes(train, typed, part)
    return Part(part, typed, len(table), labelled, tuple(notes))


def _without_labels(train: Table, table: Table, part: str) -> Part:
    """Images that nobody has labelled: copies are found without."""
    name = train.target.name if train.target else ""
    unknown = pl.Series(name, [None] * len(table), dtype=train.frame[name].dtype)
    typed = replace(table, frame=table.frame.with_columns(unknown), task=train.task)
    note = f"the {part} images have no labels: what labels show (L102, the score) was not looked for"
    return Part(part, typed, len(table), np.empty(0, dtype=np.int64), (note,))

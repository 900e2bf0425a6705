"""The images of a source before a pixel is decoded: names, labels, and what the headers say."""

from __future__ import annotations

from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from assay.core.errors import DataError
from assay.data.column import Column, Kind, Role
from assay.data.images.broken import lost_classes, named, nothing_left, refused
from assay.data.images.cifar import read_cifar
from assay.data.images.dataset import read_dataset
from assay.data.images.detect import archive_folder, is_archive
from assay.data.images.filling import damaged, sizes_and_modes
from assay.data.images.folder import LABEL, read_folder
from assay.data.images.image_format import ImageFormat
from assay.data.images.images import UndecodedImages
from assay.data.images.origin import Origin, part_numbers
from assay.data.images.parquet import IMAGE, read_parquet
from assay.data.images.settings import ImageSettings
from assay.data.images.source_parts import Broken, Found
from assay.data.images.typing_columns import image_columns
from assay.data.kinds import infer_task
from assay.data.table import Table

if TYPE_CHECKING:
    from assay.data.reading.settings import ReadSettings

_UNDECIDED = ImageFormat(3, 1, 1)  # until somebody says which images decide


def surveyed(
    source: Any,
    *,
    target: str | int | None = None,
    read: ReadSettings | None = None,
    settings: ImageSettings | None = None,
) -> Table:
    """Images with their labels, none of them decoded: what may be known of a test image before its test.

    Of each image the name, the label, and the header of the file are read: width, height, mode. That much is
    needed to find files that are no images, and to know what each one is called. (A torch `Dataset` gives an
    image and its label together, so that it alone is asked for the images as well.)

    Args:
        source: as `read_images` takes it.
        target: the column of the labels, for Parquet.
        read: `task`, `time_column` and the like.
        settings: what is done with broken images; size and channels are decided when they are decoded.

    Raises:
        DataError: what is wrong with the source. Where images have no header, the first of all broken ones
            are named: since there will be no study, those that only decoding finds are looked for as well.
        RecipeError: a setting names a column that is not there.
    """
    chosen = settings or ImageSettings()
    found = _found(source, target, read, chosen)
    sizes_N2, is_grey_N, broken = sizes_and_modes(found.store, chosen.max_pixels, chosen.workers)
    if (broken or found.broken) and not chosen.skip_broken:
        broken |= damaged(found.store, broken, chosen.max_pixels, chosen.workers)
        all_of = [*found.broken, *named(found.store.names, broken)]
        raise refused(all_of, len(found.store) + len(found.broken), found.name)
    found, left = _without(found, broken)
    origin = Origin(
        chosen,
        is_grey_N[left],
        part_numbers(found.parts, len(left)),
        found.notes,
        found.broken,
    )
    return _table(found, UndecodedImages(found.store, _UNDECIDED, sizes_N2[left], origin), read)


def _found(
    source: Any, target: str | int | None, read: ReadSettings | None, settings: ImageSettings
) -> Found:
    """What the source holds, by what it is."""
    if isinstance(source, pl.DataFrame):
        return read_parquet(source, target, read)
    if isinstance(source, str | PathLike):
        path = Path(source)
        if not path.exists():
            raise DataError(f"there is no file or folder {path}")
        if path.is_file() and not is_archive(path):
            return read_parquet(path, target, read)
        is_cifar = path.is_file() or archive_folder(path) is not None
        found = read_cifar(path) if is_cifar else read_folder(path)
    else:
        found = read_dataset(source, settings)
    if target not in {None, LABEL, found.target}:
        raise DataError(
            f"there is no column {target!r}: the labels of these images are in column 'label'",
            hint="leave the target out",
            where=found.name,
        )
    return found


def _without(found: Found, broken: dict[int, str]) -> tuple[Found, np.ndarray]:
    """The source without these rows, which are named among its broken ones; and the rows that are left."""
    left = np.setdiff1d(np.arange(len(found.store)), np.array(list(broken), dtype=np.int64))
    all_of: tuple[Broken, ...] = (*found.broken, *named(found.store.names, broken))
    if len(left) == 0:
        raise nothing_left(all_of, found.name)
    if not broken:
        return found, left
    columns = found.columns[left] if found.columns.width else found.columns
    note = "" if found.target is None else lost_classes(found.columns[found.target], columns[found.target])
    return (
        replace(
            found,
            store=found.store.take(left),
            columns=columns,
            parts={
                part: np.searchsorted(left, np.intersect1d(rows, left)) for part, rows in found.parts.items()
            },
            broken=all_of,
            notes=(*found.notes, note) if note else found.notes,
            rows=left if found.rows is None else found.rows[left],
        ),
        left,
    )


def _table(found: Found, images: UndecodedImages, read: ReadSettings | None) -> Table:
    names = pl.Series(IMAGE, [str(name) for name in images.store.names], dtype=pl.String)
    image = Column(IMAGE, Kind.IMAGE, Role.FEATURE, f"{len(images):,} images")
    try:
        frame, columns = image_columns(found.columns, found.target, read)
        task = None if found.target is None else infer_task(frame[found.target], getattr(read, "task", None))
    except DataError as error:
        raise DataError(error.message, hint=error.hint, where=found.name) from error
    return Table(
        pl.DataFrame([names, *frame.iter_columns()]),
        (image, *columns),
        task,
        found.name,
        found.notes,
        found.left_out,
        found.rows,
        images=images,
    )

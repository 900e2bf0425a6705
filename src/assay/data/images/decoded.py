"""Decodes the images of a table, at the size that some of its rows decide."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from assay.data.images.broken import left_out, lost_classes, named, nothing_left, refused
from assay.data.images.filling import check, fill
from assay.data.images.image_format import ImageFormat
from assay.data.images.images import Images, MemoryImages, StreamedImages
from assay.data.images.origin import Origin
from assay.data.images.parquet import IMAGE
from assay.data.images.settings import ImageSettings
from assay.data.images.sizes import target_size
from assay.data.images.source_parts import Broken
from assay.data.images.storing import choose_storage
from assay.data.table import Table


@dataclass(frozen=True, eq=False)
class Decoded:
    """What decoding gave.

    Attributes:
        table: the rows whose images can be decoded.
        left: which of the given rows these are.
        broken: the others, which only `skip_broken` allows.
    """

    table: Table
    left: np.ndarray
    broken: tuple[Broken, ...]


def decoded_by(table: Table, deciding: np.ndarray, others: Images | None = None) -> Decoded:
    """The images of a table, each decoded once, at the size and with the channels that some of them ask for.

    Args:
        table: of images that a reader has read, decoded or not; pixels that are there already in the right
            shape are kept.
        deciding: row numbers of the images that decide: the training images.
        others: of the same source; where images are refused, their broken ones are named with them.

    Raises:
        DataError: images cannot be decoded: the first are named, with their number.
    """
    images, origin = _read(table)
    format, note = _decided(images.sizes_N2[deciding], origin.is_grey[deciding], origin.settings)
    found = decoded_as(table, format, others=others)
    kept = np.flatnonzero(np.isin(found.left, deciding))
    if found.broken and len(kept):  # a broken image has no say in the size
        images, origin = _read(found.table)
        format, note = _decided(images.sizes_N2[kept], origin.is_grey[kept], origin.settings)
        if format != images.format:
            found = replace(found, table=decoded_as(found.table, format).table)
    place = len(origin.notes)
    notes = found.table.notes
    return replace(found, table=replace(found.table, notes=(*notes[:place], note, *notes[place:])))


def decoded_as(
    table: Table, format: ImageFormat, hint: str | None = None, others: Images | None = None
) -> Decoded:
    """The images of a table in a given shape, each decoded once.

    Args:
        table: of images that a reader has read.
        format: e.g. that of a trained network.
        hint: what to do about broken images, in place of the usual words.
        others: as for `decoded_by`.

    Raises:
        DataError: images cannot be decoded: the first are named, with their number.
    """
    images, origin = _read(table)
    storage, storage_note = choose_storage(len(images), format, origin.settings.storage)
    made, damaged = _made(images, format, storage, origin)
    broken = named(images.store.names, damaged)
    if damaged and not origin.settings.skip_broken:
        total = len(images)
        if others is not None and (more := check(others.store, format.max_pixels, origin.settings.workers)):
            broken, total = (*broken, *named(others.store.names, more)), total + len(others)
        raise refused(broken, total, table.name, **({} if hint is None else {"hint": hint}))
    left = np.setdiff1d(np.arange(len(images)), np.array(list(damaged), dtype=np.int64))
    if not len(left):
        raise nothing_left(broken, table.name)
    all_of = (*origin.broken, *broken)
    made.origin = replace(origin, broken=all_of, is_checked=True)
    whole = replace(table, images=made)
    kept = whole.take(left) if damaged else whole
    lost = lost_classes(table.frame[table.target.name], kept.frame[table.target.name]) if table.target else ""
    notes = tuple(note for note in (*origin.notes, storage_note, left_out(all_of), lost) if note)
    channels, height, width = format.shape
    why = f"{len(kept):,} images, handed out as {height} x {width} x {channels}"
    columns = tuple(replace(column, why=why) if column.name == IMAGE else column for column in table.columns)
    return Decoded(replace(kept, columns=columns, notes=notes), left, broken)


def _read(table: Table) -> tuple[Images, Origin]:
    images = table.images
    assert images is not None  # the caller has asked
    assert images.origin is not None  # a reader has read them
    return images, images.origin


def _decided(sizes_N2: np.ndarray, is_grey_N: np.ndarray, settings: ImageSettings) -> tuple[ImageFormat, str]:
    """The shape that images of these sizes are handed out in, and a note on it."""
    (height, width), why = target_size(sizes_N2, settings)
    channels = settings.channels or (1 if len(is_grey_N) and is_grey_N.all() else 3)
    colour = "grey" if channels == 1 else "colour"
    note = f"images are handed out at {height} x {width} pixels, {colour}: {why}"
    return ImageFormat(channels, height, width, settings.fit, settings.max_pixels), note


def _made(images: Images, format: ImageFormat, storage: str, origin: Origin) -> tuple[Images, dict[int, str]]:
    """The images in this format, and by row number why one cannot be decoded."""
    workers = origin.settings.workers
    if storage == "memory":
        if isinstance(images, MemoryImages) and images.format == format:
            return images.take(np.arange(len(images))), {}
        pixels, broken = fill(images.store, format, workers)
        return MemoryImages(images.store, format, images.sizes_N2, pixels), broken
    broken = {} if origin.is_checked else check(images.store, format.max_pixels, workers)
    return StreamedImages(images.store, format, images.sizes_N2), broken

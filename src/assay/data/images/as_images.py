"""Images in the shape that a network takes, from whatever somebody wants predicted."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import torch

from assay.core.errors import DataError
from assay.data.images.arrays import as_uint8, channels_first, one_image
from assay.data.images.broken import named, refused
from assay.data.images.cifar import read_cifar
from assay.data.images.dataset import read_dataset
from assay.data.images.decoding import MAX_PIXELS
from assay.data.images.detect import archive_folder, is_archive, is_dataset
from assay.data.images.filling import damaged, fill, sizes_and_modes
from assay.data.images.headers import image_format, read_header
from assay.data.images.image_format import ImageFormat
from assay.data.images.images import Images, MemoryImages, StreamedImages
from assay.data.images.parquet import parquet_images
from assay.data.images.settings import ImageSettings
from assay.data.images.source_parts import Broken
from assay.data.images.store import ArrayStore, FileStore, Store, file_bytes
from assay.data.images.storing import choose_storage
from assay.data.images.walking import is_named_image, printable, walk
from assay.data.table import Table

_EXPECTED = "a folder, a file, a list of images or paths, or an array of shape (N, H, W, C) was expected"
_TABLES = {".csv", ".tsv", ".txt", ".xlsx", ".xls", ".arrow", ".feather", ".json"}
_HEAD = 64  # bytes of a file that tell what it is
_REPAIR = "remove or repair them"


def as_images(source: Any, like: ImageFormat) -> Images:
    """The images of a source in a given shape; labels are neither needed nor looked at.

    Args:
        source: a folder (all images below it), an image file, a Parquet file, the CIFAR archive, a torch
            `Dataset`; a path, Pillow image, array or bytes, or a list of them; uint8 arrays or tensors
            (N, H, W, C) or (N, C, H, W); an image `Table`, or `Images`.
        like: channels, size and fit that the network was trained with.

    Returns:
        The images; `names` says what each is: a path relative to the folder, or "row 17".

    Raises:
        DataError: an image cannot be read (with its name), or the source holds none.
    """
    if isinstance(source, Table):
        if source.images is None:
            raise DataError("the table holds no images", hint=_EXPECTED, where=source.name)
        source = source.images
    if isinstance(source, Images):
        return source if source.format == like else _made(source.store, like)
    store = _store(source, like)
    if not len(store):
        raise DataError("there are no images", hint=_EXPECTED)
    return _made(store, like)


def _made(store: Store, like: ImageFormat) -> Images:
    sizes_N2, _, broken = sizes_and_modes(store, like.max_pixels)
    if broken:
        broken |= damaged(store, broken, like.max_pixels)
        raise refused(named(store.names, broken), len(store), hint=_REPAIR)
    storage, _ = choose_storage(len(store), like, "auto")
    if storage == "stream":
        return StreamedImages(store, like, sizes_N2)
    pixels_NCHW, broken = fill(store, like)
    if broken:
        raise refused(named(store.names, broken), len(store), hint=_REPAIR)
    return MemoryImages(store, like, sizes_N2, pixels_NCHW)


def all_broken(images: Images) -> DataError | None:
    """The error that names the first of all images that can no longer be decoded; None where all can."""
    broken = damaged(images.store, {}, images.format.max_pixels)
    return refused(named(images.store.names, broken), len(images), hint=_REPAIR) if broken else None


def _store(source: Any, like: ImageFormat) -> Store:
    if isinstance(source, str | PathLike):
        return _path_store(Path(source))
    if isinstance(source, pl.DataFrame):
        return parquet_images(source)
    if is_dataset(source):
        found = read_dataset(source, ImageSettings(max_pixels=like.max_pixels))
        if found.broken:
            total = len(found.store) + len(found.broken)
            raise refused(found.broken, total, found.name, _REPAIR)
        return found.store
    if isinstance(source, np.ndarray | torch.Tensor) and source.dtype != np.object_:
        return _array_store(source)
    if isinstance(source, bytes | bytearray | memoryview) or hasattr(source, "getexif"):
        return _list_store([source], like)
    if isinstance(source, Sequence | np.ndarray | pl.Series):
        return _list_store(list(source), like)
    raise DataError(f"images cannot be made of {type(source).__name__}", hint=_EXPECTED)


def _path_store(path: Path) -> Store:
    if path.is_dir():
        return read_cifar(path).store if archive_folder(path) is not None else _folder_store(path)
    if not path.exists():
        raise DataError(f"there is no file or folder {path}", hint=_EXPECTED)
    try:
        head = file_bytes(path)[:_HEAD]
    except DataError as error:
        raise DataError(error.message, where=str(path)) from error
    if head.startswith(b"PAR1"):
        return parquet_images(path)
    if head.startswith(b"\x1f\x8b") and is_archive(path):
        return read_cifar(path).store
    if not image_format(head):
        raise DataError(_no_image(path), hint=_EXPECTED, where=printable(path.name))
    return FileStore([printable(path.name)], [str(path)])


def _no_image(path: Path) -> str:
    """What a single file is that somebody took for images."""
    try:
        read_header(file_bytes(path))
    except DataError as error:
        if path.suffix.lower() in _TABLES:
            return "by its name it is a table, and images were expected"
        return error.message
    return "it is no image"


def _folder_store(folder: Path) -> FileStore:
    """All images below a folder; files that neither are nor are named images are left alone."""
    root = folder.resolve()
    names, paths, broken = [], [], []
    for entry in walk(root, root):
        if entry.refused:
            broken.append(Broken(entry.name, entry.refused))
        elif is_named_image(entry.path) or _holds_image(entry.path):
            names.append(entry.name)
            paths.append(entry.path)
    if not names and not broken:
        raise DataError("the folder holds no images", hint=_EXPECTED, where=str(folder))
    store = FileStore(names, paths)
    if broken:
        _, _, others = sizes_and_modes(store, MAX_PIXELS)
        raise refused((*broken, *named(store.names, others)), len(names) + len(broken), folder.name, _REPAIR)
    return store


def _holds_image(path: str) -> bool:
    try:
        return bool(image_format(file_bytes(path)[:64]))
    except DataError:
        return False


def _list_store(items: list[Any], like: ImageFormat) -> Store:
    """Paths stay files; everything else is decoded now."""
    if items and all(isinstance(item, str | PathLike) for item in items):
        return FileStore([printable(str(item)) for item in items], [str(item) for item in items])
    pixels = []
    for row, item in enumerate(items):
        try:
            image = file_bytes(Path(item)) if isinstance(item, str | PathLike) else item
            pixels.append(one_image(image, like.max_pixels))
        except DataError as error:
            raise DataError(error.message, hint=error.hint, where=f"image {row}") from error
    return ArrayStore([f"row {row}" for row in range(len(items))], pixels)


def _array_store(values: np.ndarray | torch.Tensor) -> ArrayStore:
    """A stack (N, H, W, C), (N, C, H, W) or (N, H, W), or one image (H, W, C), (C, H, W) or (H, W)."""
    is_tensor = isinstance(values, torch.Tensor)
    tensor = values.detach().cpu() if is_tensor else torch.from_numpy(np.array(values))  # type: ignore[union-attr]
    if tensor.ndim not in {2, 3, 4} or 0 in tensor.shape[1:]:
        raise DataError(f"an array of shape {tuple(tensor.shape)} holds no images", hint=_EXPECTED)
    if not len(tensor):
        raise DataError("the array holds no images: its first axis is 0", hint=_EXPECTED)
    tensor = as_uint8(tensor)
    if tensor.ndim == 2:
        stack = tensor[None, None]
    elif tensor.ndim == 3:
        is_one = tensor.shape[-1] in {1, 3, 4} or (is_tensor and tensor.shape[0] in {1, 3})
        stack = channels_first(tensor, is_tensor)[None] if is_one else tensor[:, None]
    else:
        stack = channels_first(tensor, is_tensor)
    return ArrayStore([f"row {row}" for row in range(len(stack))], stack)

"""Whether a source holds images: a glance, which loads neither torch nor PIL."""

from __future__ import annotations

import os
import sys
import tarfile
import zlib
from os import PathLike
from pathlib import Path
from typing import Any

import polars as pl

from assay.data.images.headers import image_format
from assay.data.images.walking import is_ignored, is_named_image

ARCHIVES = {"cifar-10-batches-py": "data_batch_1", "cifar-100-python": "train"}  # folder, and a file in it
IMAGE_NAMES = ("image", "img", "picture", "photo", "pixels", "bytes")
_LOOKED_AT = 2000  # files and folders until a folder is said to hold no images


def is_image_source(data: Any) -> bool:
    """Whether `read_images` reads it: an image folder, a Parquet file or frame with a column of image bytes,
    the CIFAR archive (.tar.gz) or its folder, or a torch `Dataset` of (image, label).

    A table is none: nothing but its schema and the first value of a binary column is looked at.
    """
    if isinstance(data, str | PathLike):
        return _is_image_path(Path(data)) if str(data).strip() else False
    if isinstance(data, pl.DataFrame):
        return image_column(data.lazy()) is not None
    return is_dataset(data) and _gives_images(data)


def _is_image_path(path: Path) -> bool:
    try:
        if path.is_dir():
            return archive_folder(path) is not None or _holds_images(path)
        if not path.is_file():
            return False
        with path.open("rb") as stream:
            head = stream.read(4)
    except (OSError, ValueError):
        return False
    if head == b"PAR1":
        try:
            return image_column(pl.scan_parquet(path, glob=False)) is not None
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
            return False
    return head.startswith(b"\x1f\x8b") and is_archive(path)


def _holds_images(folder: Path) -> bool:
    """Whether at least half of the first files, folder by folder, are named as images."""
    waiting, looked_at, files, images = [folder], 0, 0, 0
    while waiting and looked_at < _LOOKED_AT:
        try:
            with os.scandir(waiting.pop(0)) as entries:
                for entry in entries:
                    looked_at += 1
                    if looked_at > _LOOKED_AT:
                        break
                    if is_ignored(entry.name):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(Path(entry.path))
                    else:
                        files += 1
                        images += is_named_image(entry.name)
        except OSError:
            continue
    return 0 < files <= 2 * images


def image_column(frame: pl.LazyFrame) -> str | None:
    """The column of encoded images: bytes, or {bytes, path} as Hugging Face writes it; None without one."""
    schema = frame.collect_schema()
    binary = [name for name, dtype in schema.items() if is_binary(dtype)]
    binary.sort(key=lambda name: IMAGE_NAMES.index(name) if name in IMAGE_NAMES else len(IMAGE_NAMES))
    for name in binary:
        column = pl.col(name) if schema[name] == pl.Binary else pl.col(name).struct.field("bytes")
        first = frame.select(column.alias("it")).filter(pl.col("it").is_not_null()).head(1).collect()
        if (len(first) and image_format(first["it"][0][:64])) or (len(first) and name in IMAGE_NAMES[:4]):
            return name
    return None


def is_binary(dtype: pl.DataType) -> bool:
    """Whether a column of this type can hold encoded images."""
    if isinstance(dtype, pl.Struct):
        return any(field.name == "bytes" and field.dtype == pl.Binary for field in dtype.fields)
    return dtype == pl.Binary


def archive_folder(path: Path) -> Path | None:
    """The folder of the unpacked CIFAR archive: this one, or the one in it."""
    for name, file in ARCHIVES.items():
        for folder in (path, path / name):
            if (folder / file).is_file() and (folder / {"train": "meta"}.get(file, "test_batch")).is_file():
                return folder
    return None


def is_archive(path: Path) -> bool:
    """Whether a gzip file is the CIFAR archive, by the first names in it."""
    try:
        with tarfile.open(path, "r:gz") as archive:
            members = [archive.next(), archive.next()]
    except (tarfile.TarError, OSError, EOFError, zlib.error, ValueError):
        return False
    names = [member.name.removeprefix("./").split("/")[0] for member in members if member is not None]
    return any(name in ARCHIVES for name in names)


def is_dataset(data: Any) -> bool:
    """Whether it is a torch `Dataset`; torch is not loaded to find out."""
    module = sys.modules.get("torch.utils.data")
    return module is not None and isinstance(data, module.Dataset)


def _gives_images(data: Any) -> bool:
    """Whether the first item is an image; one that cannot be had is left to the reader to complain about."""
    try:
        item = data[0]
    except Exception:  # noqa: BLE001  # whatever the user's own code raises
        return True
    if isinstance(item, dict):
        return any(name in item for name in IMAGE_NAMES)
    image = item[0] if isinstance(item, tuple | list) and item else item
    shape = getattr(image, "shape", None)
    return hasattr(image, "getexif") or (shape is not None and len(shape) in {2, 3} and min(shape) > 0)

"""The CIFAR-10 and CIFAR-100 archives (Krizhevsky 2009) in their Python version, read without running code.

The archive holds pickles. They are read by an unpickler that knows arrays, dictionaries, lists, numbers and
bytes, and nothing else; the archive is never unpacked onto the disk.
"""

from __future__ import annotations

import codecs
import io
import pickle
import tarfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import torch

from assay.core.errors import DataError
from assay.data.images.detect import archive_folder
from assay.data.images.folder import LABEL
from assay.data.images.source_parts import Found
from assay.data.images.store import ArrayStore

_LARGEST = 400 << 20  # bytes of one file in the archive; those of CIFAR have 31 and 155 million
_BATCHES = tuple(f"data_batch_{number}" for number in range(1, 6))
# part: files of CIFAR-10; then those of CIFAR-100
_FILES: tuple[dict[str, tuple[str, ...]], ...] = (
    {"train": _BATCHES, "test": ("test_batch",)},
    {"train": ("train",), "test": ("test",)},
)
_PIXELS = 3 * 32 * 32
_SAFE = {
    ("numpy", "ndarray"), ("numpy", "dtype"), ("_codecs", "encode"),
    ("numpy.core.multiarray", "_reconstruct"), ("numpy._core.multiarray", "_reconstruct"),
}  # fmt: skip
_DAMAGE = (
    pickle.UnpicklingError, ValueError, LookupError, TypeError, AttributeError, EOFError, ImportError,
    OverflowError, MemoryError, AssertionError, RuntimeError,
)  # fmt: skip


class _Unpickler(pickle.Unpickler):
    """Reads arrays and plain values."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _SAFE:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}, which data do not need")
        if name == "_reconstruct":
            from numpy._core import multiarray

            return multiarray._reconstruct
        return codecs.encode if name == "encode" else getattr(np, name)


def read_cifar(path: Path) -> Found:
    """The images of the archive (.tar.gz), or of its unpacked folder, with the official test part.

    Raises:
        DataError: a file is missing, damaged, or asks for code to be run.
    """
    where = path.name
    files = _folder_files(path) if path.is_dir() else _archive_files(path)
    parts = next((parts for parts in _FILES if all(name in files for name in _flat(parts))), None)
    if parts is None:
        raise DataError(
            f"files of the CIFAR archive are missing; found: {', '.join(sorted(files)) or 'none'}",
            where=where,
        )
    names: list[str] = []
    pixels: list[np.ndarray] = []
    labels: list[np.ndarray] = []
    rows: dict[str, np.ndarray] = {}
    for part, batches in parts.items():
        begin = len(names)
        for batch in batches:
            images, classes = _batch(files.pop(batch), f"{where}, {batch}")
            names += [f"{batch}/{row}" for row in range(len(images))]
            pixels.append(images)
            labels.append(classes)
        rows[part] = np.arange(begin, len(names))
    images_NCHW = torch.from_numpy(np.concatenate(pixels))
    numbers, names_K = np.concatenate(labels), _class_names(files, where)
    if numbers.min(initial=0) < 0 or numbers.max(initial=0) >= len(names_K):
        raise DataError(
            f"the labels go from {numbers.min()} to {numbers.max()}, "
            f"and the archive names {len(names_K)} classes",
            where=where,
        )
    column = pl.Series(LABEL, names_K[numbers], dtype=pl.String)
    return Found(where, ArrayStore(names, images_NCHW), pl.DataFrame([column]), LABEL, rows)


def _flat(parts: dict[str, tuple[str, ...]]) -> list[str]:
    return [name for names in parts.values() for name in names]


def _wanted(name: str) -> bool:
    return any(name in _flat(parts) for parts in _FILES) or name in {"batches.meta", "meta"}


def _folder_files(path: Path) -> dict[str, bytes]:
    folder = archive_folder(path) or path
    files = {}
    for file in sorted(folder.iterdir()):
        if _wanted(file.name) and file.is_file():
            if file.stat().st_size > _LARGEST:
                raise DataError(f"{file.name} is larger than any file of CIFAR", where=path.name)
            files[file.name] = file.read_bytes()
    return files


def _archive_files(path: Path) -> dict[str, bytes]:
    """The archive's files by their own names; nothing is written anywhere."""
    files = {}
    try:
        with tarfile.open(path, "r:gz") as archive:
            for member in archive:
                inside = Path(member.name)
                if inside.is_absolute() or ".." in inside.parts:
                    raise DataError(f"the archive's {member.name!r} leads out of it", where=path.name)
                if not _wanted(inside.name):
                    continue
                if not member.isfile() or member.size > _LARGEST or inside.name in files:
                    raise DataError(f"the archive's {member.name!r} is no file of CIFAR", where=path.name)
                stream = archive.extractfile(member)
                files[inside.name] = b"" if stream is None else stream.read()
    except (tarfile.TarError, OSError, EOFError, zlib.error, ValueError) as error:
        raise DataError(f"the archive is damaged or cut off ({error})", where=path.name) from error
    return files


def _loaded(data: bytes, where: str) -> dict[Any, Any]:
    try:
        values = _Unpickler(io.BytesIO(data), encoding="bytes").load()
    except _DAMAGE as error:
        raise DataError(f"the file is damaged, or none of CIFAR ({error})", where=where) from error
    if not isinstance(values, dict):
        raise DataError(f"the file holds {type(values).__name__}, and a dictionary was expected", where=where)
    return {key.decode("latin-1") if isinstance(key, bytes) else key: value for key, value in values.items()}


def _batch(data: bytes, where: str) -> tuple[np.ndarray, np.ndarray]:
    """uint8 (N, 3, 32, 32) and int64 (N,)."""
    values = _loaded(data, where)
    images = values.get("data")
    labels = values.get("fine_labels", values.get("labels"))
    if not (isinstance(images, np.ndarray) and images.dtype == np.uint8 and images.ndim == 2):
        raise DataError("there are no pixels in it (data, uint8, one row an image)", where=where)
    if images.shape[1] != _PIXELS or not isinstance(labels, list) or len(labels) != len(images):
        raise DataError(
            f"images of {images.shape[1]:,} values (expected {_PIXELS:,}), "
            f"{len(images):,} images and {len(labels) if isinstance(labels, list) else 'no'} labels",
            where=where,
        )
    if not all(isinstance(label, int) for label in labels):
        raise DataError("the labels are no whole numbers", where=where)
    return images.reshape(-1, 3, 32, 32), np.array(labels, dtype=np.int64)


def _class_names(files: dict[str, bytes], where: str) -> np.ndarray:
    """(K,) names of the classes, which the file batches.meta (or meta) holds."""
    data = files.get("batches.meta", files.get("meta"))
    if data is None:
        raise DataError("the file batches.meta is missing, which names the classes", where=where)
    values = _loaded(data, f"{where}, batches.meta")
    names = values.get("label_names", values.get("fine_label_names"))
    if not isinstance(names, list) or not all(isinstance(name, bytes | str) for name in names):
        raise DataError("batches.meta names no classes", where=where)
    return np.array(
        [n.decode("utf-8", "replace") if isinstance(n, bytes) else n for n in names], dtype=object
    )

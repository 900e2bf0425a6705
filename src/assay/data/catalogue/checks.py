"""Makes sure that a file is the data set that it is taken for."""

from __future__ import annotations

import hashlib
from pathlib import Path

from assay.core.errors import DataError
from assay.core.files import write_text
from assay.data.catalogue.dataset import Dataset


def check(entry: Dataset, path: Path) -> None:
    """Compare the file's SHA-256 with the known or the kept one; without either, count rows and columns.

    Raises:
        DataError: it is another file, or a damaged one.
    """
    expected = entry.checksum(path) or _kept(path)
    if expected is None:
        _count(entry, path)
        return
    found = sha256(path)
    if found != expected:
        raise DataError(
            f"this is not the file of the data set {entry.name!r}: "
            f"its SHA-256 is {found}, expected {expected}",
            hint="delete it and fetch again; or read it as your own data, by its path",
            where=str(path),
        )


def sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def keep_checksum(entry: Dataset, path: Path, kept_as: Path) -> None:
    """Write the checksum of `path` beside `kept_as`, as `sha256sum --check` reads it, where none is known."""
    if entry.checksum(path) is None:
        write_text(_sidecar(kept_as), f"{sha256(path)}  {kept_as.name}\n")


def _kept(path: Path) -> str | None:
    sidecar = _sidecar(path)
    return sidecar.read_text(encoding="utf-8").split()[0] if sidecar.exists() else None


def _sidecar(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")


def _count(entry: Dataset, path: Path) -> None:
    from assay.data.reading import read

    table = read(path, target=entry.target)
    found = (len(table), len(table.columns))
    if found != (entry.rows, entry.columns):
        raise DataError(
            f"the data set {entry.name!r} has {entry.rows:,} rows and {entry.columns} columns, "
            f"this file has {found[0]:,} and {found[1]}",
            where=str(path),
        )

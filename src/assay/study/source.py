"""Where a study's rows come from, and how it knows them again."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.core.errors import BundleError, DataError
from assay.core.files import read_json, write_json
from assay.data.reading import Untyped, untyped
from assay.data.table import Table
from assay.study.image_set import ImageSet, is_image_set

if TYPE_CHECKING:
    from assay.study.recipe import Recipe

Rows = Untyped | ImageSet
_FILE = "source.json"
_LEFT_BEHIND = {"Thumbs.db", "desktop.ini"}


@dataclass(frozen=True)
class Source:
    """The identity of a study's rows.

    Attributes:
        path: the data file or folder, absolute; None when the rows came from memory.
        sha256: of the file's bytes, of the names, sizes and bytes of a folder's files, or of the values.
        rows: how many.
        target: the name of the target column.
    """

    path: str | None
    sha256: str
    rows: int
    target: str

    def save(self, folder: Path) -> None:
        """Write `source.json`."""
        write_json(folder / _FILE, asdict(self))

    @classmethod
    def load(cls, folder: Path) -> Source:
        """Read `source.json`."""
        try:
            return cls(**read_json(folder / _FILE, BundleError))
        except TypeError as error:
            raise BundleError("the file is not a study's source", where=str(folder / _FILE)) from error

    def check(self, other: Source) -> None:
        """Refuse other rows under the same name.

        Raises:
            DataError: `other` is not what the study was made from.
        """
        if self.sha256 == other.sha256:
            return
        found = (
            "some values are others"
            if self.rows == other.rows
            else f"{self.rows:,} rows then, {other.rows:,} now"
        )
        raise DataError(
            f"the data have changed since the study began: {found}",
            hint="bring the file back as it was, or start a new study",
            where=other.path or "the rows from memory",
        )


def read_source(data: Any, recipe: Recipe) -> tuple[Rows, Table, Source]:
    """The rows of `data` as they came in; the table of them all, to be divided; and their identity.

    Raises:
        DataError: the file cannot be read, or there is no target.
    """
    is_images = is_image_set(data)
    rows = ImageSet.of(data, recipe) if is_images else untyped(data, recipe.target, recipe.read)
    table = rows.undivided()
    if table.target is None:
        raise DataError("a run needs a target", hint=_how_to_name_it(table), where=table.name)
    path = str(Path(data).absolute()) if isinstance(data, str | Path) else None
    sha256 = _path_hash(Path(path)) if path else _values_hash(table)
    return rows, table, Source(path, sha256, len(table), table.target.name)


def _how_to_name_it(table: Table) -> str:
    names = [column.name for column in table.columns]
    if table.is_images and len(names) == 1:
        return "put the images of each class into a folder of its own, named as the class"
    return f"--target COLUMN; the columns are: {', '.join(names[:12])}"


def _path_hash(path: Path) -> str:
    """Of a file's bytes; of a folder's files, in the order of their names, each with its size."""
    if not path.is_dir():
        return _file_hash(path)
    digest = hashlib.sha256()
    for file in sorted(_files(path)):
        name = file.relative_to(path).as_posix()
        digest.update(f"{name}\0{file.stat().st_size}\0{_file_hash(file)}\n".encode())
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    """What a folder holds, but for what file managers leave in it."""
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (
            Path(place, name) for name in names if not name.startswith(".") and name not in _LEFT_BEHIND
        )


def _file_hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _values_hash(table: Table) -> str:
    digest = hashlib.sha256()
    for series in table.frame.iter_columns():
        digest.update(series.name.encode())
        digest.update(repr(series.dtype).encode())
        digest.update(series.hash(seed=0).to_numpy().tobytes())
    if (images := table.images) is not None:
        for row in range(len(images)):
            digest.update(images.store.content(row))
    return digest.hexdigest()

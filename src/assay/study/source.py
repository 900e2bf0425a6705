"""Where a study's rows come from, and how it knows them again."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assay.core.errors import BundleError, DataError
from assay.core.files import read_json, write_json
from assay.data.reading import ReadSettings, Untyped, untyped
from assay.data.table import Table

_FILE = "source.json"


@dataclass(frozen=True)
class Source:
    """The identity of a study's rows.

    Attributes:
        path: the data file, absolute; None when the rows came from memory.
        sha256: of the file's bytes, or of the frame written as Arrow.
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


def read_source(
    data: Any, target: str | int | None, settings: ReadSettings, name: str = ""
) -> tuple[Untyped, Table, Source]:
    """The rows of `data` as they came in; the table of them all, to be divided; and their identity.

    Raises:
        DataError: the file cannot be read, or there is no target.
    """
    rows = untyped(data, target, settings)
    table = rows.undivided()
    if table.target is None:
        names = ", ".join(column.name for column in table.columns[:12])
        raise DataError(
            "a run needs a target",
            hint=f"--target COLUMN; the columns are: {names}",
            where=name or table.name,
        )
    path = str(Path(data).absolute()) if isinstance(data, str | Path) else None
    sha256 = _file_hash(Path(path)) if path else _frame_hash(table)
    return rows, table, Source(path, sha256, len(table), table.target.name)


def _file_hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _frame_hash(table: Table) -> str:
    digest = hashlib.sha256()
    for series in table.frame.iter_columns():
        digest.update(series.name.encode())
        digest.update(repr(series.dtype).encode())
        digest.update(series.hash(seed=0).to_numpy().tobytes())
    return digest.hexdigest()

"""A public data set: where it comes from, what it holds, where it is on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from assay.data.catalogue.folders import cache_folder, given_folder


@dataclass(frozen=True)
class Dataset:
    """One entry of the catalogue.

    Attributes:
        name: what `assay data fetch` takes.
        title: what it is.
        authors: who made it, and when.
        file: the file's name, as the official archive holds it.
        url: the official archive (zip), or the file itself; empty when there is none.
        sha256: of the file; None where no checksum is known, and the first download's is kept instead.
        rows: of data.
        columns: the target included.
        target: the column to predict: its name, or its number from 0 in a file without a header.
        licence: as the source states it.
        copies: other names that the data have in an ASSAY_DATA folder, with the checksum of each.
        note: what to know before using it.
    """

    name: str
    title: str
    authors: str
    file: str
    url: str
    sha256: str | None
    rows: int
    columns: int
    target: str | int
    licence: str
    copies: Mapping[str, str] = field(default_factory=dict)
    note: str = ""

    @property
    def archive(self) -> str:
        """The archive's file name."""
        return urlsplit(self.url).path.rpartition("/")[2]

    @property
    def is_packed(self) -> bool:
        """Whether the archive holds the file; else it is the file."""
        return self.archive != self.file

    @property
    def cached(self) -> Path:
        """Where a download is kept."""
        return cache_folder() / self.file

    def find(self) -> Path | None:
        """The file on this machine: in the folder that ASSAY_DATA names, else in the cache; None: in neither.

        Raises:
            MissingPartError: ASSAY_DATA names no folder.
        """
        given = given_folder()
        places = [given / name for name in (self.file, *self.copies)] if given else []
        return next((path for path in (*places, self.cached) if path.is_file()), None)

    def checksum(self, path: Path) -> str | None:
        """The known SHA-256 of the file of that name."""
        return self.copies.get(path.name) or (self.sha256 if path.name == self.file else None)

    def to_json(self) -> dict[str, object]:
        """Plain values, with `path`: where the file is on this machine, or null."""
        path = self.find()
        return asdict(self) | {"path": None if path is None else str(path)}

"""The exported folder: whole or absent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assay.core.errors import InputError
from assay.core.folders import whole_folder
from assay.export import files


@contextmanager
def export_folder(folder: Path) -> Iterator[Path]:
    """A folder beside `folder`, which takes its place when the block ends well, and goes away otherwise.

    Args:
        folder: absent, empty, or an older export, which is replaced.

    Raises:
        InputError: it holds something else, or cannot be written.
    """
    _need_place(folder)
    try:
        with whole_folder(folder) as staging:
            yield staging
    except OSError as error:
        raise InputError(
            f"the export cannot be written: {error.strerror or error}", where=str(folder)
        ) from error


def _need_place(folder: Path) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise InputError("a file stands where the export should go", where=str(folder))
    names = {entry.name for entry in folder.iterdir()}
    others = sorted(names - files.ALL - {"__pycache__"})
    if others or (names and files.PARITY not in names):
        what = repr(others[0]) if others else f"no {files.PARITY}"
        raise InputError(
            f"the folder holds {what}, so it is no earlier export that could be replaced",
            hint="name a new folder",
            where=str(folder),
        )

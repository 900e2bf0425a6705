"""The exported folder: whole or absent."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assay.core.errors import InputError
from assay.export import files


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """A folder beside `folder`, which takes its place when the block ends well, and goes away otherwise.

    Args:
        folder: absent, empty, or an older export, which is replaced.

    Raises:
        InputError: it holds something else, or cannot be written.
    """
    _need_place(folder)
    staging = folder.parent / f".{folder.name}.{secrets.token_hex(4)}.part"
    try:
        staging.mkdir(parents=True)
        yield staging
        _swap(staging, folder)
    except OSError as error:
        raise InputError(
            f"the export cannot be written: {error.strerror or error}", where=str(folder)
        ) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)


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


def _swap(new: Path, place: Path) -> None:
    """Put `new` at `place`; what stood there is removed last, and put back if the swap fails."""
    if not place.exists():
        new.rename(place)
        return
    old = place.parent / f"{new.name}.old"
    place.rename(old)
    try:
        new.rename(place)
    except OSError:
        old.rename(place)
        raise
    shutil.rmtree(old, ignore_errors=True)

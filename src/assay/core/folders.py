"""Folders that are whole or absent: filled beside their place, then renamed."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """A folder beside `folder`, which takes its place when the block ends well, and goes away otherwise.

    Args:
        folder: absent, or a folder that may be replaced; the caller has looked at what it holds.

    Raises:
        OSError: the operating system refuses; what stood there stands there still.
    """
    staging = folder.parent / f".{folder.name}.{secrets.token_hex(4)}.part"
    try:
        staging.mkdir(parents=True)
        yield staging
        _swap(staging, folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


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

"""Finds the files of an image folder: hidden ones aside, links only where they stay inside."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SUFFIXES = frozenset({
    ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".bmp", ".dib", ".tif", ".tiff", ".webp", ".avif",
    ".jp2", ".j2k", ".ppm", ".pgm", ".pbm", ".pnm",
})  # fmt: skip
# What systems leave behind, beside hidden files.
_IGNORED = frozenset({"thumbs.db", "desktop.ini", "__macosx"})
_DEEPEST = 40


@dataclass(frozen=True)
class Entry:
    """A file, or what stands in the way of using it.

    Attributes:
        name: the path relative to the folder, with "/", in printable letters.
        path: what the operating system opens.
        refused: why it must not be opened; "" for files.
    """

    name: str
    path: str
    refused: str = ""


def is_ignored(name: str) -> bool:
    """Whether a file or folder is left behind by a system and no part of the data."""
    return name.startswith(".") or name.lower() in _IGNORED


def is_named_image(name: str) -> bool:
    """Whether a file's name ends as that of an image."""
    return os.path.splitext(name)[1].lower() in SUFFIXES  # noqa: PTH122  # called for each file


def printable(name: str) -> str:
    """A file's name as text, where its bytes may be no UTF-8."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def subfolders(folder: Path) -> list[str]:
    """The names of the folders in a folder, ignored ones aside, in order."""
    with os.scandir(folder) as entries:
        return sorted(entry.name for entry in entries if not is_ignored(entry.name) and entry.is_dir())


def loose_files(folder: Path) -> list[str]:
    """The names of everything else in it, ignored files aside, in order."""
    with os.scandir(folder) as entries:
        return sorted(entry.name for entry in entries if not is_ignored(entry.name) and not entry.is_dir())


def walk(folder: Path, root: Path, prefix: str = "", seen: tuple[str, ...] = ()) -> Iterator[Entry]:
    """Every file below `folder`, in order of the names, and links that are refused.

    A link is followed where it stays below `root`; one that leads out, nowhere, or back to a folder above it
    is refused.

    Args:
        folder: where to look.
        root: what links must not leave; resolved.
        prefix: of the names, with "/" at its end.
        seen: resolved folders above this one.
    """
    here = os.path.realpath(folder)
    if len(seen) > _DEEPEST:
        yield Entry(prefix.rstrip("/"), str(folder), f"folders are nested more than {_DEEPEST} deep")
        return
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        yield Entry(prefix.rstrip("/"), str(folder), f"the folder cannot be read ({error.strerror})")
        return
    for entry in entries:
        if is_ignored(entry.name):
            continue
        name = prefix + printable(entry.name)
        refused = _refused_link(entry.path, root, (*seen, here)) if entry.is_symlink() else ""
        if refused:
            yield Entry(name, entry.path, refused)
        elif entry.is_dir():
            yield from walk(Path(entry.path), root, f"{name}/", (*seen, here))
        else:
            yield Entry(name, entry.path)


def _refused_link(path: str, root: Path, above: tuple[str, ...]) -> str:
    real = os.path.realpath(path)
    if real != str(root) and not real.startswith(f"{root}{os.sep}".replace(os.sep * 2, os.sep)):
        return "it is a link that leads out of the folder"
    if not os.path.exists(real):  # noqa: PTH110
        return "it is a link that leads nowhere"
    return "it is a link back to a folder above it" if real in above else ""

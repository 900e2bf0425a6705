"""Brings a data set to this machine, and makes sure that it is the right one."""

from __future__ import annotations

import tempfile
import zipfile
import zlib
from pathlib import Path
from shutil import copyfileobj

from assay.core.errors import DataError, InputError, MissingPartError
from assay.data.catalogue.checks import check, keep_checksum
from assay.data.catalogue.dataset import Dataset
from assay.data.catalogue.entries import dataset_named
from assay.data.download import Progress, download


def fetch(name: str, *, progress: Progress | None = None) -> Path:
    """Find the data set `name` in the folder that ASSAY_DATA names, in the cache, or at its official source.

    Its checksum is compared each time. Where none is known, the rows and columns of the download are counted,
    and its checksum is kept beside it for the next time.

    Args:
        name: from `datasets`.
        progress: hears of the bytes of a download.

    Returns:
        the file's path.

    Raises:
        RecipeError: no data set has this name.
        MissingPartError: it is not here and cannot be downloaded; says what to put where.
        DataError: the file is not what it should be.
    """
    entry = dataset_named(name)
    path = entry.find()
    if path is None:
        return _bring(entry, progress)
    check(entry, path)
    return path


def _bring(entry: Dataset, progress: Progress | None) -> Path:
    target = entry.cached
    if not entry.url:
        raise MissingPartError(
            f"{entry.file} is not here and has no official source",
            hint=f"put it into {target.parent}, or into a folder that ASSAY_DATA names",
        )
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        archive = target.parent / (entry.archive if entry.is_packed else f".{entry.archive}")
        placed_by_hand = archive.exists()
        if not placed_by_hand:
            download(entry.url, archive, hint=_by_hand(entry), progress=progress)
        try:
            _unpack(entry, archive)
        finally:
            if not placed_by_hand:
                archive.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(
            f"cannot keep {entry.file} in {target.parent}: {error.strerror or error}",
            hint="XDG_CACHE_HOME names another place for the cache",
        ) from error
    return target


def _unpack(entry: Dataset, archive: Path) -> None:
    with tempfile.TemporaryDirectory(prefix=f".{entry.name}-", dir=archive.parent) as folder:
        path = Path(folder) / entry.file
        if entry.is_packed:
            _take_out(entry, archive, path)
        else:
            archive.rename(path)
        check(entry, path)
        keep_checksum(entry, path, entry.cached)
        path.replace(entry.cached)


def _take_out(entry: Dataset, archive: Path, path: Path) -> None:
    try:
        with (
            zipfile.ZipFile(archive) as members,
            members.open(entry.file) as source,
            path.open("wb") as out,
        ):
            copyfileobj(source, out, 1 << 20)
    except KeyError as error:
        names = ", ".join(zipfile.ZipFile(archive).namelist()) or "nothing"
        raise DataError(f"the archive holds no {entry.file!r} but {names}", where=str(archive)) from error
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise DataError(
            f"the archive is damaged: {error}", hint=_by_hand(entry), where=str(archive)
        ) from error


def _by_hand(entry: Dataset) -> str:
    """What to do without a network."""
    return (
        f"download that file where there is a network, put it as {entry.archive} into {entry.cached.parent}, "
        f"and run this again; or put {entry.file} into a folder that ASSAY_DATA names"
    )

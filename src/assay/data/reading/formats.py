"""What a file is, by its first bytes: names lie."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from enum import StrEnum
from pathlib import Path

from assay.core.errors import DataError, did_you_mean


class Format(StrEnum):
    """The kinds of file that are read."""

    TEXT = "text"
    GZIP = "gzip"
    PARQUET = "Parquet"
    ARROW = "Arrow"
    ARROW_STREAM = "Arrow stream"
    EXCEL = "Excel"


_SIGNATURES = (
    (b"PAR1", Format.PARQUET),
    (b"ARROW1", Format.ARROW),
    (b"\xff\xff\xff\xff", Format.ARROW_STREAM),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Format.EXCEL),
    (b"PK\x03\x04", Format.EXCEL),
    (b"\x1f\x8b", Format.GZIP),
)
_OTHERS = (
    (b"%PDF", "a PDF document", "export the table as CSV"),
    (b"\x89PNG", "a PNG picture", ""),
    (b"\xff\xd8\xff", "a JPEG picture", ""),
    (b"GIF8", "a GIF picture", ""),
    (b"\x89HDF", "an HDF5 file", "save the table as Parquet or CSV"),
    (b"SQLite format 3", "an SQLite database", "export the table as CSV"),
    (b"\x93NUMPY", "a NumPy array", "pass numpy.load(file) to assay.read"),
    (b"\x80\x02", "a pickle", "save the table as Parquet or CSV"),
    (b"\x80\x03", "a pickle", "save the table as Parquet or CSV"),
    (b"\x80\x04", "a pickle", "save the table as Parquet or CSV"),
    (b"\x80\x05", "a pickle", "save the table as Parquet or CSV"),
    (b"BZh", "a bzip2 archive", "unpack it first"),
    (b"\xfd7zXZ", "an xz archive", "unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive", "unpack it first"),
    (b"7z\xbc\xaf", "a 7z archive", "unpack it first"),
    (b"Rar!", "a RAR archive", "unpack it first"),
    (b"FEA1", "a Feather file of version 1", "save it again with a newer pyarrow, or as Parquet"),
    (b"\x7fELF", "a program", ""),
)
_FRAME = "pass the frame that pandas makes of it to assay.read, or save the table as CSV"
_WRITTEN = (  # kinds of text that hold no fields between separators, by how they begin
    (rb"<(!doctype|!--|\?xml|html|head|body|table|div|script)\b", "a web page or XML", ""),
    (rb'\{\s*["}]|\[\s*([\[{"]|[-\d.]+\s*,)', "JSON", _FRAME),
    (rb"(#[^\n]*\n\s*)*(\[[\w.\"-]+\]\s*\n\s*)+[\w.\"-]+ *= *", "TOML", "a recipe names its data in [data]"),
)
_NAMED = {
    ".json": ("JSON", _FRAME),
    ".jsonl": ("JSON", _FRAME),
    ".ndjson": ("JSON", _FRAME),
    ".toml": ("TOML", "a recipe is run by assay run, and names its data"),
}
_ALIKE = 0.6  # of the letters of two files' names, with their endings and without
_EXPECTED = {
    ".parquet": {Format.PARQUET},
    ".pq": {Format.PARQUET},
    ".arrow": {Format.ARROW, Format.ARROW_STREAM},
    ".feather": {Format.ARROW},
    ".ipc": {Format.ARROW, Format.ARROW_STREAM},
    ".xls": {Format.EXCEL},
    ".xlsx": {Format.EXCEL},
    ".xlsm": {Format.EXCEL},
    ".gz": {Format.GZIP},
}


def file_format(path: Path) -> tuple[Format, list[str]]:
    """What the file holds, and a note where its name says something else.

    Raises:
        DataError: there is no such file, it is a folder or empty, or holds no table that Assay reads.
    """
    head = _head(path)
    for signature, what, advice in _OTHERS:
        if head.startswith(signature):
            raise DataError(f"the file is {what}, not a table", hint=advice or _known(), where=path.name)
    found = next((form for signature, form in _SIGNATURES if head.startswith(signature)), Format.TEXT)
    if found is Format.TEXT:
        _refuse_written(path, head)
    expected = _EXPECTED.get(path.suffix.lower(), {Format.TEXT})
    if found in expected:
        return found, []
    if not head.strip():
        raise DataError("the file holds only white space", where=path.name)
    return found, [
        f"{path.name} is named {path.suffix or 'without ending'} and holds {found}: read as {found}"
    ]


def _refuse_written(path: Path, head: bytes) -> None:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for pattern, what, advice in _WRITTEN:
        if re.match(pattern, start):
            raise DataError(f"the file is {what}, not a table", hint=advice or _known(), where=path.name)
    if path.suffix.lower() in _NAMED:
        what, advice = _NAMED[path.suffix.lower()]
        raise DataError(f"the file is named as {what}, which is no table", hint=advice, where=path.name)


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            head = stream.read(512)
    except FileNotFoundError as error:
        raise DataError(f"there is no file {path}", hint=_neighbours(path)) from error
    except IsADirectoryError as error:
        raise _folder(path) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise DataError(f"cannot open {str(path)!r}: {reason}") from error
    if not head:
        raise DataError("the file is empty (0 bytes)", where=path.name)
    return head


def _folder(path: Path) -> DataError:
    """A folder of images is read elsewhere; what comes here holds none."""
    name = "the empty name, or '.'," if path == Path() else str(path)
    if path != Path() and not any(file.is_file() for file in path.rglob("*")):
        what, hint = f"{name} is a folder without files", "put the images of each class into a folder in it"
    else:
        what, hint = f"{name} is a folder without images", _neighbours(path / "x")
    expected = "a file with a table, or a folder of images with one folder a class, was expected"
    return DataError(f"{what}, and {expected}", hint=hint)


def _neighbours(path: Path) -> str:
    try:
        files = sorted(entry.name for entry in path.parent.iterdir() if entry.is_file())
    except OSError:
        return f"there is no folder {path.parent} either" if not path.parent.exists() else ""
    nearest = max(files, key=lambda name: _alike(path.name, name), default="")
    if _alike(path.name, nearest) >= _ALIKE and _alike(path.stem, Path(nearest).stem) >= _ALIKE:
        return f"did you mean {nearest!r}?"
    return did_you_mean("", files)


def _alike(one: str, other: str) -> float:
    """The share of letters that two names have in common, in order: an ending alone makes no name alike."""
    return SequenceMatcher(None, one.lower(), other.lower()).ratio()


def _known() -> str:
    return "read are CSV, TSV, Parquet, Arrow and Excel files"

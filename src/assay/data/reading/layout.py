"""How a text file is laid out: its separator, and its names."""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from assay.core.errors import DataError
from assay.data.reading.header import find_header
from assay.data.reading.raw import Place
from assay.data.reading.separator import guess_separator, single_spaces
from assay.data.reading.settings import ReadSettings
from assay.data.reading.text import Text

_SAMPLE_BYTES = 1 << 18
_SAMPLE_ROWS = 300
_LONE_RETURN = re.compile(r"\r(?!\n)")
_SPOKEN = {"\t": "tab", " ": "blanks", ";": "semicolon", "|": "'|'"}


@dataclass(frozen=True)
class Layout:
    """What was found in the first lines.

    Attributes:
        separator: one ASCII sign.
        names: of the columns, as written.
        skip: lines above the first row of data.
        notes: what is unusual.
    """

    separator: str
    names: tuple[str, ...]
    skip: int
    notes: tuple[str, ...]


def find_layout(text: Text, settings: ReadSettings) -> tuple[Layout, Text]:
    """Look at the first lines; a file parted by blanks comes back with single blanks.

    Raises:
        DataError: there are no rows, or the header does not fit them.
    """
    source = text.path.name
    lines = _first_lines(text, settings.skip_rows)
    above = settings.skip_rows
    if not any(line.strip() for line in lines):
        below = f"there is nothing below the {above} lines that skip_rows skips"
        raise DataError(below if above else "the file holds only white space", where=source)
    separator = settings.separator
    if (said := re.fullmatch(r"sep=([,;|\t])\s*", lines[0])) and len(lines) > 1:  # Excel's own hint
        separator, lines, above = separator or said[1], lines[1:], above + 1
    separator = separator or guess_separator(lines[:_SAMPLE_ROWS])
    if separator == " ":
        text = Text(text.path, single_spaces(text.whole()).encode(), text.notes)
        lines = [f"{line}\n" for line in single_spaces("".join(lines)).split("\n")]
    rows, starts = _rows(lines, separator, above, source)
    missing = frozenset({"", *settings.missing})
    header = find_header(rows, settings.header, missing, Place(source, starts))
    parted = (
        f"fields are parted by {_SPOKEN[separator]}"
        if settings.separator is None and separator in _SPOKEN
        else ""
    )
    notes = tuple(note for note in (parted, header.note) if note)
    return Layout(separator, header.names, int(starts[header.first]) - 1, notes), text


def _first_lines(text: Text, skip: int) -> list[str]:
    start = text.offset(skip)
    head = text.head(_SAMPLE_BYTES, start)
    decoded = _LONE_RETURN.sub(" ", head.decode("utf-8", errors="ignore"))
    lines = [f"{line}\n" for line in decoded.split("\n")]
    is_cut = len(head) == _SAMPLE_BYTES and len(lines) > 1
    return lines[:-1] if is_cut or lines[-1] == "\n" else lines


def _rows(
    lines: Sequence[str], separator: str, above: int, source: str
) -> tuple[list[list[str]], np.ndarray]:
    """The first records, and the line in which each begins."""
    rows, starts = [], []
    reader = csv.reader(lines, delimiter=separator)
    start = above + 1
    for row in itertools.islice(_until_error(reader), _SAMPLE_ROWS):
        rows.append(row)
        starts.append(start)
        start = above + reader.line_num + 1
    if not rows:
        raise DataError(
            f"line {above + 1} cannot be read: a quote is opened and not closed, or a field is longer than "
            f"{csv.field_size_limit():,} signs",
            where=source,
        )
    return rows, np.array(starts)


def _until_error(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    """The records up to the first that is not regular; what is wrong with it is said when all are read."""
    try:
        yield from reader
    except csv.Error:
        return

"""The records of a CSV file as texts, without polars; the face of `assay.data.reading.text_file`."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from assay.core.errors import DataError
from assay.data.reading.cells import decimal_sign
from assay.data.reading.encoding import open_text
from assay.data.reading.formats import Format, file_format
from assay.data.reading.layout import Layout, find_layout
from assay.data.reading.names import nameless, whole_names
from assay.data.reading.raw import Place
from assay.data.reading.structure import scan
from assay.data.reading.text import Text
from assay.data.reading.text_file import check_widths, unclosed_quote
from assay.export.portable.choices import Choices

_SAMPLE_ROWS = 300  # that show the decimal sign,
_SAMPLE_CELLS = 30_000  # or as many of them as hold this many cells


@dataclass(frozen=True)
class Records:
    """A file's rows as text.

    Attributes:
        names: of the columns, unique; those without name and value are left out.
        columns: the cells of each, None where there is none.
        place: where a row stands.
        decimal: the decimal sign that the first rows show.
    """

    names: tuple[str, ...]
    columns: tuple[Sequence[str | None], ...]
    place: Place
    decimal: str

    def column(self, name: str) -> Sequence[str | None]:
        """The cells of a column that is there."""
        return self.columns[self.names.index(name)]


def read_records(path: Path, choices: Choices) -> Records:
    """Read a CSV or TSV file, packed by gzip or not.

    Raises:
        DataError: it is no text, or a record has too few or too many fields, with its line.
    """
    form, _ = file_format(path)
    if form not in {Format.TEXT, Format.GZIP}:
        raise DataError(
            f"the file holds {form}, and without polars CSV and TSV files are read",
            hint="save it as CSV, or use `assay predict`",
            where=path.name,
        )
    settings: Any = choices  # has what of ReadSettings is looked at
    layout, text = find_layout(open_text(path, choices.encoding, packed=form is Format.GZIP), settings)
    names, _ = whole_names(layout.names)
    rows, lines = _rows(text, layout, len(names))
    if not rows:
        width = f"{len(names)} column" + ("" if len(names) == 1 else "s")
        raise DataError(f"there are no rows ({width})", where=path.name)
    decimal = choices.decimal or _decimal(rows, len(names), layout.separator)
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    for name in nameless(layout.names, names):
        if all(cell is None for cell in columns[name]):
            del columns[name]  # a separator at the end of each line makes it
    return Records(tuple(columns), tuple(columns.values()), Place(path.name, lines), decimal)


def _decimal(rows: Sequence[Sequence[str | None]], width: int, separator: str) -> str:
    many = max(min(_SAMPLE_ROWS, _SAMPLE_CELLS // width), 1)
    cells = (cell for cell in chain.from_iterable(zip(*rows[:many], strict=True)) if cell is not None)
    return decimal_sign(cells, separator)[0]


def _rows(text: Text, layout: Layout, width: int) -> tuple[list[list[str | None]], np.ndarray]:
    """The rows of `width` cells each, and the line in which each begins; blank lines are no rows."""
    structure = scan(text.chunks(text.offset(layout.skip)), layout.separator, layout.skip + 1)
    source, content = text.path.name, text.whole()
    content = content[_offset(content, layout.skip) :]
    records = None
    if structure.regular:
        check_widths(structure.fields, structure.lines, width, source)
        records = _regular(content, layout.separator)
    if records is None or len(records) != len(structure.fields):
        found = list(_one_by_one(content, layout, width, source))
        records, lines = [record for record, _ in found], np.array([line for _, line in found])
        kept = [len(record) > 1 or (bool(record) and bool(record[0].strip())) for record in records]
    else:
        lines, kept = structure.lines, (structure.fields > 0).tolist()
    if width == 1:  # in a file of one column they are missing values, but not at its end
        last = max((row for row, is_kept in enumerate(kept) if is_kept), default=-1)
        kept = [row <= last for row in range(len(kept))]
    rows: list[list[str | None]] = [
        [cell or None for cell in record] if record else [None] * width
        for record, is_kept in zip(records, kept, strict=True)
        if is_kept
    ]
    return rows, lines[np.array(kept, dtype=bool)]


def _offset(content: str, lines: int) -> int:
    at = 0
    for _ in range(lines):
        at = content.find("\n", at) + 1
    return at


def _regular(content: str, separator: str) -> list[list[str]] | None:
    """The records; None where Python's reader sees another file than the scan."""
    lines = content.split("\n")
    if not lines[-1]:
        lines.pop()
    try:
        return list(csv.reader((f"{line}\n" for line in lines), delimiter=separator, strict=True))
    except csv.Error:
        return None


def _one_by_one(content: str, layout: Layout, width: int, source: str) -> Iterator[tuple[list[str], int]]:
    """The records of a file that is not regular, and the line in which each begins."""
    spaced = re.search(rf"{re.escape(layout.separator)} +\"", content) is not None
    reader = csv.reader(
        io.StringIO(content, newline=""),
        delimiter=layout.separator,
        skipinitialspace=spaced,
        strict=True,
    )
    start = layout.skip + 1
    try:
        for record in reader:
            if len(record) != width and (len(record) > 1 or (record and record[0].strip())):
                check_widths(np.array([len(record)]), np.array([start]), width, source)
            yield record, start
            start = layout.skip + reader.line_num + 1
    except csv.Error as error:
        raise DataError(
            unclosed_quote(start, layout.skip + reader.line_num, str(error)),
            hint="a quote inside quotes is doubled",
            where=source,
        ) from error

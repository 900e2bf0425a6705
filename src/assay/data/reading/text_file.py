"""CSV, TSV and their relatives, read as text; what the text means is decided later, column by column."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl

from assay.core.errors import DataError
from assay.data.reading.encoding import open_text
from assay.data.reading.layout import Layout, find_layout
from assay.data.reading.names import nameless, whole_names
from assay.data.reading.raw import Place, Raw
from assay.data.reading.settings import ReadSettings
from assay.data.reading.structure import Structure, even, scan
from assay.data.reading.text import Text

_HEAD = 200  # rows that show what a column may hold,
_HEAD_BYTES = 1 << 20  # or as many of them as stand in these


def read_text(path: Path, settings: ReadSettings, *, packed: bool = False, whole: bool = False) -> Raw:
    """Read a text file; columns come back as text.

    Regular files (RFC 4180) are read by polars on all cores, after a look at every byte has shown that each
    record has as many fields as the header. The others go through Python's reader, record by record.

    Args:
        path: the file.
        settings: separator, encoding and so on, where the user states them.
        packed: whether it is a gzip file.
        whole: whether all rows decide what a text means. Columns of plain decimal numbers may then come back
            as Float64, which saves a third of the time.

    Raises:
        DataError: it is no text, or a record has too few or too many fields, with its line.
    """
    layout, text = find_layout(open_text(path, settings.encoding, packed=packed), settings)
    names, renamed = whole_names(layout.names)
    floats = _decimal_numbers(text, layout, names, settings) if whole else frozenset()
    frame, structure = (
        _evenly(text, layout, names, floats)
        or _regularly(text, layout, names)
        or _by_python(text, layout, names)
    )
    frame, lines = _without_blank_lines(frame, structure)
    return Raw(
        frame,
        Place(path.name, lines),
        (*text.notes, *layout.notes),
        layout.separator,
        renamed,
        nameless(layout.names, names),
    )


def _decimal_numbers(
    text: Text, layout: Layout, names: Sequence[str], settings: ReadSettings
) -> frozenset[str]:
    """Columns whose first texts are decimal numbers, in a file where the comma can be no decimal sign."""
    if layout.separator != "," or settings.decimal == ",":
        return frozenset()
    head = _head(text, layout, names)
    stated = {*settings.kinds, *settings.levels}
    return frozenset(
        column.name
        for column in (() if head is None else head.iter_columns())
        if column.name not in stated
        and column.str.contains(".", literal=True).any()
        and column.cast(pl.Float64, strict=False).null_count() == column.null_count()
    )


def _head(text: Text, layout: Layout, names: Sequence[str]) -> pl.DataFrame | None:
    """The first rows that a part of the file holds whole."""
    begin = text.head(_HEAD_BYTES, text.offset(layout.skip))
    part = Text(text.path, begin[: begin.rfind(b"\n") + 1])
    return _read_csv(part, replace(layout, skip=0), dict.fromkeys(names, pl.String()), num_rows=_HEAD)


def _evenly(
    text: Text, layout: Layout, names: Sequence[str], floats: Collection[str]
) -> tuple[pl.DataFrame, Structure] | None:
    begin = text.offset(layout.skip)
    structure = even(text.chunks(begin), layout.separator, len(names), layout.skip + 1)
    if structure is None:
        return None
    frame = _by_polars(text, layout, names, structure, floats, quote=None) if floats else None
    if frame is None:  # without numbers, or with a text among them that is none
        frame = _by_polars(text, layout, names, structure, quote=None)
    return None if frame is None else (frame, structure)


def _regularly(text: Text, layout: Layout, names: Sequence[str]) -> tuple[pl.DataFrame, Structure] | None:
    structure = scan(text.chunks(text.offset(layout.skip)), layout.separator, layout.skip + 1)
    if not structure.regular:
        return None
    check_widths(structure.fields, structure.lines, len(names), text.path.name)
    frame = _by_polars(text, layout, names, structure)
    return None if frame is None else (frame, structure)


def check_widths(fields: np.ndarray, lines: np.ndarray, width: int, source: str) -> None:
    """Refuse records that have another number of fields than the header; DataError names the first line."""
    wrong = np.flatnonzero((fields != width) & (fields != 0))
    if not len(wrong):
        return
    first = wrong[0]
    others = f", and so have {len(wrong) - 1:,} other lines a wrong number" if len(wrong) > 1 else ""
    many = "a field that holds the separator wants quotes around it"
    raise DataError(
        f"line {lines[first]} has {_fields(fields[first])}, {width} were expected{others}",
        hint=many if fields[first] > width else "an empty field still wants its separator",
        where=source,
    )


def _fields(count: int) -> str:
    return "1 field" if count == 1 else f"{count} fields"


def _by_polars(
    text: Text,
    layout: Layout,
    names: Sequence[str],
    structure: Structure,
    floats: Collection[str] = (),
    *,
    quote: str | None = '"',
) -> pl.DataFrame | None:
    """The frame, or None where polars sees other records than the scan, or no number where one is due."""
    types = {name: pl.Float64() if name in floats else pl.String() for name in names}
    frame = _read_csv(text, layout, types, quote=quote)
    return frame if frame is not None and len(frame) == len(structure.fields) else None


def _read_csv(
    text: Text,
    layout: Layout,
    types: Mapping[str, pl.DataType],
    *,
    num_rows: int | None = None,
    quote: str | None = '"',
) -> pl.DataFrame | None:
    try:
        return pl.read_csv(
            text.path if text.data is None else io.BytesIO(text.data),
            has_header=False,
            skip_lines=layout.skip,
            separator=layout.separator,
            quote_char=quote,
            schema=types,
            n_rows=num_rows,
        )
    except pl.exceptions.PolarsError:
        return None


def _by_python(text: Text, layout: Layout, names: Sequence[str]) -> tuple[pl.DataFrame, Structure]:
    source, width = text.path.name, len(names)
    content = io.StringIO(text.whole(), newline="")
    for _ in itertools.repeat(None, layout.skip):
        content.readline()
    spaced = re.search(rf"{re.escape(layout.separator)} +\"", content.getvalue()) is not None
    reader = csv.reader(content, delimiter=layout.separator, skipinitialspace=spaced, strict=True)
    rows: list[list[str | None]] = []
    fields, lines = [], []
    start = layout.skip + 1
    try:
        for row in reader:
            blank = not row or (len(row) == 1 and not row[0].strip())
            fields.append(0 if blank else len(row))
            lines.append(start)
            if fields[-1] not in {0, width}:
                check_widths(np.array(fields[-1:]), np.array([start]), width, source)
            rows.append([None] * width if blank else list(row))
            start = layout.skip + reader.line_num + 1
    except csv.Error as error:
        end = layout.skip + reader.line_num
        raise DataError(
            unclosed_quote(start, end, str(error)), hint="a quote inside quotes is doubled", where=source
        ) from error
    columns = dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else {}
    frame = pl.DataFrame(columns, schema={name: pl.String() for name in names})
    return frame, Structure(np.array(fields, dtype=np.int64), np.array(lines, dtype=np.int64), True)


def unclosed_quote(start: int, end: int, error: str) -> str:
    """What is wrong with the quotes between two lines, by what Python's reader says."""
    if "unexpected end of data" in error or "limit" in error:
        return f"a quote that opens in line {start} is not closed"
    if "new-line character" in error:
        return f"a lone carriage return stands in line {start}"
    upto = "" if start == end else f" (the field goes on to line {end})"
    return f"a quote in line {start} is not closed, or text follows the closing quote{upto}"


def _without_blank_lines(frame: pl.DataFrame, structure: Structure) -> tuple[pl.DataFrame, np.ndarray]:
    """Blank lines are no rows; in a file of one column they are missing values, but not at its end."""
    kept = structure.fields > 0
    if frame.width == 1:
        last = int(np.flatnonzero(kept)[-1]) if kept.any() else -1
        kept = np.arange(len(kept)) <= last
    if kept.all():
        return frame, structure.lines
    return frame.filter(pl.Series(kept)), structure.lines[kept]

"""Arbitrary tables in arbitrary dialects come back equal; arbitrary bytes give a table or an input error."""

import csv
import io
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import polars as pl
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from assay.core.errors import InputError
from assay.data.reading import read
from assay.data.reading.structure import scan
from assay.data.table import Table

SEPARATORS = [",", ";", "\t", "|"]
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12).map(str.strip)
LINES = st.text(st.sampled_from("ab \"\n,;\t|'x"), max_size=12).map(str.strip)


def is_word(text: str) -> bool:
    """Whether a text can only be words, so that it must come back as it is."""
    return any(sign.isalpha() for sign in text) and not any(sign.isdigit() for sign in text)


TEXTS = st.one_of(WORDS, LINES).filter(is_word).map(lambda text: f"w{text}w")
NUMBERS = st.floats(-1e6, 1e6).map(lambda value: round(value, 4))
WHOLE = st.integers(-(10**12), 10**12)


@st.composite
def tables(draw: st.DrawFn) -> dict[str, list[Any]]:
    rows = draw(st.integers(2, 12))
    columns: dict[str, list[Any]] = {"key": [f"k{'abc'[row % 3]}k" for row in range(rows)]}
    for number in range(draw(st.integers(1, 5))):
        values = draw(st.sampled_from([TEXTS, NUMBERS, WHOLE]))
        cells = draw(st.lists(st.none() | values, min_size=rows, max_size=rows))
        columns[f"name{number}"] = cells
    columns["last"] = draw(st.lists(NUMBERS, min_size=rows, max_size=rows))
    return columns


def spelled(value: Any, decimal: str, missing: str) -> str:
    if value is None:
        return missing
    if isinstance(value, float):
        return f"{value:.4f}".replace(".", decimal)
    return str(value)


@st.composite
def dialects(draw: st.DrawFn) -> dict[str, Any]:
    separator = draw(st.sampled_from(SEPARATORS))
    return {
        "separator": separator,
        "decimal": draw(st.sampled_from([".", "."] if separator == "," else [".", ","])),
        "quoting": draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
        "end": draw(st.sampled_from(["\n", "\r\n"])),
        "encoding": draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])),
        "missing": draw(st.sampled_from(["", "?", "NA", " "])),
    }


def write(table: dict[str, list[Any]], dialect: dict[str, Any]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(
        stream, delimiter=dialect["separator"], quoting=dialect["quoting"], lineterminator=dialect["end"]
    )
    writer.writerow(table)
    for row in zip(*table.values(), strict=True):
        writer.writerow([spelled(value, dialect["decimal"], dialect["missing"]) for value in row])
    return stream.getvalue().encode(dialect["encoding"])


def read_bytes(data: bytes, **choices: Any) -> Table:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.csv"
        path.write_bytes(data)
        return read(path, **choices)


def assert_equal(table: Table, columns: dict[str, list[Any]]) -> None:
    assert table.frame.columns == list(columns)
    for name, cells in columns.items():
        found = table.frame[name].to_list()
        if all(isinstance(cell, str | None) for cell in cells):
            assert found == cells
        else:
            wanted = np.array([np.nan if cell is None else cell for cell in cells], dtype=float)
            np.testing.assert_allclose(np.array(found, dtype=float), wanted, rtol=0, atol=5e-5)


@given(tables(), dialects())
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_table_comes_back_equal_when_its_dialect_is_stated(
    columns: dict[str, list[Any]], dialect: dict[str, Any]
) -> None:
    said = {name: dialect[name] for name in ("separator", "decimal")}
    encoding = None if dialect["encoding"] == "utf-8-sig" else dialect["encoding"]
    table = read_bytes(write(columns, dialect), header=True, encoding=encoding, **said)
    assert_equal(table, columns)


PLAIN = st.sampled_from(["red", "green", "deep blue", "it's", "né", "two words"])


@given(st.lists(st.tuples(PLAIN, NUMBERS, WHOLE, PLAIN), min_size=8, max_size=30), dialects())
@settings(max_examples=150, deadline=None)
def test_a_dialect_is_found(rows: list[tuple[Any, ...]], dialect: dict[str, Any]) -> None:
    columns = dict(
        zip(["colour", "weight", "count", "note"], map(list, zip(*rows, strict=True)), strict=True)
    )
    assert_equal(read_bytes(write(columns, dialect)), columns)


@given(st.binary(max_size=300))
@example(b"a,b\r1,2")
@example(b'"')
@example(b"\xef\xbb\xbf")
@example(b"\x1f\x8b")
@example(b"PK\x03\x04")
@example(b"PAR1PAR1")
@example(b"ARROW1\x00\x00")
@example(b"\xff\xff\xff\xff\x10\x00\x00\x00")
@settings(max_examples=300, deadline=None)
def test_arbitrary_bytes_give_a_table_or_an_input_error(data: bytes) -> None:
    table_or_error(data)


@given(st.text(st.sampled_from("a1.,;\t\"' \n\r|é?-"), max_size=200), st.sampled_from(["utf-8", "latin-1"]))
@settings(max_examples=500, deadline=None)
def test_arbitrary_text_gives_a_table_or_an_input_error(text: str, encoding: str) -> None:
    table_or_error(text.encode(encoding))


@cache
def whole_file(kind: str) -> bytes:
    frame = pl.DataFrame({"a": range(20), "b": ["x", "y"] * 10, "c": [0.5, 1.5] * 10})
    buffer = io.BytesIO()
    if kind == "excel":
        book = openpyxl.Workbook()
        for row in [frame.columns, *frame.iter_rows()]:
            book.active.append(row)
        book.save(buffer)
    else:
        getattr(frame, f"write_{kind}")(buffer)
    return buffer.getvalue()


@given(
    st.sampled_from(["csv", "parquet", "ipc", "ipc_stream", "excel"]),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=4),
    st.floats(0.01, 1),
)
@settings(max_examples=150, deadline=None)
def test_a_damaged_file_gives_a_table_or_an_input_error(
    kind: str, changes: list[tuple[float, int]], share: float
) -> None:
    data = bytearray(whole_file(kind))
    for place, byte in changes:
        data[int(place * len(data))] = byte
    table_or_error(bytes(data[: max(int(share * len(data)), 1)]))


def table_or_error(data: bytes) -> None:
    try:
        table = read_bytes(data)
    except InputError as error:
        assert "\n" not in str(error)
        assert error.message
    else:
        assert len(table) > 0
        assert len(table.columns) == table.frame.width > 0


@given(st.text(st.sampled_from('ab,"\n\r x'), max_size=60), st.integers(1, 7))
@settings(max_examples=500, deadline=None)
def test_the_scan_does_not_depend_on_where_the_pieces_end(text: str, size: int) -> None:
    data = text.encode()
    whole = scan([data] if data else [], ",", 1)
    pieces = scan([data[at : at + size] for at in range(0, len(data), size)], ",", 1)
    assert whole.regular == pieces.regular
    if whole.regular:
        np.testing.assert_array_equal(whole.fields, pieces.fields)
        np.testing.assert_array_equal(whole.lines, pieces.lines)


@given(st.lists(st.lists(LINES, min_size=2, max_size=4), min_size=1, max_size=8))
@settings(max_examples=300, deadline=None)
def test_the_scan_agrees_with_pythons_reader(rows: list[list[str]]) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows(rows)
    structure = scan([stream.getvalue().encode()], ",", 1)
    assert structure.regular
    reader = csv.reader(io.StringIO(stream.getvalue(), newline=""))
    ends = [(len(row), reader.line_num) for row in reader]
    assert structure.fields.tolist() == [fields for fields, _ in ends]
    assert structure.lines.tolist() == [1, *(end + 1 for _, end in ends[:-1])]

"""Broken files and settings, each with the message that it gets: one list, one test."""

import datetime
import gzip
import io
import re
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import polars as pl
import pytest

from assay.core.errors import InputError
from assay.data.reading import read

ROWS = b"a,b,y\n" + b"".join(b"%d,%d,%d\n" % (n, n * n % 7, n % 2) for n in range(40))
Make = Callable[[Path], Any]


def file(name: str, data: bytes | str) -> Make:
    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    return make


def csv(data: bytes | str) -> Make:
    return file("data.csv", data)


def here(value: Any) -> Make:
    return lambda folder: value


def folder_with_files(folder: Path) -> Path:
    (folder / "table.csv").write_bytes(ROWS)
    return folder


def misspelt(folder: Path) -> Path:
    (folder / "energy.csv").write_bytes(ROWS)
    return folder / "enregy.csv"


def workbook(rows: list[list[Any]], name: str = "book.xlsx") -> Make:
    def make(folder: Path) -> Path:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(folder / name)
        return folder / name

    return make


def notes_only(folder: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "Note"
    book.active["A1"] = "hello"
    book.create_sheet("More")
    book.save(folder / "book.xlsx")
    return folder / "book.xlsx"


def written(name: str, write: Callable[[pl.DataFrame, io.BytesIO], Any], cut: int | None = None) -> Make:
    buffer = io.BytesIO()
    write(pl.DataFrame({"a": range(500), "y": [0, 1] * 250}), buffer)
    return file(name, buffer.getvalue()[:cut])


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("data.csv", ROWS)
    return buffer.getvalue()


GOOD = csv(ROWS)
T = {"target": "y"}
FRAME = pl.DataFrame({"a": range(40), "y": [0, 1] * 20})
CASES: dict[str, tuple[Make, dict[str, Any], str]] = {
    # the file itself
    "no such file": (lambda f: f / "gone.csv", {}, "there is no file .*gone.csv"),
    "misspelt name": (misspelt, {}, "there is no file .*did you mean 'energy.csv'"),
    "no such folder": (lambda f: f / "gone" / "x.csv", {}, "there is no folder .*gone either"),
    "a name unlike all others": (lambda f: folder_with_files(f) / "x.csv", {}, "[(]known: table.csv"),
    "no name": (here(""), {}, "the name of the file is empty"),
    "the folder here": (here(Path()), {}, "the empty name, or '.', is a folder"),
    "a folder": (
        folder_with_files,
        {},
        "is a folder without images, and a file with a table.*was expected .*table.csv",
    ),
    "a name with a zero byte": (here("a\0b.csv"), {}, "cannot open"),
    "a name that is too long": (lambda f: f / ("x" * 300), {}, "cannot open .*too long"),
    "0 bytes": (csv(b""), {}, r"data.csv: the file is empty \(0 bytes\)"),
    "only white space": (csv(b" \n\n\t\n"), {}, "data.csv: the file holds only white space$"),
    "a header of one column": (csv("y\n"), {}, r"no rows below its header \(1 column: y\)"),
    "only a byte-order mark": (csv(b"\xef\xbb\xbf"), {}, "holds only white space"),
    "header only": (csv("a,b,y\n"), {}, r"no rows below its header \(3 columns: a, b, y\)"),
    "a PNG picture": (csv(b"\x89PNG\r\n\x1a\n" + bytes(99)), {}, "the file is a PNG picture, not a table"),
    "a JPEG picture": (csv(b"\xff\xd8\xff\xe0" + bytes(99)), {}, "the file is a JPEG picture"),
    "a PDF": (file("table.pdf", b"%PDF-1.7\n" + bytes(99)), {}, "a PDF document.*export the table as CSV"),
    "a pickle": (csv(b"\x80\x04\x95" + bytes(99)), {}, "the file is a pickle"),
    "a NumPy file": (file("x.npy", b"\x93NUMPY\x01\x00"), {}, "a NumPy array.*numpy.load"),
    "an SQLite database": (csv(b"SQLite format 3\0" + bytes(99)), {}, "an SQLite database"),
    "an HDF5 file": (file("x.h5", b"\x89HDF\r\n\x1a\n" + bytes(99)), {}, "an HDF5 file"),
    "a web page": (csv("<!DOCTYPE html><html><body>404</body></html>"), {}, "a web page or XML"),
    "a part of a web page": (csv("<div class='x'>1,2</div>"), {}, "a web page or XML"),
    "JSON": (csv('[{"a": 1, "y": 0},\n{"a": 2, "y": 1}]'), {}, "the file is JSON, .*save the table as CSV"),
    "JSON lines": (csv('{"a": 1, "y": 0}\n{"a": 2, "y": 1}\n'), {}, "the file is JSON"),
    "JSON in columns": (file("x.json", "a,y\n1,2\n"), {}, "named as JSON"),
    "a recipe": (csv('# mine\n[data]\npath = "x.csv"\n'), {}, "the file is TOML, not a table.*recipe"),
    "a recipe by name": (file("x.toml", "a\n"), {}, "named as TOML, .*assay run"),
    "a web page named .xls": (file("x.xls", "<html><table><tr><td>1"), {}, "x.xls: the file is a web page"),
    "random bytes": (csv(bytes(range(1, 32)) * 40), {}, "not text: .* control characters"),
    "numbers in binary": (csv(struct.pack("<300d", *range(1, 301))), {}, "zero byte|control characters"),
    "a zero byte": (csv(b"a,y\n1,0\n2,\x001\n"), {}, "data.csv: a zero byte stands in line 3"),
    "a zip archive": (file("x.zip", zipped()), {}, "ZIP archive without an Excel workbook|damaged"),
    "a cut gzip file": (file("x.csv.gz", gzip.compress(ROWS)[:-12]), {}, "the gzip file cannot be unpacked"),
    "a cut Parquet file": (
        written("x.parquet", pl.DataFrame.write_parquet, 300),
        {},
        "the Parquet file is damaged",
    ),
    "a cut Arrow file": (written("x.arrow", pl.DataFrame.write_ipc, 300), {}, "the Arrow file is damaged"),
    "a cut workbook": (
        file("x.xlsx", b"PK\x03\x04" + bytes(300)),
        {},
        "x.xlsx: the Excel workbook is damaged",
    ),
    "a cut old workbook": (
        file("x.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        {},
        "the Excel workbook is damaged",
    ),
    "an empty workbook": (workbook([]), {}, "book.xlsx: the workbook is empty"),
    "a workbook with names only": (workbook([["a", "y"]]), {}, "no rows below its header"),
    # its text
    "not the encoding stated": (
        csv(b"a,y\nx,1\ncaf\xe9,0\n"),
        {"encoding": "utf-8"},
        "0xE9 in line 3 is not UTF-8",
    ),
    "not ASCII": (csv("a,y\né,1\n"), {"encoding": "ascii"}, "byte 0xC3 in line 2 is not ascii"),
    "half a UTF-16 sign": (csv(b"\xff\xfea\x00,\x00y"), {}, "is not utf-16|not utf-16"),
    "a short row": (csv("a,b,y\n1,2,0\n3,4\n5,6,1\n"), {}, "data.csv: line 3 has 2 fields, 3 were expected"),
    "a long row": (
        csv("a,b,y\n1,2,0\n3,4,1,9\n5,6,1\n"),
        {},
        "line 3 has 4 fields, 3 .*wants quotes around it",
    ),
    "many ragged rows": (csv("a,b,y\n" + "1,2,0\n" * 9 + "1,2\n" * 3), {}, "line 11 has 2 .* 2 other lines"),
    "a ragged row after quoted lines": (csv('a,y\n"x\nx",1\ny,0\nz\n'), {}, "line 5 has 1 field, 2 were"),
    "a short row among odd quotes": (
        csv('a,b,y\n1,5" x,0\n2,6"\n'),
        {},
        "line 3 has 2 fields, 3 were expected",
    ),
    "a header too short": (csv("a,y\n1,2,3,0\n4,5,6,1\n"), {}, "header in line 1 has 2 names, .* 4 fields"),
    "a header too long": (csv("a,b,c,y\n1,0\n2,1\n"), {}, "header in line 1 has 4 names, .* 2 fields"),
    "an unclosed quote": (csv('a,y\n"x,1\nz,0\n'), {}, "a quote that opens in line 2 is not closed"),
    "text after a quote": (
        csv('a,y\nw,1\n"x"z,1\nz,0\n'),
        {},
        "a quote in line 3 is not closed, or text follows",
    ),
    "skips everything": (GOOD, {"skip_rows": 99}, "nothing below the 99 lines that skip_rows skips"),
    # its values
    "text among numbers": (
        csv("age,y\n" + "31,0\n47,1\n" * 9 + "forty,1\n"),
        T,
        r"data.csv: column 'age' holds numbers, but row 19 \(line 20\) holds 'forty'.*missing",
    ),
    "a word for missing": (
        csv("age,y\n" + "31,0\nunknown,1\n47,1\n52,0\n" * 2 + "53,1\n"),
        T,
        r"holds numbers, but row 2 \(line 3\) holds 'unknown' \(and 1 more rows.*add the text to `missing`",
    ),
    "several texts among numbers": (
        csv("age,y\n" + "31,0\n47,1\n" * 9 + "a,1\nb,1\n"),
        T,
        "1 more rows hold no numbers",
    ),
    "text among decimal commas": (
        csv("a;y\n" + "3,5;0\n4,25;1\n" * 9 + "x;1\n"),
        T,
        r"holds numbers, but row 19 \(line 20\) holds 'x'",
    ),
    "a bad date among dates": (
        csv("d,y\n" + "2024-01-31,0\n2024-02-28,1\n" * 9 + "2024-02-30,1\n"),
        T,
        "column 'd' holds dates, but row 19 .* holds '2024-02-30'",
    ),
    "an infinite number": (
        csv("a,y\n1.5,0\ninf,1\n"),
        T,
        r"'a' holds an infinite number in row 2 \(line 3\)",
    ),
    "a number too large": (csv("a,y\n1.5,0\n1e999,1\n-inf,1\n"), T, "infinite number in row 2 .* 1 more"),
    "text in a workbook's numbers": (
        workbook([["t"], ["a", "y"], *[[n, n % 2] for n in range(20)], ["x", 1]]),
        T,
        r"column 'a' holds numbers, but row 21 \(sheet row 23\) holds 'x'",
    ),
    # the target
    "no such target": (GOOD, {"target": "z"}, "there is no column 'z'"),
    "a misspelt target": (csv("a,default\n1,0\n2,1\n"), {"target": "defualt"}, "did you mean 'default'"),
    "no such position": (GOOD, {"target": 3}, "no column 3, neither by name nor by position .*0 to 2"),
    "a target without values": (
        csv("a,y\n1,\n2,NA\n"),
        T,
        "data.csv: every value of the target 'y' is missing",
    ),
    "a constant target": (
        csv("a,y\n1,7\n2,7\n"),
        T,
        "the target 'y' holds only the value 7: there is nothing",
    ),
    "a target of dates": (csv("a,y\n1,2024-01-01\n2,2024-01-02\n"), T, "the target 'y' holds dates"),
    "a target of names": (
        csv("a,y\n" + "".join(f"{n},name{n}\n" for n in range(30))),
        T,
        "30 different values in 30 rows: too many",
    ),
    "regression on text": (csv("a,y\n1,u\n2,v\n"), T | {"task": "regression"}, "regression wants numbers"),
    "binary with three": (
        csv("a,y\n1,u\n2,v\n3,w\n"),
        T | {"task": "binary"},
        "3 different values, and a binary",
    ),
    "multiclass on amounts": (
        csv("a,y\n" + "".join(f"1,{n}.5\n" for n in range(30))),
        T | {"task": "multiclass"},
        "too many for classes",
    ),
    "a target that is ignored": (GOOD, T | {"ignore": ["y"]}, "'y' cannot be both target and ignored"),
    "a target that orders": (GOOD, T | {"time": "y"}, "'y' cannot be both target and time"),
    "a time that groups": (GOOD, T | {"time": "a", "group": "a"}, "'a' cannot be both time and group"),
    # settings
    "an unknown setting": (GOOD, {"seperator": ";"}, "unknown setting 'seperator'.*did you mean 'separator'"),
    "two mistakes": (
        GOOD,
        {"sheets": 1, "skip_rows": -1},
        "skip_rows = -1.*'sheets'|'sheets'.*skip_rows = -1",
    ),
    "a separator of two signs": (GOOD, {"separator": "||"}, "separator = '[|][|]': .*one sign is wanted"),
    "a separator that is a letter": (GOOD, {"separator": "x"}, "separator = 'x'"),
    "a separator that is not ASCII": (GOOD, {"separator": "¦"}, "a separator is one ASCII sign"),
    "a separator that is not there": (GOOD, T | {"separator": ";"}, "there is no column 'y'.*a,b,y"),
    "an unknown encoding": (GOOD, {"encoding": "utf-9"}, "no text encoding has this name"),
    "an encoding of no text": (GOOD, {"encoding": "base64"}, "no text encoding has this name"),
    "an unknown decimal sign": (GOOD, {"decimal": "'"}, "decimal = "),
    "one sign for two things": (
        GOOD,
        {"decimal": ",", "thousands": ","},
        "decimal and thousands are both ','",
    ),
    "an unknown kind": (GOOD, {"kinds": {"a": "numeric"}}, "kinds.a = 'numeric'"),
    "an unknown task": (GOOD, {"task": "clustering"}, "task = 'clustering'"),
    "a kind for no column": (GOOD, {"kinds": {"c": "ordinal"}}, "read.kinds: there is no column 'c'"),
    "ignores no column": (GOOD, {"ignore": ["ab"]}, "read.ignore: there is no column 'ab'"),
    "no such time": (GOOD, {"time": "when"}, "read.time: there is no column 'when'"),
    "no such group": (GOOD, {"group": "who"}, "read.group: there is no column 'who'"),
    "quantitative text": (
        csv("a,y\nu,1\nv,0\n"),
        {"kinds": {"a": "quantitative"}},
        r"row 1 \(line 2\) holds 'u', which is not a number",
    ),
    "dates that are none": (
        csv("a,y\n20240131,1\n17,0\n"),
        {"kinds": {"a": "date"}},
        "holds 17, which is not a date",
    ),
    "boolean with three": (csv("a,y\n0,1\n1,0\n2,0\n"), {"kinds": {"a": "boolean"}}, "boolean and holds 2"),
    "boolean fractions": (csv("a,y\n0,1\n0.5,0\n"), {"kinds": {"a": "boolean"}}, "boolean and holds 0.5"),
    "boolean dates": (
        here({"a": [datetime.date(2024, 1, 31), datetime.date(2024, 2, 1)]}),
        {"kinds": {"a": "boolean"}},
        "boolean and holds dates",
    ),
    "constant with forty": (GOOD, {"kinds": {"a": "constant"}}, "constant and holds 40 different values"),
    "per cent and words": (
        csv("p,y\n" + "5%,1\n7%,0\n" * 9 + "3,1\n"),
        T,
        r"'p' holds numbers with '%', but row 19 \(line 20\) holds '3'",
    ),
    "ordinal text": (
        csv("a,y\nlow,1\nhigh,0\n"),
        {"kinds": {"a": "ordinal"}},
        "whose order is not known.*levels",
    ),
    "a level left out": (
        csv("a,y\nlow,1\nmid,0\n"),
        {"levels": {"a": ["low", "high"]}},
        "'mid' in row 2, and its levels are low, high",
    ),
    "levels of numbers": (
        GOOD,
        {"kinds": {"a": "quantitative"}, "levels": {"a": ["0", "1"]}},
        "levels are stated",
    ),
    "quantitative dates": (
        csv("a,y\n2024-01-01,1\n2024-01-02,0\n"),
        {"kinds": {"a": "quantitative"}},
        "which is not a number",
    ),
    "skips the whole sheet": (
        workbook([["a", "y"], [1, 0]]),
        {"skip_rows": 9},
        "there is nothing below the 9 rows",
    ),
    "no table in any sheet": (notes_only, {}, "no rows below .*sheets: 'Note', 'More'; choose with sheet"),
    "no such sheet": (
        workbook([["a", "y"], [1, 0]]),
        {"sheet": "Shet"},
        "no sheet 'Shet' .did you mean 'Sheet'",
    ),
    "no such sheet number": (
        workbook([["a", "y"], [1, 0]]),
        {"sheet": 4},
        "no sheet number 4 .numbers go from 0",
    ),
    # memory
    "a list": (here([[1, 2], [3, 4]]), {}, "rows cannot be read from 'list'.*pass a file's path"),
    "None": (here(None), {}, "rows cannot be read from 'NoneType'"),
    "a 1-D array": (here(np.zeros(4)), {}, r"shape \(4,\), and 2 dimensions"),
    "a 3-D array": (here(np.zeros((4, 2, 2))), {}, r"shape \(4, 2, 2\), and 2 dimensions"),
    "an array of complex numbers": (here(np.zeros((4, 2), dtype=complex)), {}, "column 'x0'"),
    "no rows": (here(FRAME.clear()), {}, r"there are no rows \(2 columns\)"),
    "no columns": (here({}), {}, r"there are no rows \(0 columns\)"),
    "columns of unequal length": (here({"a": [1, 2], "b": [1]}), {}, "different lengths: 'a' 2, 'b' 1"),
    "a column that is a number": (here({"a": 3}), {}, "column 'a' is 3, and a list of values was expected"),
    "mixed values": (
        here({"a": [1, 2, "x"]}),
        {},
        "column 'a' mixes types.*row 3 holds str 'x', above it int",
    ),
    "mixed values in pandas": (
        here(pd.DataFrame({"a": pd.Series([1, "x"], dtype=object)})),
        {},
        "column 'a' mixes types.*row 2 holds str",
    ),
    "names on two levels": (
        here(pd.DataFrame([[1, 2]], columns=[["a", "b"], ["c", "d"]])),
        {},
        "have 2 levels",
    ),
    "names twice in pandas": (
        here(pd.DataFrame([[1, 2]], columns=["a", "a"])),
        {},
        "two columns are called 'a'",
    ),
    "lists in a column": (here({"a": [[1], [2]]}), {}, "column 'a' holds values of type List"),
    "spans of time": (here({"a": [datetime.timedelta(1)] * 2}), {}, "column 'a' holds spans of time"),
    "bytes": (here({"image": [b"\xff\xd8", b"\xff\xd8"]}), {}, "column 'image' holds raw bytes .a picture"),
    "infinite in memory": (here({"a": [1.0, float("inf")]}), {}, "'a' holds an infinite number in row 2"),
}


@pytest.mark.parametrize("name", CASES)
def test_says_what_is_wrong_and_where(name: str, tmp_path: Path) -> None:
    make, choices, message = CASES[name]
    with pytest.raises(InputError) as caught:
        read(make(tmp_path), **choices)
    said = str(caught.value)
    assert re.search(message, said), said
    assert "\n" not in said
    assert caught.value.exit_status == 2


def test_there_are_at_least_sixty() -> None:
    assert len(CASES) >= 60

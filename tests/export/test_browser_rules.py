"""The page reads values, files and images as Assay does: its modules in Node beside the ones in Python."""

import base64
import math
from dataclasses import asdict
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
import torch
from browser_parts import asked

import assay
from assay.core.errors import DataError
from assay.data.column import Kind
from assay.data.images.fitting import fitted, with_channels
from assay.data.images.image_format import ImageFormat
from assay.data.images.settings import Fit
from assay.data.reading.spelling import Spelling
from assay.data.schema import InputColumn, Schema
from assay.data.schema.values import FALSE_WORDS, MISSING_WORDS, TRUE_WORDS

_PATTERNS = (
    "%Y-%m-%d", "%m/%d/%Y", "%d.%m.%y", "%d-%b-%Y", "%B %d, %Y", "%Y-%m-%dT%H:%M:%S%.f", "%Y/%m/%d %H:%M",
    "%d.%m.%Y %I:%M %p", "%Y-%m-%d %H:%M:%S%.f%:z", "%Y-%m-%dT%H:%M:%S%.fZ", "%Y-%m-%d %H:%M%z",
)  # fmt: skip
_NUMBERS = (
    None, Spelling("values"), Spelling("true and false"), Spelling("numbers"), Spelling("numbers", ","),
    Spelling("numbers", ",", "."), Spelling("numbers", ".", ","), Spelling("numbers", ".", ",", "$"),
    Spelling("numbers", ",", "\u00a0", "€"), Spelling("numbers", unit="%"), Spelling("numbers", mark="'"),
    Spelling("numbers", missing=("", "-999", "none given")),
)  # fmt: skip
_DATES = (None, *(Spelling("dates", pattern=pattern) for pattern in _PATTERNS))
COLUMNS = (
    *(InputColumn("x", Kind.QUANTITATIVE, "number", low=0.0, high=10.0, spelling=way) for way in _NUMBERS),
    *(InputColumn("it's", Kind.DATE, "datetime", low=0.0, high=1.5e9, spelling=way) for way in _DATES),
    InputColumn("b", Kind.BOOLEAN, "boolean", codes=(0.0, 1.0), spelling=Spelling("true and false")),
    InputColumn("b", Kind.BOOLEAN, "integer", codes=(0.0, 1.0)),
    InputColumn("b", Kind.BOOLEAN, "text", levels=("No", "Yes"), codes=(0.0, 1.0), spelling=Spelling()),
    InputColumn(
        "q",
        Kind.QUALITATIVE,
        "text",
        levels=("1", "2", "a b", "0.5", "true", "1e-05", "None"),
        codes=(0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0),
        spelling=Spelling(),
    ),
    InputColumn("q", Kind.QUALITATIVE, "text", levels=("red", "green"), codes=(0.0, 1.0), missing=True),
    InputColumn("q", Kind.QUALITATIVE, "integer", codes=(1.0, 2.0, 5.0)),
    InputColumn("o", Kind.ORDINAL, "text", levels=("low", "mid", "high"), low=0.0, high=2.0),
)
TEXTS = (
    "", "  ", "?", "NA", "n/a", "nan", "-nan", "None", "-", "-999", "none given", "0", "1", " 1 ",
    "1.0", "01",
    "+1", "-1", "1e3", "1E-3", ".5", "5.", "1,5", "1.5", "1.234", "1,234", "1.234,5", "1,234.5",
    "1.234.567,8",
    "1_000", "0x10", "inf", "-Infinity", "1e400", "1e-400", "$5", "$ 5", "-$5", "$-5", "5 $", "$1,234.50",
    "5 €", "1\u00a0234,5 €", "7%", "7 %", "\u22125", "1'234.5", "123456789.123456", "1e22", "abc",
    "a'b", 'a"b',
    "it's \"q\"", "x" * 80, "é\n", "yes", "No", "TRUE", "t", "off", "red", "Red", " red ", "mid", "0.50",
    "0.00001", "1e-5", "2.0", "1.50",
    "2016-01-31", "2016-1-31", "2016-02-30", "2016-02-29", "20160131", "2016-W04-7", "2016W047", "2016-W53",
    "2015-W53-4", "2016-01-31T17:00", "2016-01-31 17:00:00.123456", "2016-01-31T17:00:00Z",
    "2016-01-31T17:00:00+01:00", "2016-01-31T17", "2016-01-31T170000", "2016-01-31T17:00:00,5",
    "2016/01/31",
    "2016/1/3 4:05", "31.01.2016", "1.2.2016 3:04:05", "01/31/2016", "1/31/2016", "31.01.16", "31-Jan-2016",
    "31-January-2016", "January 31, 2016", "Jan 31, 2016", "31.01.2016 05:06 PM", "31.01.2016 12:06 am",
    "31.01.2016 5:06PM", "2016-01-31 17:00:00+0100", "2016-01-31 17:00:00.5+01:00", "2016-01-31 17:00+0130",
    "2016-01-31T17:00:00.25Z", "0001-01-01", "9999-12-31", "1/2/20", "2016-01-31  17:00", "2016-13-01",
    "1969-12-31 23:59:59.5",
)  # fmt: skip


def _record(column: InputColumn) -> dict[str, Any]:
    """schema.json of one column."""
    spelling = None if column.spelling is None else asdict(column.spelling)
    return {
        "format": 1,
        "columns": [asdict(column) | {"kind": column.kind.value, "spelling": spelling}],
        "words": {"missing": [*MISSING_WORDS], "true": [*TRUE_WORDS], "false": [*FALSE_WORDS]},
    }


def _by_python(column: InputColumn, text: str) -> dict[str, Any]:
    schema = Schema((column,))
    try:
        raw = schema.encode([[text]])
    except DataError as error:
        return {"error": str(error)}
    code = float(raw[0, 0])
    return {"code": None if math.isnan(code) else code, "odd": schema.warnings(raw)[0]}


def test_every_value_means_the_same_in_every_kind_of_column() -> None:
    rng = np.random.default_rng(0)
    signs = list("0123456789.,-+eE $%:/T ")
    texts = [*TEXTS, *("".join(rng.choice(signs, rng.integers(1, 10))) for _ in range(100))]
    questions = [{"about": "encode", "record": _record(column), "texts": texts} for column in COLUMNS]
    for column, answers in zip(COLUMNS, asked(*questions), strict=True):
        for text, answer in zip(texts, answers, strict=True):
            assert answer == _by_python(column, text), (column, text)


def test_a_newer_schema_is_refused_in_words() -> None:
    record = _record(COLUMNS[0]) | {"format": 2}
    with pytest.raises(AssertionError, match="this page reads 1: export it again"):
        asked({"about": "encode", "record": record, "texts": [""]})


_FILES = {
    "usual": "a,b\n1,x\n2,y\n",
    "other order, more columns": 'c,b,a\n0,"x, ""1""",1\n0,y,2\n',
    "line ends of Windows and a byte-order mark": "\ufeffa;b\r\n1;x\r\n2;y\r\n",
    "line ends of old Macintoshes": "a,b\r1,x\r2,y\r",
    "a line end and a quote in a field": 'a,b\n1,"x\ny"\n2,"""y"""\n3,5" disk\n',
    "tabs": "a\tb\n1\tx\n2\ty z\n",
    "bars": "a|b\n1|x\n2|y\n",
    "blank lines": "a,b\n1,x\n\n2,y\n   \n",
    "a title above": "credit of 2005\n\na,b\n1,x\n2,y\n3,z\n",
    "no line end at the end": "a,b\n1,x\n2,y",
    "separators at the ends": "a,b,\n1,x,\n2,y,\n",
    "names of rows": "a,b\nfirst,1,x\nsecond,2,y\n",
    "names with blanks": " a , b \n1,x\n2,y\n",
    "Excel's hint": "sep=;\na;b\n1;x\n2;y\n",
}


def test_a_file_holds_the_same_rows(tmp_path: Path) -> None:
    answers = asked(*(_about_table(content.encode()) for content in _FILES.values()))
    for (name, content), answer in zip(_FILES.items(), answers, strict=True):
        path = tmp_path / "rows.csv"
        path.write_bytes(content.encode())
        table = assay.read(path, columns=("a", "b"))
        rows = [[None if not text.strip() else text.strip() for text in row] for row in answer["rows"]]
        assert rows == [[str(a), b] for a, b in table.frame.select("a", "b").rows()], name


def test_lines_are_counted_as_an_editor_does() -> None:
    content = _FILES["Excel's hint"] + '3;"two\nlines"\n\n4;z\n'
    (answer,) = asked(_about_table(content.encode()))
    assert answer["lines"] == [3, 4, 5, 8]


_WRONG = {
    "there is no column 'b'": b"a,c\n1,x\n",
    "line 3 has 3 fields, 2 were expected": b"a,b\n1,x\n2,y,z\n",
    "line 2 has 1 field, 2 were expected": b"a,b\n1\n",
    "a quote that opens in line 2 is not closed": b'a,b\n1,"x\n2,y\n',
    "text follows the closing quote": b'a,b\n1,"x"y\n',
    "the file holds no rows below its header": b"a,b\n",
    "the file holds no rows": b" \n",
    "the file is not text": b"a,b\n1,\0\n",
}


def test_a_file_that_is_wrong_is_refused_with_its_line() -> None:
    answers = asked(*map(_about_table, _WRONG.values()))
    for message, answer in zip(_WRONG, answers, strict=True):
        assert message in answer["error"]


def test_letters_come_through_in_every_encoding() -> None:
    contents = ["a,b\n1,Zürich\n".encode(encoding) for encoding in ("utf-8", "utf-16", "windows-1252")]
    for answer in asked(*map(_about_table, contents)):
        assert answer["rows"] == [["1", "Zürich"]]


def test_a_file_of_one_column_keeps_commas_and_gaps() -> None:
    (answer,) = asked(_about_table(b"a\n1,5\n\n2,5\n\n") | {"wanted": ["a"]})
    assert answer["rows"] == [["1,5"], [""], ["2,5"]]


def test_images_are_brought_to_size_with_the_same_pixels() -> None:
    rng, questions, expected = np.random.default_rng(0), [], []
    for height, width in [(90, 140), (17, 9), (16, 16), (1, 50), (8, 31)]:
        for fit in get_args(Fit):
            pixels = rng.integers(0, 256, (height, width), dtype=np.uint8)
            format = ImageFormat(1, 16, 16, fit).to_json()
            question = {"about": "fitted", "values": pixels.ravel().tolist(), "format": format}
            questions.append(question | {"height": height, "width": width})
            expected.append(fitted(torch.from_numpy(pixels)[None, None], 16, 16, fit).ravel().tolist())
    difference = np.abs(np.array(asked(*questions)) - np.array(expected))
    assert difference.max() <= 1  # torch rounds its weights to 16 bits
    assert (difference == 0).mean() > 0.98


def test_grey_is_made_of_colours_with_the_same_weights() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (50, 4), dtype=np.uint8)
    (answer,) = asked({"about": "luma", "values": pixels.ravel().tolist()})
    expected = with_channels(torch.from_numpy(pixels[:, :3].T.copy())[:, :, None], 1)
    assert answer == expected.ravel().tolist()


def _about_table(content: bytes) -> dict[str, Any]:
    return {"about": "table", "base64": base64.b64encode(content).decode(), "wanted": ["a", "b"]}

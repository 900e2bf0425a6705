"""Numbers with a sign beside them, numbers that are dates, and which columns and sheets are read."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import polars as pl
import pytest

from assay.core.errors import DataError
from assay.data.column import Kind, Role
from assay.data.reading import ReadSettings, read, untyped
from assay.data.schema import Schema
from assay.data.table import Table


def write(folder: Path, values: list[Any], name: str = "p") -> Path:
    path = folder / "data.csv"
    path.write_text(f"{name};x\n" + "".join(f"{value};{row}\n" for row, value in enumerate(values)))
    return path


def column(table: Table) -> list[Any]:
    return table.frame.to_series(0).to_list()


@pytest.mark.parametrize(
    ("texts", "wanted", "note"),
    [
        (["$1,234.00", "-$5.50", "$-2", "- $ 7"], [1234.0, -5.5, -2.0, -7.0], "'$1,234.00' is read as the"),
        (["5 €", "6,50 €", "?"], [5.0, 6.5, None], "'5 €' is read as the number beside '€'"),
        (["1.234,5 €", "2,5 €", "\u22121 €"], [1234.5, 2.5, -1.0], "with '.' between thousands"),
        (["12.3 %", "4%", "-5 %"], [12.3, 4.0, -5.0], "beside '%'"),
        (["£5", "£7"], [5, 7], "beside '£'"),
        (["\u22125", "3.5", "2"], [-5.0, 3.5, 2.0], ""),
        (["73\u00a0350,48", "2,5"], [73350.48, 2.5], "'73 350,48' is read with blanks between thousands"),
    ],
)
def test_numbers_beside_a_sign(tmp_path: Path, texts: list[str], wanted: list[Any], note: str) -> None:
    path = write(tmp_path, texts * 10)
    for stated in ({}, {"kinds": {"p": "quantitative"}}):
        table = read(path, **stated)
        assert column(table) == wanted * 10
        assert any(note in said and "column 'p'" in said for said in table.notes) or not note


@pytest.mark.parametrize("texts", [["5%", "3", "7%"], ["$5", "€3", "$7"], ["$5$", "$6$"], ["%a", "%b"]])
def test_signs_that_are_not_the_same_leave_words(tmp_path: Path, texts: list[str]) -> None:
    assert read(write(tmp_path, texts * 10)).frame["p"].dtype == pl.String


def test_sealed_rows_are_read_beside_the_same_sign(tmp_path: Path) -> None:
    rows = untyped(write(tmp_path, ["$1", "$2"] * 10 + ["$3", "4"]), None, ReadSettings())
    open_rows = np.arange(20)
    assert rows.frame_like(np.array([20]), open_rows, ["p"])["p"].to_list() == [3]
    with pytest.raises(DataError, match=r"'p' holds numbers, but row 22 \(line 23\) holds '4'"):
        rows.frame_like(np.array([21]), open_rows, ["p"])


def test_digits_with_leading_zeros_are_numbers_where_the_user_says_so(tmp_path: Path) -> None:
    path = write(tmp_path, ["00501", "76218"] * 10)
    assert read(path).frame["p"].dtype == pl.String
    table = read(path, kinds={"p": "quantitative"})
    assert column(table) == [501, 76218] * 10
    assert table.column("p").kind is Kind.QUANTITATIVE


DAYS = [20200101 + day for day in range(28)]
SECONDS = [1577836800 + 600 * row for row in range(28)]


@pytest.mark.parametrize(
    ("name", "numbers", "first"),
    [
        ("d", DAYS, date(2020, 1, 1)),
        ("d", SECONDS, datetime(2020, 1, 1)),
        ("timestamp", [1000 * second for second in reversed(SECONDS)], datetime(2020, 1, 1, 4, 30)),
    ],
)
def test_whole_numbers_that_look_like_dates(
    tmp_path: Path, name: str, numbers: list[int], first: datetime
) -> None:
    path = write(tmp_path, numbers, name)
    (note,) = (said for said in read(path).notes if "look like dates" in said)
    assert f"column {name!r}" in note
    assert f"({numbers[0]} would be {first})" in note
    dated = read(path, kinds={name: "date"})
    assert column(dated)[0] == first
    assert not any("look like dates" in said for said in dated.notes)
    assert dated.column(name).kind is Kind.DATE


@pytest.mark.parametrize("numbers", [DAYS[:5], [*DAYS, 20200132], SECONDS[::-1], list(range(1900, 1930))])
def test_other_whole_numbers_look_like_no_dates(tmp_path: Path, numbers: list[int]) -> None:
    assert not any("dates" in said for said in read(write(tmp_path, numbers)).notes)


def test_only_the_columns_that_will_be_used_need_be_right(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text(
        "a,b,y\n" + "".join(f"{row / 3},{'x' if row == 20 else row},{row % 2}\n" for row in range(40))
    )
    with pytest.raises(DataError, match="'b' holds numbers, but row 21"):
        read(path)
    table = read(path, columns=["a", "gone"], target="y", kinds={"b": "date"})
    assert [column.role for column in table.columns] == [Role.FEATURE, Role.IGNORED, Role.TARGET]
    schema = Schema.of(read(path, columns=["a"], target="y"))
    np.testing.assert_array_equal(schema.encode(table).ravel(), np.arange(40) / 3)
    with pytest.raises(DataError, match="'b' holds numbers, but row 21"):
        read(path, columns=["b"])


def test_words_between_blanks(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("x k y\n" + "".join(f"{row}.5 {'ab'[row % 2]} yes\n" for row in range(30)))
    table = read(path)
    assert table.frame.columns == ["x", "k", "y"]
    assert "fields are parted by blanks" in table.notes
    path.write_text("what they say\n" + "it is good\nit is bad\nno good idea\n" * 9)
    assert read(path).frame.columns == ["what they say"]


def test_a_sheet_with_a_note_is_passed_over(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Note"
    book.active["A1"] = "made by hand"
    sheet = book.create_sheet("Data")
    for row in [["a", "y"], *([n / 3, n % 2] for n in range(20))]:
        sheet.append(row)
    book.save(tmp_path / "x.xlsx")
    table = read(tmp_path / "x.xlsx")
    assert table.frame.columns == ["a", "y"]
    assert "sheet 'Data' was read; sheets: 'Note', 'Data'; choose with sheet" in table.notes
    with pytest.raises(DataError, match="no rows below its header"):
        read(tmp_path / "x.xlsx", sheet="Note")

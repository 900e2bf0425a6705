"""Files of every usual dialect are read, and what was guessed is said."""

import gzip
from datetime import date, datetime
from pathlib import Path
from typing import Any

import fastexcel
import openpyxl
import polars as pl
import pytest
import xlwt

from assay.core.errors import DataError
from assay.data.reading import ReadSettings, read
from assay.data.table import Table


@pytest.fixture
def csv(tmp_path: Path) -> Any:
    def make(text: str | bytes, name: str = "data.csv", **choices: Any) -> Table:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return read(path, **choices)

    return make


def columns(table: Table) -> dict[str, list[Any]]:
    return table.frame.to_dict(as_series=False)


AB = {"a": [1, 2], "b": [1.5, 2.5]}


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,1.5\n2,2.5\n",
        "a,b\n1,1.5\n2,2.5",
        "a,b\r\n1,1.5\r\n2,2.5\r\n",
        "a,b\r1,1.5\r2,2.5\r",
        "a;b\n1;1,5\n2;2,5\n",
        "a;b\n1;1.5\n2;2.5\n",
        "a\tb\n1\t1.5\n2\t2.5\n",
        "a|b\n1|1.5\n2|2.5\n",
        "a b\n1 1.5\n2 2.5\n",
        " a   b\n 1   1.5\n 2   2.5\n",
        "a  b\n1\t1.5\n2  2.5\n",
        "# made by x, y\n# version 2\na,b\n1,1.5\n2,2.5\n",
        "sep=;\na;b\n1;1,5\n2;2,5\n",
        '"a","b"\n"1","1.5"\n"2","2.5"\n',
        '"a","b"\n" 1","1,5"\n"2 ","2,5"\n',
        "a,b\n\n1,1.5\n   \n2,2.5\n\n\n",
        "a,b,\n1,1.5,\n2,2.5,\n",
        "a,b\n1,1.5,\n2,2.5,\n",
        "a, b\n1, 1.5\n2, 2.5\n",
        "Report of 2024\n\na,b\n1,1.5\n2,2.5\n",
        "Report of 2024,\nmade by hand,\na,b\n1,1.5\n2,2.5\n",
        ",X1\na,b\n1,1.5\n2,2.5\n",
        "a,b\nkg,m\n1,1.5\n2,2.5\n",
        b"\xef\xbb\xbfa,b\n1,1.5\n2,2.5\n",
        b'\xef\xbb\xbf"a","b"\n"1","1.5"\n2,2.5\n',
        "a,b\n1,1.5\n2,2.5\n".encode("utf-16"),
        "a,b\n1,1.5\n2,2.5\n".encode("utf-16-le"),
        "a,b\n1,1.5\n2,2.5\n".encode("utf-16-be"),
        "a,b\n1,1.5\n2,2.5\n".encode("utf-32"),
    ],
)
def test_the_same_table_in_many_dialects(csv: Any, text: str | bytes) -> None:
    assert columns(csv(text)) == AB


def test_a_gzip_file_is_unpacked(csv: Any) -> None:
    assert columns(csv(gzip.compress(b"a,b\n1,1.5\n2,2.5\n"), "data.csv.gz")) == AB


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("a;b\n1;1,5\n2;2,5\n", "fields are parted by semicolon"),
        ("a;b\n1;1,5\n2;2,5\n", "decimal commas"),
        ("a\tb\n1\t1.5\n", "fields are parted by tab"),
        ("a;b\n1;1,234\n2;2,345\n", "1,234 is read as 1.234"),
        ('a,b\n1,"1,234"\n2,"12,345,678"\n', "'1,234' is read with ',' between thousands"),
        ("Title\na,b\n1,1.5\n", "the header was found in line 2"),
        ("a,b\nkg,m\n1,2\n3,4\n", "the words below the header, in line 2, were skipped"),
        ("1,2\n3,4\n", "the first row holds data"),
        ("a,a\n1,2\n", "'a' stands twice: column 2 is called 'a_2'"),
        ("a,\n1,2\n", "column 2 has no name: called 'column_2'"),
        ("a,b\nr1,1,2\nr2,3,4\n", "called 'row_name'"),
        (b"a,b\ncaf\xe9,1\n", "byte 0xE9 in line 2 is not UTF-8: read as Windows-1252"),
        ("a,b\n1,2\n".encode("utf-16"), "encoding utf-16 by its byte-order mark"),
        ("a,b\n1,2\n".encode("utf-16-le"), "every second byte is zero"),
        ("d,b\n1/2/2024,2\n3/4/2024,2\n", "could be read both ways; read with the month first"),
    ],
)
def test_what_was_guessed_is_said(csv: Any, text: str | bytes, note: str) -> None:
    assert any(note in said for said in csv(text).notes)


def test_a_plain_file_needs_no_note(csv: Any) -> None:
    assert csv("a,b\n1,x\n2,y\n").notes == ()


def test_latin_1_text(csv: Any) -> None:
    assert columns(csv("a,b\nné,1\nœuf,2\n".encode("cp1252"))) == {"a": ["né", "œuf"], "b": [1, 2]}
    assert columns(csv("a,b\nné,1\n".encode("latin-1"), encoding="latin-1"))["a"] == ["né"]


def test_quoted_line_ends_separators_and_quotes(csv: Any) -> None:
    table = csv('a,b\n"x\ny, ""z""",1\n"w",2\n')
    assert columns(table) == {"a": ['x\ny, "z"', "w"], "b": [1, 2]}


def test_quotes_that_stand_inside_words(csv: Any) -> None:
    assert columns(csv('a,b\n5" pipe,1\n6" pipe,2\n'))["a"] == ['5" pipe', '6" pipe']
    assert columns(csv('a,b\nx, "y, z"\nu, "v"\n'))["b"] == ["y, z", "v"]


@pytest.mark.parametrize(
    "token", ["", "?", "NA", "N/A", "NaN", "nan", "null", "None", "-", " ? ", '""', "#N/A"]
)
def test_missing_values(csv: Any, token: str) -> None:
    table = csv(f"a,b,c\n1,{token},x\n{token},2.5,y\n3,4.5,{token}\n")
    assert columns(table) == {"a": [1, None, 3], "b": [None, 2.5, 4.5], "c": ["x", "y", None]}


def test_missing_texts_can_be_stated(csv: Any) -> None:
    table = csv("a,b\n1,none\nunknown,NA\n3,u\n", missing=["unknown"])
    assert columns(table) == {"a": [1, None, 3], "b": ["none", "NA", "u"]}


def test_infinite_numbers_can_be_read_as_missing(csv: Any) -> None:
    assert columns(csv("a,b\n1.5,1\ninf,2\n", missing=["", "inf"]))["a"] == [1.5, None]


def test_one_column_keeps_its_blank_lines_as_missing_values_but_not_the_last(csv: Any) -> None:
    assert columns(csv("a\n1\n\n3\n\n\n")) == {"a": [1, None, 3]}
    assert columns(csv("text\nhello, world\nno comma\na, b, c\n"))["text"][0] == "hello, world"
    assert columns(csv("1.5\n2.5\n")) == {"column_1": [1.5, 2.5]}


def test_an_empty_column_stays_and_holds_nothing(csv: Any) -> None:
    table = csv("a,b\n1,\n2,\n")
    assert table.frame.schema == {"a": pl.Int64, "b": pl.Float64}
    assert table.frame["b"].null_count() == 2


def test_numbers_in_many_spellings(csv: Any) -> None:
    table = csv('a,b,c,d,e\n+1,1e3,.5,"1,000.5",1\'000\n-2,-2E-1,3.,"12,345,678",12\n')
    assert columns(table) == {
        "a": [1, -2],
        "b": [1000.0, -0.2],
        "c": [0.5, 3.0],
        "d": [1000.5, 12345678.0],
        "e": [1000, 12],
    }


def test_decimal_commas_with_points_between_thousands(csv: Any) -> None:
    assert columns(csv("a;b\n1.234,5;1.000\n2,5;22.500\n")) == {"a": [1234.5, 2.5], "b": [1000, 22500]}


def test_the_user_decides_about_signs(csv: Any) -> None:
    text = "a;b\n1,234;x\n2,500;y\n"
    assert columns(csv(text, decimal=","))["a"] == [1.234, 2.5]
    assert columns(csv(text, decimal="."))["a"] == [1234, 2500]
    assert columns(csv("a;b\n1 234;x\n2 500;y\n", thousands=" "))["a"] == [1234, 2500]


def test_digits_that_are_names_stay_text(csv: Any) -> None:
    table = csv("zip,number,long\n02134,0,12345678901234567890123\n10001,10,12345678901234567890124\n")
    assert columns(table)["zip"] == ["02134", "10001"]
    assert columns(table)["number"] == [0, 10]
    assert columns(table)["long"] == ["12345678901234567890123", "12345678901234567890124"]


def test_numbers_and_words_together_may_be_categories(csv: Any) -> None:
    table = csv(
        "children,ticket\n"
        + "".join(f"{kids},{'A' * (n % 2)}{n}\n" for n, kids in enumerate(["0", "1", "3+"] * 9))
    )
    assert columns(table)["children"][:3] == ["0", "1", "3+"]
    assert columns(table)["ticket"][:2] == ["0", "A1"]
    assert (
        "column 'children' holds numbers and words (row 3 (line 4) holds '3+'): all are read as words"
        in table.notes
    )


def test_large_whole_numbers_keep_every_digit(csv: Any) -> None:
    assert columns(csv("a\n9007199254740993\n9007199254740995\n"))["a"] == [
        9007199254740993,
        9007199254740995,
    ]


def test_a_fraction_far_below_whole_numbers(csv: Any) -> None:
    table = csv("a,b\n" + "1,x\n" * 30_000 + "1.5,y\n")
    assert table.frame["a"].dtype == pl.Float64
    assert table.frame["a"][-1] == 1.5


def test_true_and_false(csv: Any) -> None:
    table = csv("a,b\nTrue,x\nfalse,y\n,z\n")
    assert columns(table)["a"] == [True, False, None]


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        ("2024-01-31", "2024-02-01", date(2024, 1, 31)),
        ("2024/1/31", "2024/2/1", date(2024, 1, 31)),
        ("31.01.2024", "01.02.2024", date(2024, 1, 31)),
        ("31/01/2024", "01/02/2024", date(2024, 1, 31)),
        ("01/31/2024", "02/01/2024", date(2024, 1, 31)),
        ("1/31/24", "2/1/24", date(2024, 1, 31)),
        ("31-Jan-2024", "01-Feb-2024", date(2024, 1, 31)),
        ("31 January 2024", "1 February 2024", date(2024, 1, 31)),
        ("Jan 31 2024", "Feb 1 2024", date(2024, 1, 31)),
        ("2024-01-31 17:05", "2024-02-01 00:00", datetime(2024, 1, 31, 17, 5)),
        ("2024-01-31 17:05:09", "2024-02-01 00:00:00", datetime(2024, 1, 31, 17, 5, 9)),
        ("2024-01-31T17:05:09.5", "2024-02-01T00:00:00", datetime(2024, 1, 31, 17, 5, 9, 500_000)),
        ("2024-01-31T17:05:09Z", "2024-02-01T00:00:00Z", datetime(2024, 1, 31, 17, 5, 9)),
        ("2024-01-31T17:05:09+02:00", "2024-02-01T00:00:00+02:00", datetime(2024, 1, 31, 15, 5, 9)),
        ("1/31/2024 5:05 PM", "2/1/2024 12:00 AM", datetime(2024, 1, 31, 17, 5)),
    ],
)
def test_dates_in_many_spellings(csv: Any, first: str, second: str, wanted: date) -> None:
    table = csv(f"a,b\n{first},1\n{second},2\n,3\n")
    assert columns(table)["a"][0] == wanted
    assert columns(table)["a"][2] is None
    assert table.frame["a"].is_sorted() or columns(table)["a"][1] > columns(table)["a"][0]


def test_the_day_first_can_be_stated(csv: Any) -> None:
    text = "a,b\n1/2/2024,1\n3/4/2024,2\n"
    assert columns(csv(text, day_first=True))["a"][0] == date(2024, 2, 1)
    assert columns(csv(text, day_first=False))["a"][0] == date(2024, 1, 2)


def test_a_stated_date_may_be_written_as_a_number(csv: Any) -> None:
    table = csv("a,b\n20240131,1\n20240201,2\n", kinds={"a": "date"})
    assert columns(table)["a"] == [date(2024, 1, 31), date(2024, 2, 1)]


def test_a_header_of_numbers_can_be_stated(csv: Any) -> None:
    assert csv("1990,1991\n1,2\n3,4\n", header=True).frame.columns == ["1990", "1991"]
    assert csv("0,1,2\n0.5,7,1\n0.25,8,1\n").frame.columns == ["0", "1", "2"]
    assert csv("land,1990,1991,1992\nx,1,2.5,3\ny,2,3,4\n").frame.columns[1:] == ["1990", "1991", "1992"]
    assert len(csv("a,b\nc,d\n", header=False)) == 2


def test_rows_above_the_header_can_be_skipped(csv: Any) -> None:
    table = csv("x,y\nu,v\na,b\n1,1.5\n2,2.5\n", skip_rows=2)
    assert columns(table) == AB


def test_the_target_by_position(csv: Any) -> None:
    text = "2001,1.5,2.5\n1998,3.5,4.5\n" * 20
    for target in (0, "0", -3):
        table = csv(text, target=target, task="regression")
        assert table.target is not None and table.target.name == "column_1"


def test_names_with_spaces_are_found_whatever_the_spaces(csv: Any) -> None:
    table = csv(" a ,next  month \n1,0\n2,1\n", target="next  month")
    assert table.frame.columns == ["a", "next month"]


def test_rows_without_a_target_are_left_out_and_counted(csv: Any) -> None:
    table = csv("a,y\n1,0\n2,\n3,1\n4,?\n", target="y")
    assert columns(table) == {"a": [1, 3], "y": [0, 1]}
    assert "2 rows without a value of the target 'y' were left out" in table.notes


def test_a_file_is_known_by_its_bytes_not_by_its_name(tmp_path: Path) -> None:
    pl.DataFrame(AB).write_parquet(tmp_path / "data.csv")
    table = read(tmp_path / "data.csv")
    assert columns(table) == AB
    assert table.notes == ("data.csv is named .csv and holds Parquet: read as Parquet",)
    (tmp_path / "data.parquet").write_text("a,b\n1,1.5\n2,2.5\n")
    assert columns(read(tmp_path / "data.parquet")) == AB


def test_parquet_and_arrow(tmp_path: Path) -> None:
    frame = pl.DataFrame(AB)
    for name, write in {
        "x.parquet": frame.write_parquet,
        "x.arrow": frame.write_ipc,
        "x.arrows": frame.write_ipc_stream,
    }.items():
        write(tmp_path / name)
        assert columns(read(tmp_path / name)) == AB


def write_xls(path: Path, rows: list[list[Any]], title: str = "Data") -> None:
    book = xlwt.Workbook()
    book.add_sheet("Notes").write(0, 0, "see the other sheet")
    sheet = book.add_sheet(title)
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            sheet.write(number, place, value)
    book.save(str(path))


def test_an_old_workbook_with_the_header_in_its_second_row(tmp_path: Path) -> None:
    rows = [["", "X1", "Y"], ["ID", "LIMIT_BAL", "default"], *[[n, 1000.0 * n, n % 2] for n in range(1, 30)]]
    write_xls(tmp_path / "credit.xls", rows)
    table = read(tmp_path / "credit.xls", target="default", sheet="Data")
    assert table.frame.columns == ["ID", "LIMIT_BAL", "default"]
    assert (len(table), table.task) == (29, "binary")
    assert "the header was found in sheet row 2; what stands above it was skipped" in table.notes
    for sheet in (1, "1"):
        assert columns(read(tmp_path / "credit.xls", sheet=sheet, skip_rows=1)) == columns(table)


def test_a_new_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Empty"
    sheet = book.create_sheet("Data")
    rows = [
        [],
        ["when", "what", "much", "yes", ""],
        [datetime(2024, 1, 31), "x", 1 / 3, True, None],
        [],
        [datetime(2024, 2, 1), None, 2, False, None],
    ]
    for row in rows:
        sheet.append(row)
    book.save(tmp_path / "x.xlsx")
    table = read(tmp_path / "x.xlsx")
    assert columns(table) == {
        "when": [datetime(2024, 1, 31), datetime(2024, 2, 1)],
        "what": ["x", None],
        "much": [1 / 3, 2.0],
        "yes": [True, False],
    }
    assert "sheet 'Data' was read; sheets: 'Empty', 'Data'; choose with sheet" in table.notes


@pytest.mark.parametrize(("raised", "wanted"), [("PanicException", DataError), ("SystemExit", SystemExit)])
def test_a_panic_of_the_excel_library_is_a_data_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, raised: str, wanted: type[BaseException]
) -> None:
    def panic(path: Path) -> None:
        raise type(raised, (wanted if wanted is SystemExit else BaseException,), {})("range end out of range")

    write_xls(tmp_path / "x.xls", [["a"], [1.0]])
    monkeypatch.setattr(fastexcel, "read_excel", panic)
    with pytest.raises(wanted):
        read(tmp_path / "x.xls")


def test_many_columns_without_names_are_no_burden(csv: Any) -> None:
    table = csv("," * 20_000 + "a\n" + "," * 20_000 + "1\n")
    assert columns(table) == {"a": [1]}


def test_settings_and_choices_agree(csv: Any, tmp_path: Path) -> None:
    csv("a;b\n1;1,5\n2;2,5\n")
    settings = ReadSettings(separator=";", decimal=",")
    assert columns(read(tmp_path / "data.csv", settings=settings)) == AB
    with pytest.raises(DataError):
        read(tmp_path / "data.csv", settings=settings, separator=",", target="b")


def test_reading_loads_no_torch() -> None:
    import subprocess
    import sys

    code = (
        "import sys, assay.data.reading; sys.exit(not {'torch', 'sklearn', 'pandas'}.isdisjoint(sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

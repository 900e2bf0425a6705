"""What the C++ program reads from a file: the same raw numbers as the bundle's schema."""

from pathlib import Path

import numpy as np
import pytest
from bundles_made import _KINDS, table_bundle
from cpp_made import answers, echo_folder, echoed, needs_compiler, predict

import assay
from assay.bundle.bundle import Bundle
from assay.core.errors import DataError
from assay.data.preparation import Preparation
from assay.data.target import Target
from assay.networks import NetworkSettings, build

pytestmark = needs_compiler

_NAMES = ("amount", "share", "price", "day", "moment", "clock", "yes", "level", "code", "member")
_TRAINING = [
    "amount;share;price;day;moment;clock;yes;level;code;member;answer",
    "1.234,50;12,5 %;$ 1,5;31.01.2020;2020-01-31 10:05;1/31/2020 1:05 PM;Yes;1;1;true;a",
    "2,25;5 %;$ 2,5;1.2.2020;2020-02-01 00:00;2/1/2020 12:30 AM;No;2+;2;false;b",
    "-999;7,125 %;$ 12;17.03.2021;2021-12-31 23:59;3/17/2021 11:00 AM;Yes;0.5;3;true;a",
    "12.345.678,5;100 %;$ -3;29.02.2020;2020-02-29 12:00;2/29/2020 12:00 PM;No;1;1;false;b",
]


@pytest.fixture(scope="module")
def spelled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Bundle, Path]:
    """A bundle whose training file was written as the continent does, and its echoing folder."""
    folder = tmp_path_factory.mktemp("spelled")
    path = folder / "training.csv"
    path.write_text("\n".join([_TRAINING[0], *_TRAINING[1:] * 8]) + "\n", encoding="utf-8")
    table = assay.read(
        path,
        target="answer",
        missing=("", "NA", "-999", "unknown"),
        kinds={"level": "qualitative", "code": "qualitative", "yes": "boolean", "price": "quantitative"}
        | {"amount": "quantitative", "share": "quantitative"},
    )
    bundle = untrained(table)
    return bundle, echo_folder(bundle, folder / "made")


def untrained(table: assay.Table) -> Bundle:
    preparation, target = Preparation.fit(table), Target.of(table, np.arange(len(table)))
    network = build(
        NetworkSettings(hidden=(4,)),
        num_inputs=preparation.num_outputs,
        num_outputs=2,
        cardinalities=preparation.cardinalities,
    )
    return Bundle(preparation, network, target)


def as_python(bundle: Bundle, path: Path) -> np.ndarray:
    schema = bundle.schema
    table = assay.read(path, target=None, columns=schema.names, spellings=schema.spellings)
    return np.asarray(schema.encode(table))


def test_every_spelling_of_the_training_file_is_read_as_the_bundle_reads_it(
    spelled: tuple[Bundle, Path], tmp_path: Path
) -> None:
    bundle, folder = spelled
    path = tmp_path / "rows.csv"
    path.write_text("\n".join(_TRAINING) + "\n", encoding="utf-8")
    assert bundle.schema.names == _NAMES
    raw = echoed(predict(folder, path))
    np.testing.assert_array_equal(raw, as_python(bundle, path))
    assert raw[0, :3].tolist() == [1234.5, 12.5, 1.5]
    assert np.isnan(raw[2, 0])  # -999


CELLS = {
    "amount": [" 1.234,5 ", "1.234.567", "-1,5", "+2", "1,5e3", "\u22127,25", ",5", "5,", "-999", "-999,0",
               "unknown", "NA", "n/a", "NULL", "nan", "1.5", "12.34", "1e5", "-0"],
    "share": ["5%", "5 %", "-5 %", "5", "2,5 %"],
    "price": ["$5", "-$5", "$-5", "- $ 5", "5 $", "7"],
    "day": ["1.2.2020", "01.02.2020", "2020-02-01", "2020-02-01T10:00:00", "2020/02/01", "20200201",
            "2020-W05-6", "2020-02-01 10:00:00.25+01:00", "2020-02-01T10Z", "2020-02-01 100000,5"],
    "moment": ["2020-2-1 9:05", "2020-02-01", "2020-02-01 10:00:30", "2020/02/01 10:00", "01.02.2020 10:00"],
    "clock": ["2/1/2020 1:05 pm", "02/01/2020 12:00 AM", "2020-02-01 13:05"],
    "yes": ["yes", "NO", "true", "0", "1", "y", "off", "maybe", "1.0"],
    "level": ["1", "1.0", "2+", "3", "0.50", "0,5", "-1", "None", "2 +", "true"],
    "code": ["1", "2.0", "7", " 3", "1e0"],
    "member": ["TRUE", "false", "Yes", "0", "1", "?"],
}  # fmt: skip
BAD_CELLS = {
    "amount": ["1.23.4", "1_000", "abc", "--1", "1 2", "0x10", "true"],
    "share": ["5 $", "%"],
    "day": ["31.02.2020", "2020-02-30", "yesterday", "1.2.2020 25:00", "2020-02-01T10:61", "20200230",
            "2020-W54-1"],
    "clock": ["13/13/2020 1:05 PM", "2/1/2020 13:05 PM", "2/1/2020 0:05"],
    "member": ["maybe", "2", "ja"],
    "code": ["one"],
}  # fmt: skip


def with_cell(name: str, text: str) -> list[str]:
    """A usual row with another cell in one column."""
    usual = zip(_NAMES, _TRAINING[2].split(";"), strict=False)
    return [text if other == name else cell for other, cell in usual]


def test_cells_are_read_one_by_one_as_the_schema_reads_rows(
    spelled: tuple[Bundle, Path], tmp_path: Path
) -> None:
    bundle, folder = spelled
    rows = [with_cell(name, text) for name, texts in CELLS.items() for text in texts]
    path = tmp_path / "rows.csv"
    lines = [";".join(_NAMES), *(";".join(row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    expected = np.asarray(bundle.schema.encode(rows))
    as_number = ["-999,0" in row for row in rows].index(True)
    expected[as_number, 0] = np.nan  # a whole column of numbers is freed of -999 however it is written
    np.testing.assert_array_equal(echoed(predict(folder, path)), expected)


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name, texts in BAD_CELLS.items() for text in texts]
)
def test_a_cell_that_the_schema_refuses_is_refused_with_row_line_and_column(
    spelled: tuple[Bundle, Path], tmp_path: Path, name: str, text: str
) -> None:
    bundle, folder = spelled
    usual, row = with_cell("", ""), with_cell(name, text)
    with pytest.raises(DataError) as refused:
        bundle.schema.encode([usual, row])
    path = tmp_path / "rows.csv"
    path.write_text("\n".join([";".join(_NAMES), "", ";".join(usual), ";".join(row)]), encoding="utf-8")
    done = predict(folder, path)
    assert done.returncode == 2
    where = f"{path}, row 2 (line 4), column {name!r}: "
    assert done.stderr == f"predict: {where}{refused.value.message} ({refused.value.hint})\n"
    assert done.stdout.count("\n") == 2  # the header and the row before


def test_a_number_that_is_not_finite_is_refused(spelled: tuple[Bundle, Path], tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    for text in ("inf", "-Infinity", "1e400"):
        path.write_text("\n".join([";".join(_NAMES), ";".join(with_cell("amount", text))]), encoding="utf-8")
        done = predict(spelled[1], path)
        assert done.returncode == 2 and f"'{text}' is not a finite number" in done.stderr


def test_quotes_separators_line_ends_and_names_as_people_write_them(tmp_path: Path) -> None:
    bundle = table_bundle("multiclass", tmp_path)
    folder = echo_folder(bundle, tmp_path / "made")
    names = list(bundle.schema.names)
    assert "colour" in names and names[0] == "amount" and "colour" in _KINDS
    colours = ["red", 'sky, "light" blue', "two\nlines", "green"]
    for separator, end, mark in (
        (",", "\n", ""),
        (";", "\r\n", "\ufeff"),
        ("\t", "\r", ""),
        ("|", "\n", "\ufeff"),
    ):
        header = ["other", *reversed(names), "rest"]
        lines = [separator.join(f' "{name}"' if name == "colour" else name for name in header)]
        for number, colour in enumerate(colours):
            quoted = '"' + colour.replace('"', '""') + '"'
            cells = {"colour": f"{quoted}", "amount": f'"{number}.5"'}
            lines.append(
                separator.join(["x", *(cells.get(name, "") for name in reversed(names)), '"a;b,c|d"'])
            )
            lines.append(" ")  # blank lines are no rows
        path = tmp_path / "rows.csv"
        text = end.join(["A title of the file", "", *lines])
        path.write_bytes((mark + (text.replace("two\nlines", f"two{end}lines"))).encode())
        raw = echoed(predict(folder, path))
        assert raw[:, names.index("amount")].tolist() == [0.5, 1.5, 2.5, 3.5]
        assert raw[:, names.index("colour")].tolist() == [1.0, 2.0, -1.0, 0.0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "there is no column 'amount' (the file is empty)"),
        ("AMOUNT,age\n1,2\n", "there is no column 'amount' (did you mean 'AMOUNT'?)"),
        (
            "{names}\n{row}\n1,2\n",
            "line 3: 2 fields where 13 were expected (an empty field still wants its separator)",
        ),
        (
            "{names}\n{row}\n{row},7\n",
            "line 3: 14 fields where 13 were expected (a field that holds the separator wants",
        ),
        ('{names}\n{row}\n"1{row}\n', "line 3: a quote is not closed (a quote inside quotes is doubled)"),
        ('{names}\n{row}\n"1"2{row}\n', "line 3: text follows a closing quote"),
        ("{names}\n{row}\n\0\n", "line 3: a zero byte: no text, or text in UTF-16 (save it as CSV in UTF-8)"),
    ],
)
def test_a_file_that_is_no_table_of_these_columns_is_refused(
    bundles: dict[str, Bundle], tmp_path: Path, text: str, said: str
) -> None:
    folder = echo_folder(bundles["multiclass"], tmp_path / "made")
    names = ",".join(bundles["multiclass"].schema.names)
    path = tmp_path / "rows.csv"
    path.write_text(text.format(names=names, row="," * 12), encoding="utf-8")
    done = predict(folder, path)
    assert done.returncode == 2 and said in done.stderr and done.stderr.count("\n") == 1
    assert done.stdout.count("\n") <= 2


def test_standard_input_row_names_trailing_separators_and_raw_numbers(
    bundles: dict[str, Bundle], tmp_path: Path
) -> None:
    folder = echo_folder(bundles["multiclass"], tmp_path / "made")
    names = ",".join(bundles["multiclass"].schema.names)
    row = ["7.5", *[""] * 11, "2000-01-01"]
    for begin, end in (("", ""), ("row 1,", ""), ("", ",")):
        raw = echoed(predict(folder, "-", text=f"{names}\n{begin}{','.join(row)}{end}\n"))
        assert raw.shape == (1, 13) and raw[0, 0] == 7.5 and np.isnan(raw[0, 1:-1]).all() and raw[0, -1] > 0
    raw = echoed(predict(folder, "-", "--raw", text=f"{names}\n{','.join(map(str, range(13)))}\n"))
    assert raw[0].tolist() == list(range(13))
    done = predict(folder, "-", "--raw", text=f"{names}\nred{',' * 12}\n")
    assert done.returncode == 2 and "column 'amount': 'red' is not a finite number" in done.stderr


def test_options_and_files_that_are_wrong_are_named(
    bundles: dict[str, Bundle], rows_file: Path, tmp_path: Path
) -> None:
    folder = echo_folder(bundles["multiclass"], tmp_path / "made")
    for words, said in (
        (["--batch", "0"], "--batch 0: a number from 1"),
        (["--separator", "ab"], "--separator ab: one sign is expected"),
        (["--colour"], "--colour: there is no such option"),
        (["--threads"], "--threads: its value is missing"),
        (["a", "b"], "4 files are named where 2 or 3 are expected"),
        (["--separator", ";"], "there is no column 'amount'"),
    ):
        done = predict(folder, rows_file, *words)
        assert (done.returncode, done.stdout) == (2, "") and said in done.stderr
    assert "there is no such file" in predict(folder, tmp_path / "none.csv").stderr
    assert predict(folder, rows_file, "--help").stdout.startswith("usage: predict")
    (folder / "schema.json").write_text('{"format": 1,\n"kind": "table",}')
    assert "schema.json: not valid JSON in line 2" in predict(folder, rows_file).stderr
    (folder / "schema.json").write_text('{"format": 2}')
    assert "its format is 2, and this program reads format 1" in predict(folder, rows_file).stderr
    (folder / "network.torchscript.pt").write_bytes(b"damaged")
    assert predict(folder, rows_file).returncode == 2


def test_the_first_rows_are_answered_before_the_file_ends(
    bundles: dict[str, Bundle], rows_file: Path, tmp_path: Path
) -> None:
    folder = echo_folder(bundles["multiclass"], tmp_path / "made")
    header, *rows = rows_file.read_text().splitlines()
    path = tmp_path / "long.csv"
    path.write_text("\n".join([header, *(rows * 200)]))
    whole, once = answers(predict(folder, path)), answers(predict(folder, rows_file))
    assert len(whole) == 200 * len(rows)
    assert whole[-len(once) :].equals(once)

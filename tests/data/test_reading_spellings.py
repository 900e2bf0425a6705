"""A file is read as one before it was written, where all its texts are written so."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from assay.core.errors import DataError
from assay.data.reading import ReadSettings, read, untyped
from assay.data.reading.notation import DATES, NUMBERS, TRUTHS, TYPED, WORDS
from assay.data.reading.settings import MISSING
from assay.data.reading.spelling import Spelling
from assay.data.schema import Schema


@pytest.fixture
def file(tmp_path: Path) -> Any:
    def write(text: str, name: str = "new.csv") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


_TRAINING = """amount;when;code;zip;price;open;note
1.234,5;31/12/2020;1.10;00501;€ 1.200,50;true;low
2.500;01/02/2021;b2;10115;€ 900;false;high
850;03/04/2021;c3;00777;€ 12.000;true;low
"""


def spelled(file: Any, text: str, **settings: Any) -> dict[str, Spelling]:
    path = file(text, "training.csv")
    rows = untyped(path, None, ReadSettings(**settings))
    return dict(rows.part(np.arange(rows.raw.frame.height)).spellings)


def test_what_the_training_file_showed_is_known(file: Any) -> None:
    assert spelled(file, _TRAINING) == {
        "amount": Spelling(NUMBERS, ",", "."),
        "when": Spelling(DATES, pattern="%d/%m/%Y"),
        "code": Spelling(WORDS),
        "zip": Spelling(WORDS),
        "price": Spelling(NUMBERS, ",", ".", "€"),
        "open": Spelling(TRUTHS),
        "note": Spelling(WORDS),
    }


@pytest.mark.parametrize(
    ("column", "text", "alone", "known"),
    [
        ("amount", "1.234", 1.234, 1234),
        ("when", "03/04/2020", date(2020, 3, 4), date(2020, 4, 3)),
        ("code", "1.10", 1.1, "1.10"),
        ("zip", "10115", 10115, "10115"),
        ("price", "€ 1.200", 1.2, 1200),
    ],
)
def test_a_few_rows_alone_would_be_read_otherwise(
    file: Any, column: str, text: str, alone: object, known: object
) -> None:
    spellings = spelled(file, _TRAINING)
    for separator in ";,":
        path = file(f"{column}{separator}other\n{text}{separator}x\n")
        assert read(path).frame[column].to_list() == [alone]
        assert read(path, spellings=spellings).frame[column].to_list() == [known]


def test_texts_that_are_written_otherwise_are_read_as_they_show(file: Any) -> None:
    spellings = spelled(file, _TRAINING)
    path = file("amount,when,price,open\n1234.5,2020-04-03,1200,yes\n1.25,2020-05-03,30,no\n")
    found = read(path, spellings=spellings).frame
    assert found["amount"].to_list() == [1234.5, 1.25]
    assert found["when"].to_list() == [date(2020, 4, 3), date(2020, 5, 3)]
    assert found["price"].to_list() == [1200, 30]
    assert found["open"].to_list() == ["yes", "no"]


def test_what_the_user_states_goes_first(file: Any) -> None:
    spellings = spelled(file, _TRAINING)
    path = file("amount;when\n1.234;03/04/2020\n")
    assert read(path, spellings=spellings, decimal=".").frame["amount"].to_list() == [1.234]
    assert read(path, spellings=spellings, day_first=False).frame["when"].to_list() == [date(2020, 3, 4)]
    assert read(path, spellings=spellings, day_first=False).frame["amount"].to_list() == [1234]


def test_words_for_missing_values_are_known(file: Any) -> None:
    spellings = spelled(file, "a,b\n1,x\n-999,y\nunknown,x\n", missing=("unknown", "-999"))
    assert spellings["a"] == Spelling(NUMBERS, missing=("unknown", "-999"))
    path = file("a,b\nunknown,x\n5,-999\n-999,y\n")
    assert read(path, spellings=spellings).frame.rows() == [(None, "x"), (5, None), (None, "y")]
    stated = read(path, spellings=spellings, missing=("unknown",))
    assert stated.frame["a"].to_list() == [None, 5, -999]


def test_a_source_with_types_passes_its_missing_values_on(file: Any, tmp_path: Path) -> None:
    pl.DataFrame({"a": [1.5, -999.0], "b": ["x", "y"]}).write_parquet(tmp_path / "training.parquet")
    rows = untyped(tmp_path / "training.parquet", None, ReadSettings(missing=("-999",)))
    spellings = rows.part(np.arange(2)).spellings
    assert spellings["a"] == Spelling(TYPED, missing=("-999",))
    assert read(file("a,b\n-999,x\n2.5,y\n"), spellings=spellings).frame["a"].to_list() == [None, 2.5]


def test_plain_numbers_and_empty_columns(file: Any) -> None:
    spellings = spelled(file, "a,b,c\n1,1.5,2020-01-01 10:00\n2,-3e2,2020-01-02 11:30\n")
    found = read(file("a,b,c\n3,7,2021-05-06 07:08\n,,\n"), spellings=spellings).frame
    assert found.rows() == [(3, 7, datetime(2021, 5, 6, 7, 8)), (None, None, None)]
    assert read(file("a,b,c,d\n,,,x\n"), spellings=spellings).frame.null_count().row(0) == (1, 1, 1, 0)
    assert read(file("a,b,c\n05,1.5,x\n"), spellings={"a": spellings["a"]}).frame["a"].to_list() == [5]
    with pytest.raises(DataError, match="column 'b' holds an infinite number in row 1"):
        read(file("a,b,c\n5,1e400,x\n"), spellings={"b": spellings["b"]})


def test_a_table_that_is_read_again_keeps_its_spellings(file: Any) -> None:
    table = read(file(_TRAINING, "training.csv"))
    again = untyped(table, "note", ReadSettings()).part(np.arange(3))
    assert again.spellings == table.spellings
    assert again.take([1]).spellings["when"] == Spelling(DATES, pattern="%d/%m/%Y")


def test_the_schema_keeps_them_and_older_schemas_have_none(file: Any) -> None:
    schema = Schema.of(read(file(_TRAINING, "training.csv"), target="note", kinds={"code": "qualitative"}))
    plain = schema.to_json()
    assert Schema.from_json(plain) == schema
    assert schema.spellings["amount"] == Spelling(NUMBERS, ",", ".")
    assert next(column for column in plain if column["name"] == "amount")["spelling"] == {
        "what": "numbers",
        "decimal": ",",
        "mark": ".",
    }
    for column in plain:
        del column["spelling"]
    assert Schema.from_json(plain).spellings == {}


@pytest.mark.parametrize(
    "spelling", [Spelling(), Spelling(NUMBERS, ",", ".", "€", missing=("x",)), Spelling(DATES, pattern="%Y")]
)
def test_a_spelling_comes_back(spelling: Spelling) -> None:
    assert Spelling.from_json(spelling.to_json()) == spelling
    assert Spelling().to_json() == {}
    assert Spelling().missing == MISSING


def test_levels_that_another_file_writes_as_numbers_are_found(file: Any) -> None:
    schema = Schema.of(read(file("c,y\n1,a\n2,b\n" + 5 * "3+,a\n", "training.csv"), target="y"))
    for text in ("c,z\n1,x\n2,x\n", "c,z\n1.0,x\n2.0,x\n"):
        table = read(file(text), columns=["c"], spellings=schema.spellings)
        assert schema.encode(table)[:, 0].tolist() == [0.0, 1.0]
    assert schema.encode([["2.0"], ["3+"], ["2.5"], [2.0]])[:, 0].tolist() == [1.0, 2.0, -1.0, 1.0]

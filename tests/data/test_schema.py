import datetime as dt
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from every_kind import COLUMNS, NAMES, every_kind
from hypothesis import given
from hypothesis import strategies as st

from assay.core.errors import DataError
from assay.data.column import Column, Kind
from assay.data.reading import ReadSettings, read
from assay.data.schema import Schema
from assay.data.table import Table

TABLE = every_kind()
SCHEMA = Schema.of(TABLE)
ROW: dict[str, Any] = dict(zip(TABLE.frame.columns, TABLE.frame.row(0), strict=True))


def encode_one(name: str, value: Any) -> float:
    return float(SCHEMA.encode([ROW | {name: value}])[0, NAMES.index(name)])


def test_the_columns_are_the_features_in_file_order() -> None:
    assert list(SCHEMA.names) == NAMES
    assert "id" not in SCHEMA.names
    assert "y" not in SCHEMA.names


def test_the_schema_says_what_training_had() -> None:
    columns = dict(zip(SCHEMA.names, SCHEMA.columns, strict=True))
    assert columns["age"].dtype == "integer"
    assert (columns["age"].low, columns["age"].high) == (18, 89)
    assert not columns["age"].missing
    assert columns["amount"].missing
    assert columns["colour"].levels == ("blue", "green", "red")
    assert columns["colour"].codes == (0, 1, 2)
    assert columns["band"].levels == ("1 to 9", "10 to 19", "20 and more")
    assert columns["code"].codes == (-2, -1, 0, 0.5, 7)
    assert columns["when"].low == dt.datetime(2014, 3, 1, 0, 0, 7, tzinfo=dt.UTC).timestamp()


def test_json_round_trip_is_exact() -> None:
    assert Schema.from_json(json.loads(json.dumps(SCHEMA.to_json()))) == SCHEMA


def test_all_sources_give_the_same_matrix() -> None:
    expected = SCHEMA.encode(TABLE)
    features = TABLE.frame.select(NAMES)
    pandas = pd.DataFrame({name: features[name].to_list() for name in NAMES})
    for source in (
        TABLE.frame,
        features,
        features.rows(),
        features.to_dicts(),
        TABLE.frame.to_dicts(),
        pandas,
    ):
        np.testing.assert_array_equal(SCHEMA.encode(source), expected)
    assert expected.dtype == np.float64


def test_a_numpy_matrix_is_rows_in_column_order() -> None:
    frame = pl.DataFrame({"a": [1.0, 2.0], "b": [3, 4]})
    schema = Schema.of(Table(frame, (Column("a", Kind.QUANTITATIVE), Column("b", Kind.QUANTITATIVE))))
    np.testing.assert_array_equal(schema.encode(np.array([[1, 2], [np.nan, 4]])), [[1, 2], [np.nan, 4]])


def test_no_rows_give_an_empty_matrix() -> None:
    assert SCHEMA.encode([]).shape == (0, len(NAMES))
    assert SCHEMA.encode(TABLE.frame.head(0)).shape == (0, len(NAMES))


@pytest.mark.parametrize(
    ("name", "value", "number"),
    [
        ("age", "12.5", 12.5),
        ("age", " 1e3 ", 1000),
        ("age", True, 1),
        ("age", np.int64(7), 7),
        ("age", None, np.nan),
        ("age", "", np.nan),
        ("age", "N/A", np.nan),
        ("age", float("nan"), np.nan),
        ("age", pd.NA, np.nan),
        ("sex", "2", 2),
        ("sex", 9, 9),
        ("code", 0.5, 0.5),
        ("colour", "green", 1),
        ("colour", " green ", 1),
        ("colour", "violet", -1),
        ("colour", None, np.nan),
        ("colour", " ", np.nan),
        ("colour", 3, -1),
        ("band", "10 to 19", 1),
        ("member", "Yes", 1),
        ("member", "F", 0),
        ("member", 1, 1),
        ("member", np.bool_(False), 0),
        ("member", "off", 0),
        ("member", "", np.nan),
        ("flag", "yes", 1),
        ("flag", False, 0),
        ("flag", 3, 3),
        ("when", "1970-01-02", 86_400),
        ("when", "1970-01-01 00:01", 60),
        ("when", "1970-01-01T01:00:00+01:00", 0),
        ("when", "2.1.1970", 86_400),
        ("when", dt.date(1970, 1, 2), 86_400),
        ("when", dt.datetime(1970, 1, 1, 0, 1, 0, 500_000), 60.5),
        ("when", dt.datetime(1970, 1, 1, 2, tzinfo=dt.timezone(dt.timedelta(hours=2))), 0),
        ("when", pd.Timestamp("1970-01-02"), 86_400),
        ("when", np.datetime64("1970-01-02"), 86_400),
        ("when", np.datetime64("NaT"), np.nan),
        ("when", pd.NaT, np.nan),
        ("born", "1900-01-01", -2_208_988_800),
    ],
)
def test_a_value_is_read_as_people_write_it(name: str, value: Any, number: float) -> None:
    np.testing.assert_equal(encode_one(name, value), number)


def test_what_the_reader_takes_as_missing_is_missing() -> None:
    for text in ReadSettings().missing:
        assert np.isnan([encode_one(name, text) for name in ("age", "colour", "member", "when")]).all()


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("age", "abc", "row 1, column 'age': 'abc' is not a number"),
        ("age", "12,5", "'12,5' is not a number"),
        ("age", "1_000", "'1_000' is not a number"),
        ("age", [1], "[1] is not a number"),
        ("age", dt.date(2020, 1, 1), "is not a number"),
        ("age", float("inf"), "inf is not a finite number"),
        ("age", "1e999", "'1e999' is not a finite number"),
        ("age", 10**400, "is not a finite number"),
        ("member", "maybe", "row 1, column 'member': 'maybe' is neither yes nor no"),
        ("member", 2, "2 is neither yes nor no"),
        ("when", "yesterday", "row 1, column 'when': 'yesterday' is not a date such as 2016-01-31"),
        ("when", 20160131, "20160131 is not a date"),
        ("born", "2016-02-30", "'2016-02-30' is not a date"),
    ],
)
def test_a_value_that_cannot_be_read_is_named_with_row_and_column(
    name: str, value: Any, message: str
) -> None:
    with pytest.raises(DataError) as caught:
        encode_one(name, value)
    assert message in str(caught.value)


def test_a_wrong_text_in_a_frame_is_found_in_its_row() -> None:
    texts = ["1", "2", "abc", "4", "abc"]
    frame = TABLE.frame.head(5).with_columns(age=pl.Series(texts))
    with pytest.raises(DataError, match="row 3, column 'age': 'abc' is not a number"):
        SCHEMA.encode(frame)
    good = frame.with_columns(age=pl.Series(["1", None, "3.5", "", "1"]))
    np.testing.assert_array_equal(SCHEMA.encode(good)[:, 1], [1, np.nan, 3.5, np.nan, 1])


def test_an_infinite_number_in_a_frame_is_found_in_its_row() -> None:
    frame = TABLE.frame.head(3).with_columns(age=pl.Series([1.0, 2.0, float("-inf")]))
    with pytest.raises(DataError, match="row 3, column 'age': -inf is not a finite number"):
        SCHEMA.encode(frame)


def test_an_unusual_column_type_is_read_value_by_value() -> None:
    frame = TABLE.frame.head(2)
    numbers_as_text = frame.with_columns(colour=pl.Series([1, 2]), sex=pl.Series(["1", "2"]))
    encoded = SCHEMA.encode(numbers_as_text)
    assert encoded[:, NAMES.index("colour")].tolist() == [-1, -1]
    assert encoded[:, NAMES.index("sex")].tolist() == [1, 2]
    mixed = pd.DataFrame(frame.to_dicts()).astype({"age": object})
    mixed.loc[1, "age"] = "44"
    assert SCHEMA.encode(mixed)[1, NAMES.index("age")] == 44


def test_texts_that_another_file_shows_as_booleans_or_numbers_are_known() -> None:
    frame = pl.DataFrame({"x": ["yes", "no", "maybe", "7"]})
    schema = Schema.of(Table(frame, (Column("x", Kind.QUALITATIVE),)))
    assert schema.columns[0].levels == ("7", "maybe", "no", "yes")
    assert schema.encode([[True], [False], [7], [7.0], [7.5]])[:, 0].tolist() == [3, 2, 0, 0, -1]
    assert schema.encode(pl.DataFrame({"x": [True, False, None]}))[:2, 0].tolist() == [3, 2]


def test_a_date_with_a_time_zone_counts_in_utc() -> None:
    moment = dt.datetime(2016, 6, 1, 12)
    zoned = pl.Series([moment]).dt.replace_time_zone("Europe/Brussels")
    encoded = SCHEMA.encode(TABLE.frame.head(1).with_columns(when=zoned))
    assert encoded[0, NAMES.index("when")] == dt.datetime(2016, 6, 1, 10, tzinfo=dt.UTC).timestamp()


def test_a_missing_column_is_named_with_the_closest() -> None:
    with pytest.raises(DataError, match=r"no column 'age' \(did you mean 'Age'\?\)"):
        SCHEMA.encode(TABLE.frame.rename({"age": "Age"}))
    with pytest.raises(DataError, match=r"row 2: there is no column 'age' \(did you mean 'AGE'\?\)"):
        SCHEMA.encode([ROW, {("AGE" if name == "age" else name): value for name, value in ROW.items()}])


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([[1, 2, 3]], "row 1: 3 values where 14 were expected"),
        ([ROW, 7], "row 2: 7 is not a row"),
        ([ROW, "text"], "row 2: 'text' is not a row"),
        (ROW, "a dict is not a table"),
        ("text", "a str is not a table"),
        (5, "a int is not a table"),
    ],
)
def test_what_is_not_a_list_of_rows_is_refused(rows: Any, message: str) -> None:
    with pytest.raises(DataError) as caught:
        SCHEMA.encode(rows)
    assert message in str(caught.value)


def test_a_table_without_features_is_refused() -> None:
    with pytest.raises(DataError, match="no column is left to learn from"):
        Schema.of(Table(pl.DataFrame({"id": [1]}), (Column("id", Kind.IDENTIFIER),)))


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["a"], Kind.QUANTITATIVE),
        (["a"], Kind.DATE),
        ([dt.date(2020, 1, 1)], Kind.QUALITATIVE),
        ([1], Kind.DATE),
    ],
)
def test_values_that_cannot_have_the_kind_are_refused(values: list[Any], kind: Kind) -> None:
    with pytest.raises(DataError, match=f"column 'x': the values .* cannot be {kind}"):
        Schema.of(Table(pl.DataFrame({"x": values}), (Column("x", kind),)))


def test_text_steps_without_a_known_order_are_refused() -> None:
    with pytest.raises(DataError, match="column 'x': the order of the level 'high' is not known"):
        Schema.of(Table(pl.DataFrame({"x": ["low", "high"]}), (Column("x", Kind.ORDINAL),)))


@dataclass(frozen=True)
class ColumnWithLevels(Column):
    levels: tuple[str, ...] = ()


def test_text_steps_are_numbered_in_the_order_that_the_user_gave() -> None:
    column = ColumnWithLevels("x", Kind.ORDINAL, levels=("low", "middle", "high"))
    schema = Schema.of(Table(pl.DataFrame({"x": ["high", "low", None]}), (column,)))
    np.testing.assert_array_equal(
        schema.encode([["low"], ["middle"], ["high"], [None], ["top"]])[:, 0], [0, 1, 2, np.nan, -1]
    )
    with pytest.raises(DataError, match="the order of the level 'top' is not known"):
        Schema.of(Table(pl.DataFrame({"x": ["high", "top"]}), (column,)))


def test_words_for_no_and_yes_are_read_in_any_spelling() -> None:
    table = Table(pl.DataFrame({"x": ["Yes", "no", None]}), (Column("x", Kind.BOOLEAN),))
    schema = Schema.of(table)
    assert schema.columns[0].levels == ("no", "Yes")
    np.testing.assert_array_equal(
        schema.encode([["Yes"], ["no"], [True], ["f"], [""], ["perhaps"]])[:, 0], [1, 0, 1, 0, np.nan, -1]
    )


def test_warnings_name_what_training_did_not_have() -> None:
    odd = ROW | {"age": 250, "sex": 9, "colour": "violet", "when": "2030-01-01", "flag": None}
    usual, found = SCHEMA.warnings(SCHEMA.encode([ROW, odd]))
    assert usual == []
    assert found == [
        "column 'age': 250 is outside the training range, 18 to 89",
        "column 'sex': 9 was not seen in training",
        "column 'colour': the text was not seen in training",
        "column 'flag': missing, and no training row was",
        "column 'when': 2030-01-01 00:00:00 is outside the training range, "
        "2014-03-01 00:00:07 to 2015-07-29 09:00:07",
    ]


def test_a_missing_value_is_no_warning_where_training_had_some() -> None:
    assert SCHEMA.warnings(SCHEMA.encode([ROW | {"amount": None, "town": None}])) == [[]]


def test_one_row_is_encoded_in_less_than_a_millisecond() -> None:
    SCHEMA.encode([ROW])
    best = min(_seconds_of_one_row() for _ in range(20))
    assert best < 1e-3


def _seconds_of_one_row() -> float:
    start = time.perf_counter()
    SCHEMA.encode([ROW])
    return time.perf_counter() - start


_TEXT = (
    st.none() | st.sampled_from(["red", "green", "blue", " blue ", "", "NA", "violet"]) | st.text(max_size=3)
)
_DATES = st.none() | st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2200, 1, 1))
_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "amount": st.none() | st.floats(allow_infinity=False, allow_nan=False),
    "age": st.none() | st.integers(-(2**60), 2**60),
    "rate": st.none() | st.floats(-10, 10),
    "grade": st.none() | st.integers(0, 9),
    "band": st.none() | st.sampled_from(["1 to 9", "20 and more", "more"]),
    "sex": st.none() | st.integers(0, 3),
    "colour": _TEXT,
    "code": st.none() | st.sampled_from([-2.0, 0.5, 3.25]),
    "town": _TEXT,
    "zip": st.none() | st.integers(900, 1100),
    "member": st.none() | st.booleans(),
    "flag": st.none() | st.integers(0, 1),
    "when": _DATES,
    "born": st.none() | st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31)),
}


@given(st.lists(st.fixed_dictionaries(_VALUES), max_size=8))
def test_a_frame_and_its_rows_are_encoded_alike(rows: list[dict[str, Any]]) -> None:
    assert list(_VALUES) == NAMES == [column.name for column in COLUMNS if column.is_feature]
    dtypes = {name: TABLE.frame.schema[name] for name in NAMES}
    frame = pl.DataFrame(rows, schema=dtypes)
    expected = SCHEMA.encode(frame)
    np.testing.assert_array_equal(SCHEMA.encode(rows), expected)
    np.testing.assert_array_equal(SCHEMA.encode([[row[name] for name in NAMES] for row in rows]), expected)


def test_whole_numbers_that_were_stated_to_be_dates() -> None:
    table = read({"day": [20200131, 20200201], "y": [0, 1]}, target="y", kinds={"day": "date"})
    schema = Schema.of(table)
    raw = schema.encode(pl.DataFrame({"day": [20200131]}))
    assert raw[0, 0] == dt.datetime(2020, 1, 31, tzinfo=dt.UTC).timestamp()


_EUROPEAN = "preis;anteil;tag;stufe;farbe\n" + "".join(
    f"1.{n:03d},50;{n},5 %;{n % 28 + 1:02d}.02.2020;{n % 9 or 'k.A.'};{'rot' if n % 2 else 'blau'}\n"
    for n in range(1, 60)
)


@pytest.fixture
def european(tmp_path: Path) -> Schema:
    """Of a file with decimal commas, points between thousands, per cent signs, and words of its own."""
    path = tmp_path / "daten.csv"
    path.write_text(_EUROPEAN, encoding="utf-8")
    return Schema.of(read(path, missing=("k.A.", "-999")))


def test_rows_are_read_in_the_spelling_of_the_training_file(european: Schema) -> None:
    seconds = dt.datetime(2020, 3, 4, tzinfo=dt.UTC).timestamp()
    row = ["1.234,56", " 7,5 %", "04.03.2020", "k.A.", "rot"]
    expected = np.array([[1234.56, 7.5, seconds, np.nan, 1]])
    for source in (
        [row],
        [dict(zip(european.names, row, strict=True))],
        pl.DataFrame([row], schema=list(european.names), orient="row"),
        pd.DataFrame([row], columns=list(european.names)),
    ):
        np.testing.assert_array_equal(european.encode(source), expected)


def test_values_that_are_no_texts_of_the_file_are_read_as_ever(european: Schema) -> None:
    row = [1234.56, "7.5", dt.date(2020, 3, 4), 3, "rot"]
    np.testing.assert_array_equal(european.encode([row])[0, :2], [1234.56, 7.5])
    with pytest.raises(DataError, match="'teuer' is not a number") as error:
        european.encode([["1,0", "1,0 %", "04.03.2020", 3, "rot"], ["teuer", *row[1:]]])
    assert error.value.where == "row 2, column 'preis'"


def test_a_number_that_stood_for_a_missing_value_still_does(european: Schema) -> None:
    rows = [[-999, "-999", "04.03.2020", -999.0, "rot"]]
    sources = rows, pl.DataFrame(rows, schema=list(european.names), orient="row")
    for source in (*sources, pd.DataFrame(rows, columns=list(european.names))):
        assert np.isnan(european.encode(source)[0, [0, 1, 3]]).all()


def test_whole_numbers_that_were_dates_are_dates_in_rows_too(tmp_path: Path) -> None:
    path = tmp_path / "days.csv"
    path.write_text("day,y\n" + "".join(f"202001{n:02d},{n}.5\n" for n in range(1, 31)))
    schema = Schema.of(read(path, target="y", kinds={"day": "date"}))
    seconds = dt.datetime(2020, 1, 31, tzinfo=dt.UTC).timestamp()
    assert schema.encode([[20200131], ["20200131"], ["2020-01-31"]])[:, 0].tolist() == [seconds] * 3
    with pytest.raises(DataError, match="20209999 is not a date"):
        schema.encode([[20209999]])

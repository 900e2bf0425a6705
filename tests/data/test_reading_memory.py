"""pandas, polars, NumPy and dictionaries give the same table as a file."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from assay.core.errors import RecipeError
from assay.data.column import Kind, Role
from assay.data.reading import read
from assay.data.table import Table

DATA: dict[str, list[Any]] = {"a": [1, 2, None], "b": [1.5, None, 2.5], "c": ["x", None, "y"]}


def columns(table: Table) -> dict[str, list[Any]]:
    return table.frame.to_dict(as_series=False)


@pytest.mark.parametrize(
    "source",
    [
        DATA,
        pl.DataFrame(DATA),
        pl.LazyFrame(DATA),
        pd.DataFrame(DATA),
        pd.DataFrame(DATA).convert_dtypes(),
        pd.DataFrame(DATA).astype(object),
        pd.DataFrame(DATA).astype({"c": "category"}),
        pd.DataFrame(DATA, index=["p", "q", "r"]),
        {name: np.array(values, dtype=object) for name, values in DATA.items()},
        {"a": pl.Series(DATA["a"]), "b": pd.Series(DATA["b"]), "c": tuple(DATA["c"])},
        pl.DataFrame(DATA).with_columns(pl.col("c").cast(pl.Categorical), pl.col("b").cast(pl.Float32)),
    ],
)
def test_the_same_table_from_every_object(source: Any) -> None:
    assert columns(read(source)) == DATA


def test_numpy_arrays() -> None:
    table = read(np.array([[1.0, np.nan], [2.0, 5.0]]), target=1 - 1, task="regression")
    assert columns(table) == {"x0": [1.0, 2.0], "x1": [None, 5.0]}
    assert table.target is not None and table.target.name == "x0"
    records = np.array([(1, "u", 0.5), (2, "v", 1.5)], dtype=[("n", "i4"), ("s", "U3"), ("f", "f4")])
    assert columns(read(records)) == {"n": [1, 2], "s": ["u", "v"], "f": [0.5, 1.5]}
    assert columns(read(np.array([["1", "u"], ["2", "?"]]))) == {"x0": [1, 2], "x1": ["u", None]}
    masked = np.ma.array([[1.0, 2.0], [3.0, 4.0]], mask=[[False, True], [False, False]])
    assert columns(read(masked)) == {"x0": [1.0, 3.0], "x1": [None, 4.0]}
    days = {"day": np.array(["2024-01-31", "NaT"], dtype="datetime64[D]")}
    assert columns(read(days))["day"][1] is None


def test_names_that_are_no_text_become_text() -> None:
    assert read(pd.DataFrame([[1, 2], [3, 4]])).frame.columns == ["0", "1"]
    assert read({1: [1, 2], "b": [3, 4]}).frame.columns == ["1", "b"]


def test_types_are_few_after_reading() -> None:
    moment = datetime(2024, 1, 31, 12, tzinfo=UTC)
    frame = pl.DataFrame(
        {
            "dec": pl.Series([Decimal("1.5"), None]),
            "cat": pl.Series(["u", "v"], dtype=pl.Enum(["u", "v"])),
            "zone": pl.Series([moment, moment]),
            "ms": pl.Series([datetime(2024, 1, 31), None], dtype=pl.Datetime("ms")),
            "day": [date(2024, 1, 31), None],
            "big": pl.Series([2**70, 1], dtype=pl.Int128),
            "small": pl.Series([1, 2], dtype=pl.UInt8),
            "none": pl.Series([None, None], dtype=pl.Null),
            "flag": [True, None],
            "text day": ["2024-01-31", "?"],
        }
    )
    schema = read(frame).frame.schema
    assert schema == {
        "dec": pl.Float64,
        "cat": pl.String,
        "zone": pl.Datetime("us"),
        "ms": pl.Datetime("us"),
        "day": pl.Date,
        "big": pl.Float64,
        "small": pl.UInt8,
        "none": pl.Float64,
        "flag": pl.Boolean,
        "text day": pl.Date,
    }


def test_a_column_that_cannot_be_read_may_be_ignored() -> None:
    table = read({"a": [1, 2], "list": [[1], [2]]}, ignore=["list"])
    assert table.frame.columns == ["a"]
    assert "column 'list' is ignored, and left out since it holds List" in table.notes[0]


def test_the_source_is_left_as_it_was() -> None:
    frame = pd.DataFrame({"a": [1.0, None], "b": ["x", "?"]})
    before = frame.copy()
    read(frame)
    pd.testing.assert_frame_equal(frame, before)


class TestATableGetsNewRoles:
    table = read(
        {
            "id": range(40),
            "sex": [1, 2] * 20,
            "n": [0, 1, 2, 3] * 10,
            "y": [0, 1] * 20,
            "t": range(40, 0, -1),
        },
        target="y",
        kinds={"sex": "quantitative"},
        ignore=["id"],
        time="t",
    )

    def test_what_was_said_holds(self) -> None:
        again = read(self.table)
        assert again.columns == self.table.columns
        assert (again.task, again.name) == (self.table.task, self.table.name)

    def test_a_new_target(self) -> None:
        again = read(self.table, target="n")
        assert again.column("n").role is Role.TARGET
        assert again.column("y").role is Role.FEATURE
        assert again.task == "multiclass"
        assert again.column("sex").kind is Kind.QUANTITATIVE

    def test_new_kinds_lie_over_the_old(self) -> None:
        again = read(self.table, kinds={"n": "qualitative"}, ignore=[])
        assert again.column("n").kind is Kind.QUALITATIVE
        assert again.column("sex").kind is Kind.QUANTITATIVE
        assert again.column("id").role is Role.FEATURE

    def test_a_stated_task_stays_with_its_target(self) -> None:
        stated = read(self.table, target="n", task="regression")
        assert read(stated).task == "regression"
        assert read(stated, target="y").task == "binary"

    def test_contradictions_are_refused(self) -> None:
        with pytest.raises(RecipeError, match="'t' cannot be both target and time"):
            read(self.table, target="t")

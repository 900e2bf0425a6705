"""What columns are said to be, why, and what the target asks for."""

import time
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.core.errors import DataError
from assay.core.task import Task
from assay.data.column import Kind, Role
from assay.data.kinds import KindSettings, infer_columns, infer_task, settle_kinds
from assay.data.reading import ReadSettings, read

RNG = np.random.default_rng(7)
N = 200


def pick(*values: Any) -> list[Any]:
    return [values[index] for index in RNG.integers(0, len(values), N)]


WORDS = [f"the {n} quick brown foxes jump over it" for n in range(N)]
COLUMNS: dict[str, tuple[str, list[Any], Kind, bool]] = {
    "two codes": ("SEX", pick(1, 2), Kind.QUALITATIVE, True),
    "two codes under any name": ("v", pick(3, 7), Kind.QUALITATIVE, True),
    "codes by name": ("MARRIAGE", pick(0, 1, 2, 3), Kind.QUALITATIVE, True),
    "codes by a part of the name": ("region_code", pick(*range(1, 26)), Kind.QUALITATIVE, True),
    "a scale by name": ("education_level", pick(1, 2, 3, 4, 5), Kind.ORDINAL, False),
    "answers": ("X1", pick(1, 2, 3, 4, 5), Kind.ORDINAL, False),
    "answers, one never given": ("X1", pick(1, 3, 4, 5), Kind.ORDINAL, False),
    "small whole numbers": ("PAY_0", pick(*range(-2, 9)), Kind.ORDINAL, True),
    "counts": ("children", pick(0, 1, 2, 3, 4), Kind.ORDINAL, True),
    "whole numbers far apart": ("lights", pick(0, 10, 20, 30, 40), Kind.QUANTITATIVE, False),
    "many whole numbers": ("AGE", pick(*range(20, 80)), Kind.QUANTITATIVE, False),
    "whole numbers as floats": ("v", pick(1.0, 2.0), Kind.QUALITATIVE, True),
    "fractions": ("v", pick(0.5, 1.5), Kind.QUANTITATIVE, False),
    "0 and 1": ("v", pick(0, 1), Kind.BOOLEAN, False),
    "true and false": ("v", pick(True, False), Kind.BOOLEAN, False),
    "yes and no": ("v", pick("yes", "No"), Kind.BOOLEAN, False),
    "a counter": ("v", list(range(N)), Kind.IDENTIFIER, False),
    "a shuffled row number under its name": ("ID", RNG.permutation(N).tolist(), Kind.IDENTIFIER, False),
    "a shuffled rank": ("rank", RNG.permutation(N).tolist(), Kind.QUANTITATIVE, False),
    "years in order": ("year", list(range(1800, 1800 + N)), Kind.QUANTITATIVE, False),
    "persons that come again": ("customer_id", pick(*range(1000, 1060)), Kind.QUALITATIVE, True),
    "postal codes": ("zip", pick(*range(10_000, 10_090)), Kind.QUALITATIVE, True),
    "distinct texts": ("v", [f"n{n}" for n in range(N)], Kind.IDENTIFIER, False),
    "sentences": ("v", WORDS, Kind.TEXT, False),
    "a few texts": ("v", pick("red", "green"), Kind.QUALITATIVE, False),
    "texts that come again": ("v", pick(*(f"n{n}" for n in range(90))), Kind.QUALITATIVE, False),
    "one number": ("v", [3] * N, Kind.CONSTANT, False),
    "one fraction": ("v", [0.25] * N, Kind.CONSTANT, False),
    "one text": ("v", ["x"] * N, Kind.CONSTANT, False),
    "nothing": ("v", [None] * N, Kind.CONSTANT, False),
    "one value or none": ("v", pick(1, None), Kind.CONSTANT, False),
    "dates": ("v", pick(date(2024, 1, 31), date(2024, 2, 1)), Kind.DATE, False),
    "one date": ("v", [date(2024, 1, 31)] * N, Kind.CONSTANT, False),
}


@pytest.mark.parametrize("case", COLUMNS)
def test_kinds(case: str) -> None:
    name, values, kind, likely_codes = COLUMNS[case]
    (column,) = read({name: values}).columns
    assert (column.kind, column.likely_codes) == (kind, likely_codes), column.why
    assert column.why


def test_a_small_table_is_not_taken_for_codes() -> None:
    assert read({"v": [1, 2, 3, 4, 5]}).columns[0].kind is Kind.QUANTITATIVE


def test_missing_values_do_not_change_a_kind() -> None:
    values = [None if n % 7 == 0 else value for n, value in enumerate(pick(1, 2))]
    assert read({"SEX": values}).columns[0].kind is Kind.QUALITATIVE


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in {Kind.DATE, Kind.CONSTANT}])
def test_the_user_has_the_last_word(kind: Kind) -> None:
    (column, _) = read({"v": [0, 1] * 50, "w": range(100)}, kinds={"v": kind}).columns
    assert (column.kind, column.why, column.likely_codes) == (kind, "as you stated", False)


def test_a_constant_may_be_stated_for_one_value() -> None:
    assert read({"v": [0.5, None] * 30}, kinds={"v": "constant"}).columns[0].kind is Kind.CONSTANT


def test_a_boolean_may_be_stated_for_whole_floats() -> None:
    assert read({"v": [0.0, 1.0, None] * 30}, kinds={"v": "boolean"}).columns[0].kind is Kind.BOOLEAN


def test_three_thousand_columns_take_no_longer_each_than_a_few() -> None:
    rng = np.random.default_rng(0)
    seconds = {}
    for width in (300, 3000):
        frame = pl.DataFrame(rng.normal(size=(50, width)).tolist(), orient="row")
        start = time.process_time()
        assert len(infer_columns(frame, None, KindSettings())) == width
        seconds[width] = time.process_time() - start
    assert seconds[3000] < 30 * seconds[300] + 0.5  # a hundred times as long, were it quadratic


def test_levels_make_text_ordinal() -> None:
    table = read({"v": ["low", "high"] * 30}, levels={"v": ("low", "high")})
    assert table.columns[0].kind is Kind.ORDINAL
    numbers = read({"v": ["1", "2"] * 30}, levels={"v": ("2", "1")})
    assert numbers.frame["v"].dtype == pl.String
    assert read(numbers).columns[0].levels == ("2", "1")


def test_a_boolean_may_be_stated_for_yes_and_no() -> None:
    assert read({"v": ["Y", "n"] * 30}, kinds={"v": "boolean"}).columns[0].kind is Kind.BOOLEAN
    with pytest.raises(DataError, match="boolean and holds 'u'"):
        read({"v": ["u", "v"] * 30}, kinds={"v": "boolean"})


def test_roles() -> None:
    data = {name: list(range(60)) for name in ("i", "t", "g", "x")} | {"y": [0, 1] * 30}
    table = read(data, target="y", ignore=["i"], time="t", group="g")
    roles = {column.name: column.role for column in table.columns}
    assert roles == {
        "i": Role.IGNORED, "t": Role.TIME, "g": Role.GROUP, "x": Role.FEATURE, "y": Role.TARGET,
    }  # fmt: skip


def test_dates_in_order_are_said_and_stay_features() -> None:
    days = [date(2024, 1, 1 + n) for n in range(30)]
    assert "the rows are in time order" in read({"d": days}).columns[0].why
    assert "order" not in read({"d": days[::-1]}).columns[0].why
    assert read({"d": days}).columns[0].role is Role.FEATURE


TARGETS: dict[str, tuple[list[Any], Task]] = {
    "0 and 1": ([0, 1] * 50, Task.BINARY),
    "two floats": ([0.0, 1.0] * 50, Task.BINARY),
    "two texts": (["no", "yes"] * 50, Task.BINARY),
    "true and false": ([True, False] * 50, Task.BINARY),
    "three texts": (["a", "b", "c"] * 50, Task.MULTICLASS),
    "digits": (list(range(10)) * 10, Task.MULTICLASS),
    "grades": (list(range(3, 10)) * 10, Task.MULTICLASS),
    "grades as floats": ([float(n) for n in range(3, 10)] * 10, Task.MULTICLASS),
    "few rows a number": (list(range(10)) * 2, Task.REGRESSION),
    "steps of ten": (list(range(0, 100, 10)) * 20, Task.REGRESSION),
    "years": (list(range(1922, 2012)) * 20, Task.REGRESSION),
    "half stars": ([n / 2 for n in range(1, 11)] * 20, Task.REGRESSION),
    "fractions": (np.linspace(0, 1, 100).tolist(), Task.REGRESSION),
    "with gaps": ([0, 1, None] * 50, Task.BINARY),
}


@pytest.mark.parametrize("case", TARGETS)
def test_tasks(case: str) -> None:
    values, task = TARGETS[case]
    table = read({"x": range(len(values)), "y": values}, target="y")
    assert table.task is task
    assert table.target is not None and str(task) in table.target.why


def test_a_stated_task_is_taken_or_refused() -> None:
    grades = pl.Series("y", list(range(3, 10)) * 10)
    assert infer_task(grades, Task.REGRESSION) is Task.REGRESSION
    assert infer_task(pl.Series("y", ["a", "b"] * 9), Task.MULTICLASS) is Task.MULTICLASS
    with pytest.raises(DataError, match="a binary task wants two"):
        infer_task(grades, Task.BINARY)


def test_the_reason_names_the_way_out() -> None:
    table = read({"x": range(70), "y": list(range(3, 10)) * 10}, target="y")
    assert table.target is not None and "set task = regression" in table.target.why


class TestSettle:
    """The training rows alone decide."""

    table = read(
        {
            "half": [1, 1] * 30 + [1, 2] * 30,
            "stated": [1, 1] * 30 + [1, 2] * 30,
            "x": np.linspace(0.5, 9, 120),
            "y": [0, 1] * 30 + [0, 2] * 30,
        },
        target="y", kinds={"stated": "qualitative"},
    )  # fmt: skip
    settings = ReadSettings(kinds={"stated": Kind.QUALITATIVE})

    def test_other_rows_decide_nothing(self) -> None:
        settled = settle_kinds(self.table, np.arange(60), self.settings)
        assert self.table.column("half").kind is Kind.QUALITATIVE
        assert settled.column("half").kind is Kind.CONSTANT
        assert settled.column("half").why == "the one value 1"
        assert (self.table.task, settled.task) == (Task.MULTICLASS, Task.BINARY)

    def test_what_was_stated_stays(self) -> None:
        settled = settle_kinds(self.table, np.arange(60), self.settings)
        assert settled.column("stated") == self.table.column("stated")

    def test_the_rows_stay(self) -> None:
        settled = settle_kinds(self.table, np.arange(60), self.settings)
        assert settled.frame.equals(self.table.frame)
        assert settled.name == self.table.name

    def test_poisoned_rows_change_nothing(self) -> None:
        poisoned = self.table.frame.with_columns(
            pl.when(pl.int_range(pl.len()) < 60).then(pl.col(name)).otherwise(10**9).alias(name)
            for name in ("half", "x", "stated")
        )
        other = read(poisoned, target="y", kinds={"stated": "qualitative"})
        rows = np.arange(60)
        mine, theirs = (settle_kinds(table, rows, self.settings).columns for table in (self.table, other))
        assert [(c.name, c.kind, c.likely_codes) for c in mine] == [
            (c.name, c.kind, c.likely_codes) for c in theirs
        ]

    def test_a_sealed_target_outside_the_rows_is_not_looked_at(self) -> None:
        sealed = self.table.frame.with_columns(
            pl.when(pl.int_range(pl.len()) < 60).then(pl.col("y")).otherwise(None).alias("y")
        )
        table = type(self.table)(sealed, self.table.columns, self.table.task)
        assert settle_kinds(table, np.arange(60), self.settings).task is Task.BINARY


@given(
    st.one_of(
        st.lists(st.none() | st.integers(-(2**62), 2**62), min_size=1, max_size=60),
        st.lists(st.none() | st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=60),
        st.lists(st.none() | st.text(max_size=9), min_size=1, max_size=60),
        st.lists(st.none() | st.booleans(), min_size=1, max_size=60),
        st.lists(st.none() | st.dates(), min_size=1, max_size=60),
    )
)
@settings(max_examples=200, deadline=None)
def test_every_column_has_a_kind_and_a_reason(values: list[Any]) -> None:
    frame = pl.DataFrame({"v": values}, strict=False)
    frame = frame.with_columns(pl.col(pl.Null).cast(pl.Float64))
    (column,) = infer_columns(frame, None, KindSettings())
    assert column.why
    assert (column.kind is Kind.CONSTANT) == (frame["v"].drop_nulls().n_unique() <= 1)

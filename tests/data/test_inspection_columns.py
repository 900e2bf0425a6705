import time

import numpy as np
import polars as pl
import pytest
from inspection_tables import table

from assay.data.column import Role
from assay.data.inspection.correlation import Correlation, pairwise
from assay.data.inspection.profile import profile_columns
from assay.data.inspection.repeated_columns import Repeat, repeated_columns


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def repeats(values, **choices):
    made = table(values, **choices)
    found = repeated_columns(made.frame, profile_columns(made), Correlation.of(made.frame))
    return [(repeat.first, repeat.second, repeat.how) for repeat in found]


def test_correlations_agree_with_numpy(rng):
    values = rng.normal(size=(200, 5)) @ rng.normal(size=(5, 5)) * [1, 1e6, 1e-6, 1, 1] + 1e5
    np.testing.assert_allclose(pairwise(values), np.corrcoef(values.T), atol=1e-6)


def test_correlations_use_the_rows_that_both_columns_have(rng):
    values = rng.normal(size=(300, 3))
    values[:, 1] += values[:, 0]
    values[rng.random(300) < 0.3, 0] = np.nan
    values[rng.random(300) < 0.3, 1] = np.nan
    both = np.isfinite(values[:, :2]).all(axis=1)
    expected = np.corrcoef(values[both, 0], values[both, 1])[0, 1]
    assert pairwise(values)[0, 1] == pytest.approx(expected)


def test_a_column_without_spread_correlates_with_nothing():
    matrix = pairwise(np.column_stack([np.full(20, 3.3), np.arange(20.0), np.full(20, np.nan)]))
    assert np.isnan(matrix[0]).all()
    assert np.isnan(matrix[2]).all()
    assert matrix[1, 1] == pytest.approx(1.0)


def test_many_columns_are_shown_by_their_strongest_relation(rng):
    frame = pl.DataFrame({f"c{index}": rng.normal(size=50) for index in range(120)})
    frame = frame.with_columns((pl.col("c3") * 2).alias("c119"))
    shown = Correlation.of(frame).to_json()
    assert len(shown["names"]) == 100
    assert {"c3", "c119"} <= set(shown["names"])
    assert np.shape(shown["matrix"]) == (100, 100)


def test_of_very_many_columns_the_first_are_compared():
    frame = pl.DataFrame({f"c{index}": [float(index), 1.0, 2.0] for index in range(2_100)})
    assert len(Correlation.of(frame).names) == 2_000


def test_no_numeric_column_gives_an_empty_picture():
    assert Correlation.of(pl.DataFrame({"a": ["x", "y"]})).to_json() == {"names": [], "matrix": []}


def test_copies_scaled_copies_and_renamed_categories_are_found(rng):
    x = rng.normal(size=100)
    colour = rng.choice(["red", "green", "blue"], 100)
    found = repeats(
        {
            "x": x,
            "copy": x,
            "fahrenheit": 1.8 * x + 32,
            "noise": rng.normal(size=100),
            "colour": colour,
            "code": [{"red": 7, "green": 8, "blue": 9}[name] for name in colour],
            "again": colour,
        }
    )
    assert found == [
        ("x", "copy", "equal"),
        ("x", "fahrenheit", "scaled"),
        ("colour", "code", "renamed"),
        ("colour", "again", "equal"),
    ]


def test_a_copy_with_the_same_gaps_is_equal_and_with_other_gaps_is_scaled():
    x = [None if index % 7 == 0 else float(index % 13) for index in range(90)]
    other = [None if index % 11 == 0 else float(index % 13) for index in range(90)]
    assert repeats({"x": x, "same": x, "other": other}) == [("x", "same", "equal"), ("x", "other", "scaled")]


def test_a_mirrored_column_is_found_and_a_similar_one_is_not(rng):
    x = rng.normal(size=400)
    assert repeats({"x": x, "minus": -x, "near": x + 0.2 * rng.normal(size=400)}) == [
        ("x", "minus", "scaled")
    ]


def test_two_categories_that_differ_in_one_row_are_not_repeats():
    one = ["a", "b"] * 50
    other = one.copy()
    other[0], other[1] = "b", "a"
    assert repeats({"one": one, "other": other}) == []


def test_ignored_columns_and_tiny_tables_are_not_compared(rng):
    x = rng.normal(size=100)
    assert repeats({"x": x, "copy": x}, roles={"copy": Role.IGNORED}) == []
    assert repeats({"x": x[:5], "copy": x[:5]}) == []


def test_a_repeat_says_how_close_it_is(rng):
    x = np.arange(100.0)
    made = table({"x": x, "y": np.round(x + 0.3 * rng.normal(size=100), 1)})
    (found,) = repeated_columns(made.frame, profile_columns(made), Correlation.of(made.frame))
    assert found == Repeat("x", "y", "scaled", pytest.approx(np.corrcoef(made.frame.to_numpy().T)[0, 1]))


def test_copies_among_thousands_of_columns_are_found_in_time(rng):
    columns = {f"c{number}": rng.normal(size=50) for number in range(2500)}
    columns["copy"] = columns["c2400"]  # beyond the columns that are correlated
    start = time.perf_counter()
    assert repeats(columns) == [("c2400", "copy", "equal")]
    assert time.perf_counter() - start < 20

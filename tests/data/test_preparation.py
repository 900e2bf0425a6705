import datetime as dt
import json
import subprocess
import sys
from typing import Any

import numpy as np
import polars as pl
import pytest
import torch
from every_kind import every_kind, numbers_table

from assay.core.errors import DataError, RecipeError
from assay.data.column import Column, Kind, Role
from assay.data.preparation import Preparation, PreparationSettings
from assay.data.table import Table

NAN = float("nan")


def category_table(values: list[Any], kind: Kind = Kind.QUALITATIVE) -> Table:
    return Table(pl.DataFrame({"x": values}), (Column("x", kind),))


def prepared(preparation: Preparation, *rows: Any) -> list[list[float]]:
    return preparation.prepare([list(row) if isinstance(row, tuple) else [row] for row in rows]).tolist()


@pytest.mark.parametrize(
    ("scale", "expected"),
    [("standardize", [-1.5, -0.5, 0, 2]), ("minmax", [0, 2 / 7, 3 / 7, 1]), ("none", [2, 4, 5, 9])],
)
def test_numbers_are_scaled_by_the_formula(scale: str, expected: list[float]) -> None:
    table = numbers_table(x=[2, 4, 4, 4, 5, 5, 7, 9])  # mean 5, standard deviation 2
    preparation = Preparation.fit(table, scale=scale)
    np.testing.assert_allclose(preparation.prepare([[2], [4], [5], [9]])[:, 0], expected, atol=1e-7)


def test_quantile_scaling_gives_a_normal_shape_whatever_the_tail() -> None:
    values = np.exp(3 * np.random.default_rng(0).normal(size=5000))
    preparation = Preparation.fit(numbers_table(x=values))
    output = preparation.prepare(values[:, None])[:, 0].numpy()
    assert abs(output.mean()) < 0.01
    assert abs(output.std() - 1) < 0.02
    np.testing.assert_allclose(output, np.log(values) / 3, atol=0.5)  # the logarithm undoes this tail exactly
    assert np.corrcoef(output, np.log(values))[0, 1] > 0.999
    order = np.argsort(values)
    assert (np.diff(output[order]) >= 0).all()


def test_quantile_scaling_gives_a_uniform_shape() -> None:
    values = np.arange(1001.0) ** 3
    preparation = Preparation.fit(numbers_table(x=values), quantile_output="uniform")
    np.testing.assert_allclose(
        preparation.prepare(values[:, None])[:, 0], np.linspace(-1, 1, 1001), atol=0.006
    )


def test_quantile_scaling_puts_equal_values_at_their_middle_rank() -> None:
    table = numbers_table(x=[0] * 50 + list(range(1, 51)))
    output = prepared(Preparation.fit(table, quantile_output="uniform"), 0, -1e9, 50, 1e9)
    np.testing.assert_allclose(np.ravel(output), [-0.5, -0.5, 0.99, 0.99], atol=1e-6)


@pytest.mark.parametrize(
    ("missing", "fill"), [("mean", 4), ("median", 3), ("most_frequent", 2), ("regression", 4)]
)
def test_a_missing_number_is_filled(missing: str, fill: float) -> None:
    table = numbers_table(x=[2, 2, 3, 4, 9, None])
    preparation = Preparation.fit(table, missing=missing, scale="none")
    assert prepared(preparation, None, 7) == [[fill, 1], [7, 0]]


def test_an_indicator_marks_what_was_missing_in_training_columns_only() -> None:
    table = numbers_table(a=[1, None, 3], b=[1, 2, 3])
    preparation = Preparation.fit(table)
    assert preparation.names == ("a", "b", "a is missing")
    assert preparation.prepare([[None, None]])[0, 2] == 1
    assert Preparation.fit(table, missing_indicator=False).names == ("a", "b")


def test_regression_finds_the_linear_rule_and_stays_in_the_training_range() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=300), rng.normal(size=300)
    c = 3 * a - 2 * b + 1
    holes = np.where(rng.random(300) < 0.3, np.nan, c)
    preparation = Preparation.fit(numbers_table(a=a, b=b, c=holes), missing="regression", scale="none")
    (predicted, *_), (far, *_) = preparation.prepare([[0.5, 0.25, None], [1e9, 0, None]])[:, 2:].tolist()
    assert predicted == pytest.approx(3 * 0.5 - 2 * 0.25 + 1, abs=0.02)
    assert far == pytest.approx(np.nanmax(holes))


def test_regression_is_the_ridge_of_the_formula() -> None:
    from sklearn.linear_model import Ridge

    rng = np.random.default_rng(1)
    x_N3 = rng.normal(size=(80, 3)) @ rng.normal(size=(3, 3))
    x_N3[:20, 2] = np.nan
    preparation = Preparation.fit(
        numbers_table(a=x_N3[:, 0], b=x_N3[:, 1], c=x_N3[:, 2]), missing="regression", scale="none"
    )
    standard_N3 = (x_N3 - np.nanmean(x_N3, axis=0)) / np.nanstd(x_N3, axis=0)
    ridge = Ridge(alpha=1e-3 * 60).fit(standard_N3[20:, :2], standard_N3[20:, 2])
    expected = ridge.predict(standard_N3[:20, :2]) * np.nanstd(x_N3[:, 2]) + np.nanmean(x_N3[:, 2])
    expected = np.clip(expected, np.nanmin(x_N3[:, 2]), np.nanmax(x_N3[:, 2]))
    np.testing.assert_allclose(preparation.prepare(x_N3[:20])[:, 2], expected, rtol=1e-4, atol=1e-5)


def test_regression_bears_equal_columns_and_a_constant_one() -> None:
    a = np.arange(50.0)
    preparation = Preparation.fit(numbers_table(a=a, b=a, c=np.ones(50)), missing="regression", scale="none")
    assert preparation.prepare([[7, None, 1]])[0, 1] == pytest.approx(7, abs=0.1)
    assert torch.isfinite(preparation.prepare([[None, None, None]])).all()


@pytest.mark.parametrize(("rule", "bounds"), [("sigma", (-22.87, 25.84)), ("percentile", (1, 10))])
def test_clipped_outliers_are_held_at_the_bound(rule: str, bounds: tuple[float, float]) -> None:
    values = [*list(range(1, 11)) * 30, 100, -100]
    expected = np.percentile(values, [1, 99]) if rule == "percentile" else bounds
    if rule == "sigma":
        expected = np.mean(values) + 3 * np.std(values) * np.array([-1, 1])
    preparation = Preparation.fit(numbers_table(x=values), outliers="clip", outlier_rule=rule, scale="none")
    output = prepared(preparation, -1e9, 5, 1e9)
    np.testing.assert_allclose(np.ravel(output), [expected[0], 5, expected[1]], rtol=1e-6)


def test_dropped_outliers_leave_the_training_rows_and_the_statistics_alone() -> None:
    values = [*list(range(1, 11)) * 30, 1e6, NAN]
    table = numbers_table(x=values, y=np.arange(len(values)))
    preparation = Preparation.fit(table, outliers="drop", scale="minmax")
    kept = preparation.kept_rows(table)
    assert set(range(len(values))) - set(kept.tolist()) == {300}
    assert preparation.prepare([[10, 0]])[0, 0] == 1
    assert preparation.prepare([[1e6, 0]])[0, 0] > 1e4  # a new row is taken as it is
    again = Preparation.from_json(json.loads(json.dumps(preparation.to_json())))
    assert again.kept_rows(table).tolist() == kept.tolist()


def test_all_rows_are_kept_unless_outliers_are_dropped() -> None:
    table = numbers_table(x=[1, 2, 1e9])
    assert Preparation.fit(table).kept_rows(table).tolist() == [0, 1, 2]


def test_dropping_every_row_is_refused() -> None:
    table = numbers_table(**{f"x{number}": np.roll(np.arange(100.0), number) for number in range(100)})
    with pytest.raises(DataError, match="each of the 100 training rows has an outlier"):
        Preparation.fit(table, outliers="drop", outlier_rule="percentile")


def test_few_categories_become_one_input_each_and_an_unseen_one_none() -> None:
    preparation = Preparation.fit(category_table(["red", "green", "blue", None]))
    assert preparation.names == ("x=blue", "x=green", "x=red", "x is missing")
    assert prepared(preparation, "green", "violet", None) == [[0, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1]]
    assert preparation.cardinalities == ()


def test_many_categories_become_codes_with_0_for_an_unseen_one() -> None:
    preparation = Preparation.fit(category_table(["d", "b", "c", "a"]), one_hot_up_to=3)
    assert preparation.names == ("x",)
    assert preparation.cardinalities == (5,)
    assert np.ravel(prepared(preparation, "a", "b", "c", "d", "e", None)).tolist() == [1, 2, 3, 4, 0, 0]


def test_numeric_codes_are_matched_by_value() -> None:
    values = [-2.0, -1.0, 0.0, 7.5, 1000.0]
    codes = Preparation.fit(category_table(values), one_hot_up_to=0)
    assert np.ravel(prepared(codes, -2, -1, 0, 7.5, 1000, 1, -3, 1e9)).tolist() == [1, 2, 3, 4, 5, 0, 0, 0]
    one_hot = Preparation.fit(category_table(values))
    assert one_hot.names == ("x=-2", "x=-1", "x=0", "x=7.5", "x=1000")
    assert prepared(one_hot, 7.5, 7) == [[0, 0, 0, 1, 0], [0, 0, 0, 0, 0]]


def test_codes_come_last_and_numbers_first() -> None:
    preparation = Preparation.fit(every_kind())
    assert preparation.names[:3] == ("amount", "age", "rate")
    assert preparation.names[-2:] == ("town", "zip")
    assert preparation.cardinalities == (41, 61)
    assert preparation.num_outputs == len(preparation.names) == preparation.prepare(every_kind()).shape[1]


@pytest.mark.parametrize(
    ("values", "kind", "name"),
    [
        ([True, False], Kind.BOOLEAN, "x=true"),
        ([1, 2], Kind.QUALITATIVE, "x=2"),
        (["no", "yes"], Kind.BOOLEAN, "x=yes"),
    ],
)
def test_two_values_become_minus_and_plus_one(values: list[Any], kind: Kind, name: str) -> None:
    preparation = Preparation.fit(category_table(values, kind))
    assert preparation.names == (name,)
    assert sorted(np.ravel(prepared(preparation, *values))) == [-1, 1]
    assert prepared(preparation, None) == [[0]]


def test_the_most_frequent_category_fills_when_asked() -> None:
    table = category_table(["a", "b", "b", "c", None])
    assert prepared(Preparation.fit(table, missing="most_frequent"), None) == [[0, 1, 0, 1]]
    flags = category_table([True, True, False], Kind.BOOLEAN)
    assert prepared(Preparation.fit(flags, missing="most_frequent"), None) == [[1]]


def test_steps_of_an_order_are_scaled_numbers() -> None:
    table = category_table(["1 low", "2 mid", "3 high", "1 low", None], Kind.ORDINAL)
    preparation = Preparation.fit(table, scale="minmax", missing="most_frequent")
    assert prepared(preparation, "1 low", "2 mid", "3 high") == [[0, 0], [0.5, 0], [1, 0]]
    assert prepared(preparation, None, "4 other") == [[0, 1], [0, 1]]  # a step without a place is missing


def test_steps_that_may_be_codes_become_a_number_and_one_input_each() -> None:
    frame = pl.DataFrame({"x": [-2, -1, 0, 8, None]})
    table = Table(frame, (Column("x", Kind.ORDINAL, likely_codes=True),))
    preparation = Preparation.fit(table, scale="none")
    assert preparation.names == ("x", "x=-2", "x=-1", "x=0", "x=8", "x is missing")
    assert prepared(preparation, -1, 5) == [[-1, 0, 1, 0, 0, 0], [5, 0, 0, 0, 0, 0]]
    assert "each of its 4 values became an input as well" in preparation.steps[0]["did"]
    assert preparation.schema.warnings(np.array([[9.0]])) == [
        ["column 'x': 9 is outside the training range, -2 to 8"]
    ]
    assert Preparation.fit(table, scale="none", one_hot_up_to=3).names == ("x", "x is missing")


def date_table(dates: list[Any]) -> Table:
    return Table(pl.DataFrame({"t": dates}), (Column("t", Kind.DATE, Role.TIME),))


def test_a_date_becomes_rhythms_and_a_trend() -> None:
    start = dt.datetime(2016, 1, 4)  # a Monday
    preparation = Preparation.fit(
        date_table([start + dt.timedelta(hours=6 * number) for number in range(57)])
    )
    assert preparation.names == (
        "t time of day (sin)", "t weekday (sin)", "t time of day (cos)", "t weekday (cos)", "t trend",
    )  # fmt: skip
    monday, six_oclock, tuesday = prepared(preparation, start, "2016-01-04 06:00", "2016-01-05 23:59:59")
    np.testing.assert_allclose(monday, [0, 0, 1, 1, -1], atol=1e-6)
    np.testing.assert_allclose(six_oclock[:4], [1, 0, 0, 1], atol=1e-6)
    week = 2 * np.pi / 7
    np.testing.assert_allclose(tuesday[1:4:2], [np.sin(week), np.cos(week)], atol=1e-6)
    assert tuesday[2] == pytest.approx(1)  # the last second of a day lies beside the first
    assert prepared(preparation, "2030-01-01", "1990-01-01")[0][-1] == 1
    assert prepared(preparation, "1990-01-01")[0][-1] == -1


def test_the_time_of_day_is_exact_to_the_second() -> None:
    dates = [dt.datetime(2016, 1, 4, 13, 0, second) for second in range(60)]
    preparation = Preparation.fit(date_table(dates), dates=["time_of_day"])
    angle = 2 * np.pi * (13 * 3600 + np.arange(60)) / 86_400
    expected = np.stack([np.sin(angle), np.cos(angle)], axis=1)
    np.testing.assert_allclose(preparation.prepare(date_table(dates)), expected, atol=5e-7)


@pytest.mark.parametrize(
    ("days", "parts"),
    [
        (range(5), "weekday, trend"),
        (range(0, 50, 7), "trend"),
        (range(0, 800, 3), "weekday, time of year, trend"),
        ([0], "nothing"),
    ],
)
def test_only_the_parts_of_a_date_that_vary_are_kept(days: Any, parts: str) -> None:
    frame = pl.DataFrame({"t": [dt.date(2016, 1, 4) + dt.timedelta(days=day) for day in days]})
    table = Table(
        frame.with_columns(x=pl.int_range(pl.len())), (Column("t", Kind.DATE), Column("x", Kind.QUANTITATIVE))
    )
    assert Preparation.fit(table).steps[0]["did"] == f"became {parts}"


def test_a_missing_date_is_0_everywhere() -> None:
    dates = [dt.datetime(2016, 1, 4), None, dt.datetime(2016, 1, 9, 5)]
    preparation = Preparation.fit(date_table(dates))
    assert prepared(preparation, None) == [[0, 0, 0, 0, 0, 1]]


def test_single_columns_may_have_other_choices() -> None:
    table = every_kind()
    columns = {
        "age": {"scale": "none"},
        "town": {"one_hot_up_to": 100},
        "amount": {"missing_indicator": False},
        "when": {"dates": ["trend"]},
    }
    preparation = Preparation.fit(table, columns=columns)
    assert preparation.prepare(table)[:, 0].tolist() == table.frame["age"].to_list()
    assert preparation.cardinalities == (61,)
    assert "amount is missing" not in preparation.names
    assert [name for name in preparation.names if name.startswith("when")] == ["when trend"]


def test_a_choice_for_an_unknown_column_is_refused() -> None:
    with pytest.raises(RecipeError, match=r"no such column: 'agee' \(did you mean 'age'\?\)"):
        Preparation.fit(every_kind(), columns={"agee": {"scale": "none"}})


def test_unknown_settings_are_refused_with_the_closest_word() -> None:
    with pytest.raises(RecipeError, match=r"'scales' \(did you mean 'scale'\?\)"):
        Preparation.fit(every_kind(), scales="none")
    with pytest.raises(RecipeError, match="scale = 'standardise'"):
        Preparation.fit(every_kind(), scale="standardise")


def test_settings_and_single_choices_are_laid_together() -> None:
    settings = PreparationSettings(missing="mean", scale="none")
    preparation = Preparation.fit(numbers_table(x=[1, 2, 6, None]), settings, missing="median")
    assert preparation.settings == PreparationSettings(missing="median", scale="none")
    assert prepared(preparation, None) == [[2, 1]]


def test_settings_survive_plain_values() -> None:
    settings = PreparationSettings(columns={"a": {"scale": "none"}})  # type: ignore[dict-item]
    plain = json.loads(json.dumps(settings.model_dump(mode="json")))
    assert plain["columns"] == {"a": {"scale": "none"}}
    assert PreparationSettings.checked(plain) == settings


def test_every_default_has_a_reason() -> None:
    for name in PreparationSettings.model_fields:
        assert PreparationSettings.reason(name) or name == "columns"


def test_the_steps_say_what_was_done_and_why() -> None:
    steps = {step["column"]: step for step in Preparation.fit(every_kind(), outliers="clip").steps}
    assert set(steps) == {column.name for column in every_kind().columns} - {"y"}
    assert steps["id"] == {"column": "id", "did": "left out", "because": "every value differs"}
    assert "filled with the median" in steps["amount"]["did"]
    assert "the recipe sets outliers" in steps["amount"]["because"]
    assert "codes from 1 for an embedding" in steps["town"]["did"]
    assert all(step["did"] and step["because"] for step in steps.values())


def test_a_table_without_rows_or_use_is_refused() -> None:
    table = every_kind()
    with pytest.raises(DataError, match="no training rows"):
        Preparation.fit(table.take([]))
    with pytest.raises(DataError, match="no column varies in the training rows"):
        Preparation.fit(date_table([dt.date(2020, 1, 1)]))


def test_a_column_without_values_or_with_one_does_no_harm() -> None:
    table = numbers_table(empty=[None, None], same=[5, 5], x=[1, 2])
    for scale in ("standardize", "minmax", "quantile", "none"):
        for missing in ("median", "regression"):
            assert torch.isfinite(Preparation.fit(table, scale=scale, missing=missing).prepare(table)).all()


def test_settings_are_imported_without_torch() -> None:
    code = "import sys; import assay.data.preparation; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

"""Slices: planted ones are found in the columns' own words, and noise makes none."""

from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest
from error_tables import binary, regression, table

from assay.core.predictions import load_predictions
from assay.core.task import Task
from assay.diagnosis.errors.binned_column import RARE, binned_columns
from assay.diagnosis.errors.halves import first_half
from assay.diagnosis.errors.round_edges import round_edges, roundest, roundest_moment
from assay.diagnosis.errors.slices import Slice, find_slices


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (48_216, 51_003, 50_000),
        (0.2134, 0.2299, 0.22),
        (-165, -150, -160),
        (-3, 7, 0),
        (1.25, 1.25, 1.25),
        (1234.5678, 1234.5679, 1234.5678),
        (3e-7, 4.9e-7, 3e-7),
    ],
)
def test_the_roundest_number_between(low, high, expected):
    assert low <= roundest(low, high) <= high
    assert roundest(low, high) == pytest.approx(expected, rel=1e-12)


def test_a_moment_between_is_a_midnight_or_an_hour():
    noon = datetime(2016, 4, 1, 12).timestamp()
    assert roundest_moment(noon, noon + 86_400) % 86_400 == 0
    assert roundest_moment(noon + 60, noon + 7_200) % 3_600 == 0
    assert roundest_moment(noon + 1, noon + 2) == noon + 1


def test_edges_divide_few_values_each_and_many_by_roundness():
    assert round_edges(np.array([3.0, 1.0, 2.0, 2.0]), roundest).tolist() == [1.0, 2.0]
    edges = round_edges(np.random.default_rng(0).normal(50_000, 10_000, 5_000), roundest)
    assert 20 <= len(edges) <= 31
    assert (edges % 100 == 0).all()


def test_a_planted_slice_is_found_with_its_rate():
    rng = np.random.default_rng(0)
    rows = table(rng, 3_000)
    hard = rows.frame["city"].is_in(["b", "d"]).to_numpy()
    p = binary(rng.random(3_000) < np.where(hard, 0.5, 0.1), rng)
    (found,) = find_slices(p, rows, "accuracy").found
    assert found.rule == "city in b, d"
    assert found.columns == ("city",)
    assert found.rows == hard.sum()
    assert found.coverage == pytest.approx(hard.mean())
    assert found.error.low < 0.5 < found.error.high
    assert found.elsewhere.low < 0.1 < found.elsewhere.high
    assert 0.4 < found.share < 0.7
    assert found.measured < found.rows


def test_two_conditions_and_missing_values():
    rng = np.random.default_rng(1)
    rows = table(rng, 6_000)
    hard = (rows.frame["age"].is_null() & (rows.frame["income"] > 50_000)).to_numpy()
    p = binary(rng.random(6_000) < np.where(hard, 0.7, 0.1), rng)
    (found,) = find_slices(p, rows, "accuracy").found
    assert set(found.columns) == {"age", "income"}
    assert "age missing" in found.rule
    assert "income > 50,000" in found.rule or "income > 49" in found.rule


def test_a_rule_covers_what_it_says():
    rng = np.random.default_rng(2)
    rows = table(rng, 4_000)
    hard = rows.frame["income"].to_numpy() > 57_000
    found = find_slices(binary(rng.random(4_000) < np.where(hard, 0.5, 0.1), rng), rows, "accuracy").found[0]
    threshold = float(found.rule.removeprefix("income > ").replace(",", ""))
    assert found.rows == (rows.frame["income"] > threshold).sum()
    assert abs(threshold - 57_000) < 1_000


def test_noise_makes_no_slices():
    found = 0
    for seed in range(30):
        rng = np.random.default_rng(seed)
        rows = table(rng, 800)
        found += bool(find_slices(binary(rng.random(800) < 0.2, rng), rows, "accuracy", replicates=200).found)
        heavy = regression(rng.standard_t(3, size=800), rng)
        found += bool(find_slices(heavy, rows, "rmse", replicates=200).found)
    assert found <= 5  # 3 are expected of 60


def test_bad_luck_of_groups_makes_no_slices():
    """Each group has features of its own: a tree finds the groups that erred much, and they repeat it."""
    found = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        group, income = rng.integers(0, 30, 1_200), rng.normal(size=30)
        rows = table(rng, 1_200, income=pl.Series(income[group]))
        rate = np.clip(rng.normal(0.25, 0.15, 30), 0.0, 1.0)
        p = binary(rng.random(1_200) < rate[group], rng, groups=group)
        found += bool(find_slices(p, rows, "accuracy", replicates=200).found)
    assert found <= 3


def test_halves_keep_together_what_errs_alike():
    rng = np.random.default_rng(0)
    group = rng.integers(0, 20, 400)
    half = first_half(binary(np.zeros(400, bool), rng, groups=group), np.zeros(400), rng)
    assert all(len(set(half[group == number])) == 1 for number in range(20))
    assert 0.3 < half.mean() < 0.7
    losses = np.repeat(rng.random(40), 10)
    times = rng.permutation(400)
    timed = first_half(binary(np.zeros(400, bool), rng, times=times), losses[times], rng)
    changes = np.count_nonzero(np.diff(timed[np.argsort(times)]))
    assert changes < 100  # a draw of single rows would change about 200 times


@pytest.mark.parametrize(("metric", "large"), [("rmse", 30.0), ("mae", 30.0), ("r2", 30.0)])
def test_slices_of_a_regression_are_in_the_target_unit(metric, large):
    rng = np.random.default_rng(3)
    rows = table(rng, 2_000, Task.REGRESSION)
    hard = rows.frame["city"].is_in(["a"]).to_numpy()
    p = regression(rng.normal(size=2_000) * np.where(hard, large, 10.0), rng)
    (found,) = find_slices(p, rows, metric).found
    assert found.rule == "city = a"
    expected = large * (np.sqrt(2 / np.pi) if metric == "mae" else 1.0)
    assert found.error.low < expected < found.error.high


def test_hours_and_weekdays_of_a_date():
    rng = np.random.default_rng(4)
    moments = [datetime(2024, 1, 1) + timedelta(hours=number) for number in range(2_000)]
    rows = table(rng, 2_000, day=pl.Series(moments))
    evening = np.array([moment.hour >= 17 for moment in moments])
    (found,) = find_slices(
        binary(rng.random(2_000) < np.where(evening, 0.5, 0.1), rng), rows, "accuracy"
    ).found
    assert found.rule == "hour of day >= 17"
    weekend = np.array([moment.weekday() >= 5 for moment in moments])
    (found,) = find_slices(
        binary(rng.random(2_000) < np.where(weekend, 0.5, 0.1), rng), rows, "accuracy"
    ).found
    assert found.rule == "weekday of day in Saturday, Sunday"


def test_none_is_an_answer_with_its_reason():
    rng = np.random.default_rng(5)
    small = find_slices(binary(rng.random(50) < 0.3, rng), table(rng, 50), "accuracy")
    assert small.found == ()
    assert small.because == "50 validation rows are too few to look for slices, 200 would do"
    perfect = find_slices(binary(np.zeros(500, bool), rng), table(rng, 500), "accuracy")
    assert (perfect.found, perfect.because) == ((), "no row was wrong")
    even = find_slices(binary(rng.random(1_000) < 0.2, rng), table(rng, 1_000), "accuracy")
    assert even.found == ()
    assert "more error" in even.because


def test_ordered_and_rare_levels_and_negations_in_words():
    rng = np.random.default_rng(6)
    rows = table(
        rng, 600, shop=pl.Series([f"s{number % 60 if number < 120 else number % 7}" for number in range(600)])
    )
    shop = next(column for column in binned_columns(rows.take(np.arange(600))) if column.name == "city")
    allowed = np.ones(10, bool)
    allowed[[2, 5]] = False
    assert shop.words(allowed, False) == "city not in c, f"
    assert shop.words(~allowed, True) == "(city in c, f or missing)"
    allowed[:] = True
    allowed[3] = False
    assert shop.words(allowed, False) == "city is not d"


def test_more_levels_than_a_rule_can_name():
    names = pl.Series([f"s{min(number, 999 - number):03}" for number in range(1_000)])
    rng = np.random.default_rng(0)
    rows = table(rng, 1_000, city=names)
    (city,) = [column for column in binned_columns(rows) if column.name == "city"]
    assert len(city.names) == 32
    assert city.names[-1] == RARE
    assert (city.bins == 31).sum() == 1_000 - 2 * 31


def test_the_same_seed_gives_the_same_slices_and_the_record_comes_back():
    rng = np.random.default_rng(7)
    rows = table(rng, 2_000)
    hard = rows.frame["city"].is_in(["a", "c", "e"]).to_numpy()
    p = binary(rng.random(2_000) < np.where(hard, 0.4, 0.1), rng)
    first, second = (find_slices(p, rows, "accuracy", seed=3) for _ in range(2))
    assert first == second
    assert [Slice.from_json(one.to_json()) for one in first.found] == list(first.found)


def test_predictions_stored_and_read_give_the_same(tmp_path):
    from assay.core.predictions import save_predictions

    rng = np.random.default_rng(8)
    rows = table(rng, 1_000)
    hard = rows.frame["city"].is_in(["a", "c"]).to_numpy()
    p = binary(rng.random(1_000) < np.where(hard, 0.5, 0.1), rng)
    save_predictions(tmp_path / "p.npz", {"validation": p})
    again = load_predictions(tmp_path / "p.npz")["validation"]
    assert find_slices(p, rows, "accuracy") == find_slices(again, rows, "accuracy")


def test_one_group_cannot_be_halved():
    rng = np.random.default_rng(9)
    p = binary(rng.random(500) < 0.3, rng, groups=np.zeros(500, dtype=np.int64))
    found = find_slices(p, table(rng, 500), "accuracy")
    assert (found.found, found.because) == ((), "the validation rows come from too few groups to be halved")


def test_of_many_rows_some_are_looked_at():
    rng = np.random.default_rng(10)
    rows = table(rng, 60_000)
    hard = rows.frame["city"].is_in(["b", "d"]).to_numpy()
    p = binary(rng.random(60_000) < np.where(hard, 0.5, 0.1), rng)
    (found,) = find_slices(p, rows, "accuracy", replicates=200).found
    assert found.rows == hard.sum()
    assert 1_500 < found.measured < 2_500

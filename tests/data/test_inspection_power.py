import numpy as np
import pytest
from inspection_tables import table

from assay.core.task import Task
from assay.data.column import Kind
from assay.data.inspection.alone import predictive_power
from assay.data.inspection.target_findings import class_findings, power_findings

N = 2000


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def codes(power):
    return {finding.column: finding.code for finding in power_findings(power)}


def test_a_copy_of_a_quantity_gives_it_away_and_noise_does_not(rng):
    y = rng.normal(size=N)
    power = predictive_power(
        table(
            {
                "y": y,
                "grown": np.exp(5 * y),
                "scaled": 3 * y,
                "near": y + 0.35 * rng.normal(size=N),
                "noise": y[::-1],
            },
            target="y",
            task=Task.REGRESSION,
        )
    )
    assert codes(power) == {"scaled": "A401", "grown": "A401", "near": "A402"}
    assert power["noise"].score < 0.05
    assert power["scaled"].measured == pytest.approx(1.0)


def test_a_class_in_other_words_gives_it_away(rng):
    y = rng.integers(0, 3, N)
    power = predictive_power(
        table(
            {
                "y": y,
                "word": np.array(["low", "middle", "high"])[y],
                "amount": y * 10 + rng.random(N),
                "noise": rng.random(N),
            },
            target="y",
            task=Task.MULTICLASS,
        )
    )
    assert codes(power) == {"word": "A401", "amount": "A401"}
    assert power["word"].measured == 1.0
    assert power["noise"].baseline == pytest.approx(1 / 3, abs=0.04)


def test_gaps_that_tell_the_target_give_it_away(rng):
    died = rng.random(N) < 0.1
    days = np.where(died, rng.integers(1, 400, N), np.nan)
    power = predictive_power(table({"died": died, "days": days}, target="died", task=Task.BINARY))
    assert codes(power) == {"days": "A401"}


def test_a_column_that_differs_in_every_row_is_not_taken_for_a_good_one(rng):
    y = rng.random(N) < 0.5
    keys = [f"customer {number}" for number in rng.permutation(N)]
    power = predictive_power(table({"y": y, "key": keys}, target="y", task=Task.BINARY))
    assert power["key"].score < 0.1


def test_imbalance_alone_scores_nothing(rng):
    y = rng.random(N) < 0.02
    power = predictive_power(table({"y": y, "x": rng.random(N)}, target="y", task=Task.BINARY))
    assert power["x"].measured > 0.95
    assert power["x"].score == 0.0


def test_power_is_the_same_at_every_call(rng):
    made = table({"y": rng.random(N), "x": rng.random(N)}, target="y", task=Task.REGRESSION)
    assert predictive_power(made) == predictive_power(made)


def test_dates_and_unused_columns_are_left_out(rng):
    made = table(
        {"y": rng.random(N), "key": np.arange(N), "x": rng.random(N)},
        target="y",
        task=Task.REGRESSION,
        kinds={"key": Kind.IDENTIFIER},
    )
    assert set(predictive_power(made)) == {"x"}


@pytest.mark.parametrize(
    "made",
    [
        table({"x": np.arange(100)}),
        table({"y": [1.0] * 100, "x": np.arange(100)}, target="y", task=Task.REGRESSION),
        table({"y": np.arange(20), "x": np.arange(20)}, target="y", task=Task.REGRESSION),
        table({"y": [None] * 90 + [1.0] * 10, "x": np.arange(100)}, target="y", task=Task.REGRESSION),
    ],
    ids=["no target", "one value", "few rows", "few targets"],
)
def test_nothing_is_said_without_a_target_to_judge_by(made):
    assert predictive_power(made) == {}


def test_a_constant_half_or_infinite_feature_breaks_nothing():
    y = np.zeros(40)
    y[0] = 1
    x = np.where(np.arange(40) % 2, np.inf, 1.0)
    made = table({"y": y, "x": x, "gap": [None] * 40}, target="y", task=Task.REGRESSION)
    assert set(predictive_power(made)) <= {"x", "gap"}


def test_balance_of_classes():
    assert list(class_findings({"yes": 300, "no": 300})) == []
    (unbalanced,) = class_findings({"no": 7788, "yes": 2212})
    assert unbalanced.code == "A403"
    assert "22.1 %" in unbalanced.message and "77.9 %" in unbalanced.message
    few = {finding.code: finding for finding in class_findings({"a": 500, "b": 19, "c": 3})}
    assert set(few) == {"A403", "A404"}
    assert "c (3), b (19)" in few["A404"].message
    assert list(class_findings({"only": 5})) == []


@pytest.mark.parametrize(("num_rows", "num_rare"), [(200, 10), (1000, 30), (5000, 60)])
def test_what_gives_a_rare_class_away_is_seen_beside_noise(rng, num_rows, num_rare):
    y = np.zeros(num_rows, dtype=np.int64)
    y[rng.choice(num_rows, num_rare, replace=False)] = 1
    columns = {"y": y, "low": rng.normal(size=num_rows) - 20 * y, "noise": rng.normal(size=num_rows)}
    power = predictive_power(table(columns, target="y", task=Task.BINARY))
    assert power["low"].score > 0.7
    assert power["noise"].score < 0.2

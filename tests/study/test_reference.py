"""The reference model: honest predictions of both parts, cheap, on raw features."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from assay.core.metrics import error
from assay.core.predictions import Predictions
from assay.core.task import Task
from assay.data.reading import read
from assay.diagnosis.floor import estimate_floor
from assay.study.reference import Reference, fit_reference, reference_predictions
from assay.study.reference_model import fold_numbers


def values(truth_N: np.ndarray, **known: np.ndarray) -> Predictions:
    return Predictions(Task.REGRESSION, truth_N, np.zeros(len(truth_N)), **known)


def classes(truth_N: np.ndarray, num_classes: int) -> Predictions:
    task = Task.BINARY if num_classes == 2 else Task.MULTICLASS
    output_NK = np.full((len(truth_N), num_classes), 1.0 / num_classes)
    return Predictions(task, truth_N, output_NK, tuple("abc"[:num_classes]))


def curve(num_rows: int, seed: int) -> tuple[np.ndarray, Predictions]:
    rng = np.random.default_rng(seed)
    x_ND = rng.uniform(-2.0, 2.0, size=(num_rows, 3))
    return x_ND, values(np.sin(2.0 * x_ND[:, 0]) + rng.normal(scale=0.3, size=num_rows))


@pytest.fixture(scope="module")
def fitted() -> Reference:
    (x_train, train), (x_new, validation) = curve(900, 0), curve(400, 1)
    return fit_reference(x_train, x_new, (train, validation))


def test_it_learns_and_its_training_predictions_are_out_of_fold(fitted: Reference) -> None:
    for part in (fitted.train, fitted.validation):
        assert 0.27 < error(part, "rmse") < 0.4
    assert error(fitted.small[0], "rmse") > error(fitted.train, "rmse")
    assert "rounds" in fitted.words or "linear" in fitted.words
    assert fitted.seconds > 0.0


def test_validation_targets_change_nothing(fitted: Reference) -> None:
    (x_train, train), (x_new, validation) = curve(900, 0), curve(400, 1)
    poisoned = replace(validation, truth=np.full(400, 1e6))
    again = fit_reference(x_train, x_new, (train, poisoned))
    assert (again.validation.output == fitted.validation.output).all()
    assert (again.train.output == fitted.train.output).all()


def test_the_floor_of_a_curve_lies_inside(fitted: Reference) -> None:
    floor = estimate_floor(fitted.evidence(fitted.train, fitted.validation), "rmse")
    assert floor.interval.low < 0.3 < floor.interval.high
    assert floor.interval.high < 0.4


def test_folds_keep_groups_together_and_cut_time_into_thirds() -> None:
    truth_N = np.random.default_rng(0).normal(size=60)
    groups_N = np.arange(60) // 3
    by_group = fold_numbers(values(truth_N, groups=groups_N), seed=0)
    assert all(len(set(by_group[groups_N == group])) == 1 for group in range(20))
    times_N = np.random.default_rng(1).permutation(60)
    assert (fold_numbers(values(truth_N, times=times_N), seed=0) == times_N // 20).all()
    assert set(by_group) == set(fold_numbers(values(truth_N), seed=0)) == {0, 1, 2}


def test_copies_of_a_row_count_once() -> None:
    (x_ND, train), (x_new, validation) = curve(300, 0), curve(100, 1)
    copied = np.repeat(np.arange(300), 4)
    found = fit_reference(x_ND[copied], x_new, (train.take(copied), validation))
    plain = fit_reference(x_ND, x_new, (train, validation))
    assert len(found.train) == 1200
    assert error(found.train, "rmse") == pytest.approx(error(plain.train, "rmse"), rel=0.1)
    assert error(found.train, "rmse") > 0.3  # the noise: a copy in another fold would give it away


def test_copies_count_once_though_one_of_them_conflicts() -> None:
    (x_ND, train), (x_new, validation) = curve(300, 0), curve(100, 1)
    copied = np.append(np.repeat(np.arange(300), 4), 0)
    truth_N = train.truth[copied]
    truth_N[-1] += 1.0
    found = fit_reference(x_ND[copied], x_new, (values(truth_N), validation))
    assert error(found.train, "rmse") > 0.3
    said = estimate_floor(found.evidence(found.train, found.validation), "rmse").agreement
    assert "901 training rows are copies of others" in said


def test_missing_values_unknown_categories_and_absent_classes() -> None:
    rng = np.random.default_rng(0)
    x_ND = np.column_stack([rng.normal(size=300), rng.integers(3, size=300) * 10.0, np.full(300, np.nan)])
    truth_N = (x_ND[:, 1] / 10.0).astype(np.int64)
    truth_N[truth_N == 2] = 1  # the third label never occurs
    x_ND[::7, 0] = np.nan
    x_new = np.array([[np.nan, 10.0, 1.0], [0.0, 99.0, np.nan], [0.0, np.nan, np.nan]])
    found = fit_reference(
        x_ND,
        x_new,
        (classes(truth_N, 3), classes(np.array([1, 0, 0]), 3)),
        categorical=np.array([False, True, False]),
    )
    assert np.isfinite(found.validation.output).all()
    assert found.validation.output.sum(axis=1) == pytest.approx(1.0)
    assert found.validation.predicted[0] == 1
    assert error(found.train, "accuracy") < 0.05


def test_a_class_of_one_row_and_a_dozen_rows() -> None:
    truth_N = np.array([0] * 11 + [1])
    x_ND = np.random.default_rng(0).normal(size=(12, 2))
    found = fit_reference(x_ND, x_ND[:4], (classes(truth_N, 2), classes(truth_N[:4], 2)))
    assert np.isfinite(found.train.output).all()
    floor = estimate_floor(found.evidence(found.train, found.validation), "accuracy")
    assert 0.0 <= floor.interval.low <= floor.interval.high <= 1.0


def test_a_table_gives_its_raw_features() -> None:
    rng = np.random.default_rng(0)
    frame = pl.DataFrame(
        {
            "size": rng.normal(size=300),
            "colour": rng.choice(["red", "green", "blue"], size=300),
            "price": rng.normal(size=300),
        }
    ).with_columns(price=pl.col("size") + (pl.col("colour") == "red") * 3.0 + pl.col("price") * 0.1)
    table = read(frame, target="price")
    parts = table.take(np.arange(200)), table.take(np.arange(200, 300))
    truth_N = frame["price"].to_numpy()
    found = reference_predictions(*parts, (values(truth_N[:200]), values(truth_N[200:])))
    assert found.categorical.tolist() == [False, True]
    assert found.train_inputs.shape == (200, 2)
    assert error(found.validation, "rmse") < 0.5


@pytest.mark.slow
def test_the_credit_data_take_seconds(shared_data: Path) -> None:
    table = read(shared_data / "credit_default.csv", target="default payment next month")
    truth_N = table.frame[table.target.name].to_numpy().astype(np.int64)  # type: ignore[union-attr]
    rows = np.random.default_rng(0).permutation(len(table))
    parts = table.take(rows[:18_000]), table.take(rows[18_000:24_000])
    known = classes(truth_N[rows[:18_000]], 2), classes(truth_N[rows[18_000:24_000]], 2)
    found = reference_predictions(*parts, known)
    assert error(found.validation, "roc_auc") < 0.235
    floor = estimate_floor(found.evidence(found.train, found.validation), "accuracy")
    assert 0.14 < floor.interval.low < floor.interval.high < 0.20

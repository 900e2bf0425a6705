"""Intervals: as wide as theory says, repeatable, honest where no error was seen."""

import time

import numpy as np
import pytest

from assay.core.errors import DataError
from assay.core.metrics import METRICS, error
from assay.core.predictions import Predictions
from assay.core.task import Task
from assay.diagnosis.bootstrap import bootstrap, error_interval


def answers(wrong: int, num_rows: int) -> Predictions:
    """Two classes in turns, of which the first `wrong` rows are mistaken."""
    truth = np.arange(num_rows) % 2
    said = np.where(np.arange(num_rows) < wrong, 1 - truth, truth)
    return Predictions(Task.BINARY, truth, 0.1 + 0.8 * np.eye(2)[said], ("no", "yes"))


def scores(num_rows: int, num_classes: int = 2, seed: int = 0) -> Predictions:
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, num_classes, num_rows)
    raw = rng.random((num_rows, num_classes)) + 0.3 * np.eye(num_classes)[truth]
    task = Task.BINARY if num_classes == 2 else Task.MULTICLASS
    return Predictions(task, truth, raw / raw.sum(axis=1, keepdims=True), tuple(map(str, range(num_classes))))


def quantities(num_rows: int, spread: float = 2.0, seed: int = 0) -> Predictions:
    rng = np.random.default_rng(seed)
    truth = rng.normal(10.0, 5.0, num_rows)
    return Predictions(Task.REGRESSION, truth, truth + rng.normal(0.0, spread, num_rows))


def test_accuracy_interval_agrees_with_the_binomial() -> None:
    found = error_interval(answers(284, 1000), "accuracy")
    half = 1.96 * np.sqrt(0.284 * 0.716 / 1000)
    assert found.value == pytest.approx(0.284)
    assert found.low == pytest.approx(0.284 - half, abs=0.004)
    assert found.high == pytest.approx(0.284 + half, abs=0.004)


def test_rmse_interval_agrees_with_normal_theory() -> None:
    errors = bootstrap(quantities(4000), "rmse", seed=0)
    assert errors.std() == pytest.approx(2.0 / np.sqrt(2 * 4000), rel=0.1)


def test_roc_auc_interval_agrees_with_hanley_and_mcneil() -> None:
    p = scores(2000)
    auc = 1.0 - error(p, "roc_auc")
    positives = int(p.truth.sum())
    negatives = len(p) - positives
    q1, q2 = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    variance = auc * (1 - auc) + (positives - 1) * (q1 - auc**2) + (negatives - 1) * (q2 - auc**2)
    expected = np.sqrt(variance / (positives * negatives))
    assert bootstrap(p, "roc_auc", seed=0).std() == pytest.approx(expected, rel=0.15)


@pytest.mark.parametrize("metric", [*METRICS[Task.MULTICLASS], *METRICS[Task.REGRESSION]])
def test_replicates_are_those_of_rows_drawn_one_by_one(metric: str) -> None:
    p = quantities(150) if metric in METRICS[Task.REGRESSION] else scores(150, 3)
    rng = np.random.default_rng(1)
    groups = (
        [np.arange(150)] if p.task is Task.REGRESSION else [np.flatnonzero(p.truth == k) for k in range(3)]
    )
    drawn = [
        error(p.take(np.concatenate([rng.choice(rows, len(rows)) for rows in groups])), metric)
        for _ in range(400)
    ]
    errors = bootstrap(p, metric, seed=0, replicates=400)
    assert errors.mean() == pytest.approx(np.mean(drawn), abs=0.35 * np.std(drawn))
    assert errors.std() == pytest.approx(np.std(drawn), rel=0.25)


def test_resamples_keep_the_rows_of_each_class() -> None:
    truth = np.array([0] * 500 + [1] * 2)
    output = np.column_stack([np.full(502, 0.6), np.full(502, 0.4)])
    p = Predictions(Task.BINARY, truth, output, ("no", "yes"))
    assert np.isfinite(bootstrap(p, "roc_auc", seed=0)).all()
    assert np.isfinite(bootstrap(p, "balanced_accuracy", seed=0)).all()


def test_the_same_seed_gives_the_same_replicates_and_chunks_change_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    p = scores(300)
    first = bootstrap(p, "log_loss", seed=3)
    assert bootstrap(p, "log_loss", seed=3).tobytes() == first.tobytes()
    assert bootstrap(p, "log_loss", seed=4).tobytes() != first.tobytes()
    monkeypatch.setattr("assay.diagnosis.bootstrap._CELLS", 1_000)
    assert bootstrap(p, "log_loss", seed=3) == pytest.approx(first, rel=1e-12)


@pytest.mark.parametrize("metric", ["accuracy", "balanced_accuracy", "precision", "recall", "f1", "roc_auc"])
def test_no_mistake_in_thirty_rows_is_no_certainty(metric: str) -> None:
    found = error_interval(answers(0, 30), metric)
    assert (found.value, found.low) == (0.0, 0.0)
    assert 0.05 < found.high < 0.25


@pytest.mark.parametrize("metric", ["accuracy", "balanced_accuracy", "precision", "recall", "f1", "roc_auc"])
def test_nothing_right_in_thirty_rows_is_no_certainty(metric: str) -> None:
    found = error_interval(answers(30, 30), metric)
    assert (found.value, found.high) == (1.0, 1.0)
    assert 0.75 < found.low < 0.95


@pytest.mark.parametrize("num_rows", [1, 2, 5])
def test_few_rows_all_wrong_or_all_right_have_the_ends_of_clopper_and_pearson(num_rows: int) -> None:
    end = 0.025 ** (1 / num_rows)
    wrong = error_interval(answers(num_rows, num_rows), "accuracy", replicates=20_000)
    right = error_interval(answers(0, num_rows), "accuracy", replicates=20_000)
    assert wrong.low == pytest.approx(end, abs=0.02)
    assert right.high == pytest.approx(1.0 - end, abs=0.02)


@pytest.mark.parametrize("metric", ["accuracy", "balanced_accuracy", "precision", "recall", "f1"])
def test_a_class_that_is_never_found_is_no_certainty(metric: str) -> None:
    truth = np.array([0] * 30 + [1] * 4)
    p = Predictions(Task.BINARY, truth, np.tile([0.9, 0.1], (34, 1)), ("no", "yes"))
    found = error_interval(p, metric)
    assert found.high - found.low > 0.2
    if metric == "precision":  # not one row was said to be "yes"
        assert found.low < 0.1


@pytest.mark.parametrize("metric", ["rmse", "mae"])
def test_residuals_of_one_size_are_no_certainty(metric: str) -> None:
    p = Predictions(Task.REGRESSION, np.zeros(4), np.array([2.0, -2.0, 2.0, 2.0]))
    found = error_interval(p, metric)
    assert found.value == pytest.approx(2.0)
    assert found.low < 1.5
    assert found.high > 4.0


def test_two_rows_know_less_than_two_hundred() -> None:
    two = Predictions(Task.REGRESSION, np.zeros(2), np.array([1.0, 1.2]))
    many = Predictions(Task.REGRESSION, np.zeros(200), np.tile([1.0, 1.2], 100))
    narrow, wide = error_interval(many, "rmse"), error_interval(two, "rmse")
    assert wide.high - wide.low > 20 * (narrow.high - narrow.low)
    assert wide.low >= 0.0


def test_the_interval_holds_its_value() -> None:
    found = error_interval(scores(40), "calibration_error")  # the bootstrap moves this one upwards
    assert found.value is not None
    assert found.low <= found.value <= found.high


def test_resamples_that_leave_r2_undefined_are_replaced() -> None:
    p = Predictions(Task.REGRESSION, np.array([1.0, 2.0]), np.array([1.5, 1.6]))
    assert np.isfinite(bootstrap(p, "r2", seed=0)).all()


def test_one_class_leaves_the_metric_undefined() -> None:
    p = answers(1, 30)
    with pytest.raises(DataError, match="all of class 'yes', so roc_auc is not defined"):
        error_interval(p.take(np.flatnonzero(p.truth == 1)), "roc_auc")


def test_no_rows_and_values_that_are_not_finite_are_named() -> None:
    with pytest.raises(DataError, match="rows are none"):
        error_interval(answers(0, 0), "accuracy")
    with pytest.raises(DataError, match="not finite"):
        error_interval(Predictions(Task.REGRESSION, np.ones(2), np.array([1.0, np.nan])), "rmse")


@pytest.mark.parametrize("metric", ["accuracy", "log_loss", "roc_auc"])
def test_a_thousand_replicates_of_a_hundred_thousand_rows_take_seconds(metric: str) -> None:
    p = scores(100_000)
    started = time.perf_counter()
    bootstrap(p, metric, seed=0)
    assert time.perf_counter() - started < 10.0

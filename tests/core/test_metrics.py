"""Metrics against formulas by hand and against scikit-learn, with row weights and without."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.core.errors import RecipeError
from assay.core.files import to_json
from assay.core.metrics import (
    METRICS,
    check_metric,
    confusion,
    curves,
    error,
    measure,
    residuals,
    weighted_error,
)
from assay.core.predictions import Predictions
from assay.core.task import Task


def binary(truth: list[int], score: list[float]) -> Predictions:
    probability = np.array(score)
    output = np.column_stack([1.0 - probability, probability])
    return Predictions(Task.BINARY, np.array(truth), output, ("no", "yes"))


def regression(truth: list[float], output: list[float]) -> Predictions:
    return Predictions(Task.REGRESSION, np.array(truth), np.array(output))


def drawn(num_rows: int, num_classes: int, seed: int, decimals: int = 2) -> Predictions:
    """Predictions with ties, of which each class is true and predicted at least once."""
    rng = np.random.default_rng(seed)
    truth = np.concatenate([np.arange(num_classes), rng.integers(0, num_classes, num_rows - num_classes)])
    score = rng.random((num_rows, num_classes)) + 0.5 * np.eye(num_classes)[truth]
    output = np.round(score / score.sum(axis=1, keepdims=True), decimals)
    output[np.arange(num_rows), output.argmax(axis=1)] += 1.0 - output.sum(axis=1)
    task = Task.BINARY if num_classes == 2 else Task.MULTICLASS
    return Predictions(task, truth, output, tuple(f"class {k}" for k in range(num_classes)))


def test_regression_by_hand() -> None:
    found = measure(regression([1.0, 2.0, 3.0, 6.0], [1.0, 3.0, 3.0, 3.0]))
    assert found == {
        "rmse": pytest.approx(math.sqrt((0 + 1 + 0 + 9) / 4)),
        "mae": pytest.approx((0 + 1 + 0 + 3) / 4),
        "r2": pytest.approx(1 - 10 / (4 + 1 + 0 + 9)),
    }


def test_two_classes_by_hand() -> None:
    p = binary([0, 0, 0, 1, 1], [0.1, 0.4, 0.6, 0.3, 0.9])  # one false alarm, one miss
    found = measure(p)
    assert confusion(p) == [[2, 1], [1, 1]]
    assert found["accuracy"] == pytest.approx(3 / 5)
    assert found["balanced_accuracy"] == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert found["precision"] == found["recall"] == found["f1"] == pytest.approx(1 / 2)
    assert found["roc_auc"] == pytest.approx(4 / 6)  # of 6 pairs: 0.9 above all three, 0.3 above one
    assert found["brier"] == pytest.approx((0.01 + 0.16 + 0.36 + 0.49 + 0.01) / 5)
    assert found["log_loss"] == pytest.approx(-np.log([0.9, 0.6, 0.4, 0.3, 0.9]).mean())
    # Each row is alone in its bin of 15: |0 - .1|, |0 - .4|, |0 - .6|, |1 - .3|, |1 - .9|
    assert found["calibration_error"] == pytest.approx((0.1 + 0.4 + 0.6 + 0.7 + 0.1) / 5)


def test_calibration_of_more_classes_by_hand() -> None:
    output = np.array([[0.8, 0.1, 0.1], [0.8, 0.1, 0.1], [0.1, 0.5, 0.4], [0.1, 0.5, 0.4]])
    p = Predictions(Task.MULTICLASS, np.array([0, 1, 1, 1]), output, ("a", "b", "c"))
    assert measure(p)["calibration_error"] == pytest.approx((2 * abs(0.5 - 0.8) + 2 * abs(1.0 - 0.5)) / 4)


@pytest.mark.parametrize("num_classes", [2, 3, 7])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_classes_against_scikit_learn(num_classes: int, seed: int) -> None:
    from sklearn import metrics as reference

    p = drawn(300, num_classes, seed)
    weights = np.random.default_rng(seed).integers(0, 4, len(p)).astype(float)
    average = "binary" if num_classes == 2 else "macro"
    score = p.output[:, 1] if num_classes == 2 else p.output
    several = {} if num_classes == 2 else {"multi_class": "ovr"}
    expected = {
        "accuracy": reference.accuracy_score(p.truth, p.predicted, sample_weight=weights),
        "balanced_accuracy": reference.balanced_accuracy_score(p.truth, p.predicted, sample_weight=weights),
        "precision": reference.precision_score(p.truth, p.predicted, average=average, sample_weight=weights),
        "recall": reference.recall_score(p.truth, p.predicted, average=average, sample_weight=weights),
        "f1": reference.f1_score(p.truth, p.predicted, average=average, sample_weight=weights),
        "roc_auc": reference.roc_auc_score(p.truth, score, sample_weight=weights, **several),
        "log_loss": reference.log_loss(p.truth, p.output, sample_weight=weights),
        "brier": reference.brier_score_loss(p.truth, score, sample_weight=weights),
    }
    for name, value in expected.items():
        made_error = value if name in {"log_loss", "brier"} else 1.0 - value
        assert weighted_error(p, name)(weights[None])[0] == pytest.approx(made_error, abs=1e-10), name
    assert confusion(p) == reference.confusion_matrix(p.truth, p.predicted).tolist()


@pytest.mark.parametrize("offset", [0.0, 1e6])
def test_regression_against_scikit_learn(offset: float) -> None:
    from sklearn import metrics as reference

    rng = np.random.default_rng(0)
    truth = rng.normal(offset, 3.0, 500)
    output = truth + rng.normal(0.5, 1.0, 500)
    p, weights = regression(truth.tolist(), output.tolist()), rng.integers(0, 4, 500).astype(float)
    expected = {
        "rmse": reference.root_mean_squared_error(truth, output, sample_weight=weights),
        "mae": reference.mean_absolute_error(truth, output, sample_weight=weights),
        "r2": 1.0 - reference.r2_score(truth, output, sample_weight=weights),
    }
    for name, value in expected.items():
        assert weighted_error(p, name)(weights[None])[0] == pytest.approx(value, rel=1e-9), name


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 4), st.integers(0, 3)), min_size=1, max_size=30))
@settings(max_examples=60, deadline=None)
def test_weights_count_as_repeated_rows(rows: list[tuple[int, int, int]]) -> None:
    truth, level, times = map(np.array, zip(*rows, strict=True))
    p = binary(truth.tolist(), (level / 4.0).tolist())
    repeated = p.take(np.repeat(np.arange(len(p)), times))
    for metric in METRICS[Task.BINARY]:
        weighted = weighted_error(p, metric)(times[None].astype(float))[0]
        assert weighted == pytest.approx(error(repeated, metric), nan_ok=True, abs=1e-12), metric


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=2, max_size=25))
@settings(max_examples=60, deadline=None)
def test_roc_auc_is_the_share_of_pairs_won(rows: list[tuple[bool, int]]) -> None:
    high = [level for is_yes, level in rows if is_yes]
    low = [level for is_yes, level in rows if not is_yes]
    won = [float(a > b) + 0.5 * float(a == b) for a in high for b in low]
    expected = sum(won) / len(won) if won else math.nan
    p = binary([int(is_yes) for is_yes, _ in rows], [level / 5 for _, level in rows])
    assert measure(p)["roc_auc"] == pytest.approx(expected, nan_ok=True)


def test_one_class_alone_leaves_roc_auc_undefined_and_null() -> None:
    found = measure(binary([1, 1, 1], [0.2, 0.7, 0.9]))
    assert math.isnan(found["roc_auc"])
    assert '"roc_auc": null' in to_json(found)
    assert found["accuracy"] == pytest.approx(2 / 3)
    assert found["balanced_accuracy"] == pytest.approx(2 / 3)  # of the class that occurs
    assert curves(binary([1, 1, 1], [0.2, 0.7, 0.9]))["roc"][0]["points"] == []


def test_a_class_that_is_never_predicted_has_precision_zero() -> None:
    found = measure(binary([0, 1, 1], [0.1, 0.2, 0.3]))
    assert (found["precision"], found["recall"], found["f1"]) == (0.0, 0.0, 0.0)


def test_macro_averages_leave_out_a_class_that_never_occurs() -> None:
    output = np.array([[0.8, 0.1, 0.1], [0.1, 0.8, 0.1]])
    p = Predictions(Task.MULTICLASS, np.array([0, 1]), output, ("a", "b", "c"))
    found = measure(p)
    assert [found[name] for name in ("balanced_accuracy", "precision", "recall", "f1", "roc_auc")] == [
        1.0
    ] * 5


def test_no_rows_measure_nan_without_a_warning() -> None:
    empty = drawn(10, 3, 0).take(np.empty(0, dtype=np.int64))
    assert all(math.isnan(value) for value in measure(empty).values())
    assert all(math.isnan(value) for value in measure(regression([], [])).values())
    assert confusion(empty) == [[0] * 3] * 3
    assert residuals(regression([], []))["points"] == []


def test_a_target_that_does_not_vary_has_no_r2() -> None:
    assert math.isnan(measure(regression([0.1, 0.1, 0.1], [0.1, 0.2, 0.3]))["r2"])
    assert math.isnan(measure(regression([1e9 + 0.1] * 7, [1.0] * 7))["r2"])


def test_a_certain_mistake_has_a_finite_log_loss() -> None:
    assert measure(binary([1], [0.0]))["log_loss"] == pytest.approx(-math.log(np.finfo(float).eps))


def test_errors_are_one_minus_the_metric_or_the_metric_itself() -> None:
    p = binary([0, 0, 0, 1, 1], [0.1, 0.4, 0.6, 0.3, 0.9])
    found = measure(p)
    for name in METRICS[Task.BINARY]:
        is_error = name in {"log_loss", "brier", "calibration_error"}
        assert error(p, name) == pytest.approx(found[name] if is_error else 1.0 - found[name]), name


def test_a_metric_of_the_other_task_is_refused() -> None:
    with pytest.raises(RecipeError, match="'rmse' is not for binary"):
        check_metric("rmse", Task.BINARY)
    with pytest.raises(RecipeError, match="did you mean 'accuracy'"):
        check_metric("acuracy", Task.MULTICLASS)


@pytest.mark.parametrize("num_classes", [2, 3])
def test_roc_curve_has_the_area_and_few_points(num_classes: int) -> None:
    p = drawn(5_000, num_classes, 0, decimals=6)
    lines = curves(p)["roc"]
    assert [line["label"] for line in lines] == list(p.labels[1:] if num_classes == 2 else p.labels)
    assert sum(len(line["points"]) for line in lines) <= 200
    areas = []
    for line in lines:
        points = np.array(line["points"])
        assert points[0].tolist() == [0.0, 0.0]
        assert points[-1].tolist() == [1.0, 1.0]
        assert (np.diff(points, axis=0) >= 0).all()
        areas.append(np.trapezoid(points[:, 1], points[:, 0]))
    assert np.mean(areas) == pytest.approx(measure(p)["roc_auc"], abs=0.003)


def test_calibration_bins_add_up_to_the_calibration_error() -> None:
    p = drawn(2_000, 2, 3)
    bins = curves(p)["calibration"]
    assert sum(item["rows"] for item in bins) == len(p)
    gap = sum(item["rows"] * abs(item["frequency"] - item["probability"]) for item in bins) / len(p)
    assert gap == pytest.approx(measure(p)["calibration_error"])


def test_residuals_are_small_enough_for_a_page_and_complete() -> None:
    rng = np.random.default_rng(0)
    truth = rng.normal(50.0, 10.0, 10_000)
    output = truth + rng.normal(0.0, 2.0, 10_000)
    drawing = residuals(regression(truth.tolist(), output.tolist()))
    histogram = drawing["histogram"]
    assert len(histogram["edges"]) == len(histogram["counts"]) + 1 == 41
    assert sum(histogram["counts"]) + histogram["below"] + histogram["above"] == 10_000
    assert sum(item["rows"] for item in drawing["by_prediction"]) == 10_000
    assert len(drawing["points"]) == 200
    middle = drawing["by_prediction"][10]
    assert middle["low"] < middle["median"] < middle["high"]


def test_residuals_of_one_row() -> None:
    drawing = residuals(regression([3.0], [1.0]))
    assert drawing["points"] == [[1.0, 3.0]]
    assert sum(drawing["histogram"]["counts"]) == 1

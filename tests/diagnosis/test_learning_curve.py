"""The record of a learning curve."""

import numpy as np
import pytest

from assay.core.errors import BundleError
from assay.core.files import to_json
from assay.core.predictions import Predictions
from assay.core.task import Task
from assay.diagnosis.learning_curve import LearningCurve

SIZES = (500, 1000, 2000, 4000)


def classes(num_rows: int, error: float, seed: int = 0) -> Predictions:
    """Binary predictions that err on about this share of the rows, on the same ones at each error."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 2, num_rows)
    said = np.where(rng.random(num_rows) < error, 1 - truth, truth)
    return Predictions(Task.BINARY, truth, np.eye(2)[said] * 0.8 + 0.1, ("no", "yes"))


def quantity(num_rows: int, error: float, seed: int = 0) -> Predictions:
    rng = np.random.default_rng(seed)
    truth = rng.normal(100.0, 20.0, num_rows)
    return Predictions(Task.REGRESSION, truth, truth + error * rng.standard_normal(num_rows))


def curve(errors, make=classes, metric="accuracy", sizes=SIZES) -> LearningCurve:
    parts = [
        (make(rows, 0.9 * error, seed=1), make(3000, error))
        for rows, error in zip(sizes, errors, strict=True)
    ]
    return LearningCurve.of(metric, parts)


@pytest.mark.parametrize(
    ("make", "metric", "unit"),
    [(classes, "accuracy", 1.0), (quantity, "rmse", 200.0)],
    ids=["classes", "rmse"],
)
def test_a_falling_curve_is_followed_to_four_times_the_rows(make, metric, unit):
    found = curve([unit * (0.1 + 0.05 * (n / 4000) ** -0.5) for n in SIZES], make, metric)
    assert [point.rows for point in found.points] == list(SIZES)
    assert found.ahead is not None
    assert found.ahead.rows == 16_000
    assert found.gain is not None
    assert found.gain.low <= 0.025 * unit <= found.gain.high
    assert found.gain.low > 0.0
    assert found.ahead.error.low < found.points[-1].validation_error.value
    assert "4 times the rows (16,000) would buy about" in found.because


def test_parts_may_come_in_any_order():
    parts = [(classes(rows, 0.2, 1), classes(1000, 0.2)) for rows in (4000, 500, 2000)]
    assert [point.rows for point in LearningCurve.of("accuracy", parts).points] == [500, 2000, 4000]


def test_a_flat_curve_names_only_the_most_that_rows_would_buy():
    found = curve([0.2, 0.2, 0.2, 0.2])
    assert "falls by no more than noise" in found.because
    assert "would buy at most" in found.because
    assert found.gain is not None
    assert found.gain.low < 0.001


def test_a_rising_curve_is_not_followed():
    found = curve([0.1, 0.14, 0.18, 0.24])
    assert found.gain is None
    assert found.ahead is None
    assert "beyond noise: no curve that falls fits it" in found.because


@pytest.mark.parametrize("sizes", [(4000,), (500, 4000), (2000, 3000, 4000)])
def test_too_few_sizes_or_too_close_ones_are_told(sizes):
    found = curve([0.2 + 10 / rows for rows in sizes], sizes=sizes)
    assert found.gain is None
    assert found.curve == ()
    assert found.because.startswith("The curve is too short to follow")
    assert len(found.points) == len(sizes)


def test_few_validation_rows_make_it_too_noisy():
    errors = (0.7, 0.5, 0.4, 0.2)
    parts = [
        (classes(rows, 0.2, 1), classes(12, error, seed))
        for seed, (rows, error) in enumerate(zip(SIZES, errors, strict=True))
    ]
    assert "noise" in LearningCurve.of("accuracy", parts).because.replace("noisy", "noise")


def test_the_same_seed_gives_the_same_curve():
    errors = [0.2, 0.18, 0.17, 0.165]
    assert curve(errors) == curve(errors)


@pytest.mark.parametrize("errors", [(0.2, 0.18, 0.17, 0.165), (0.1, 0.14, 0.18, 0.24)])
def test_the_record_comes_back(errors):
    import json

    found = curve(errors)
    assert LearningCurve.from_json(json.loads(to_json(found.to_json()))) == found


@pytest.mark.parametrize("record", [{}, {"metric": "rmse"}, None])
def test_a_damaged_record_is_refused(record):
    with pytest.raises(BundleError, match="the learning curve is damaged"):
        LearningCurve.from_json(record)

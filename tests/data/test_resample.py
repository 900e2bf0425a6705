"""Class weights, over- and under-sampling."""

from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from assay.core.errors import DataError
from assay.data.resample import class_weights, resample

some_classes = arrays.arrays(np.int64, st.integers(1, 200), elements=st.integers(0, 5))


@given(classes=some_classes, seed=st.integers(0, 2**32))
def test_over_sampling_keeps_every_row_and_balances(classes: np.ndarray, seed: int) -> None:
    rows = resample(classes, "over", seed)
    counts = np.unique(classes, return_counts=True)[1]
    assert set(rows) == set(range(len(classes)))
    assert np.unique(classes[rows], return_counts=True)[1].tolist() == [counts.max()] * len(counts)


@given(classes=some_classes, seed=st.integers(0, 2**32))
def test_under_sampling_takes_no_row_twice_and_balances(classes: np.ndarray, seed: int) -> None:
    rows = resample(classes, "under", seed)
    counts = np.unique(classes, return_counts=True)[1]
    assert len(np.unique(rows)) == len(rows)
    assert np.unique(classes[rows], return_counts=True)[1].tolist() == [counts.min()] * len(counts)


@pytest.mark.parametrize("method", ["over", "under"])
def test_the_seed_names_the_draw(method: Literal["over", "under"]) -> None:
    classes = np.array([0] * 80 + [1] * 20)
    rows = resample(classes, method, 1)
    assert rows.dtype == np.int64
    assert np.array_equal(rows, resample(classes, method, 1))
    assert not np.array_equal(rows, resample(classes, method, 2))


def test_the_courses_count() -> None:
    classes = np.array([0] * 23_364 + [1] * 6_636)
    assert len(resample(classes, "over")) == 46_728


def test_nothing_to_resample() -> None:
    with pytest.raises(DataError, match="no rows to resample"):
        resample(np.empty(0, dtype=np.int64), "over")


@given(classes=some_classes)
def test_weights_make_classes_count_alike_and_rows_one_on_average(classes: np.ndarray) -> None:
    weights = class_weights(classes, 7)
    assert weights[classes].mean() == pytest.approx(1)
    counts = np.bincount(classes, minlength=7)
    assert np.ptp((weights * counts)[counts > 0]) == pytest.approx(0, abs=1e-9)
    assert (weights[counts == 0] == 0).all()


def test_weights_agree_with_scikit_learn() -> None:
    from sklearn.utils.class_weight import compute_class_weight

    classes = np.array([0] * 70 + [1] * 25 + [2] * 5)
    theirs = compute_class_weight("balanced", classes=np.arange(3), y=classes)
    assert class_weights(classes, 3) == pytest.approx(theirs)

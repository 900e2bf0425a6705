"""Wrong targets that were planted are found, as well as cleanlab finds them."""

import numpy as np
import pytest
from error_tables import regression
from sklearn.datasets import load_digits, make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from assay.core.predictions import Predictions
from assay.core.task import Task
from assay.diagnosis.errors.confident_learning import confident_joint, contradicted
from assay.diagnosis.errors.label_errors import LabelErrors, find_label_errors


def planted(name: str, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Given labels of which 6 % are flipped, out-of-fold probabilities, and where they are flipped."""
    rng = np.random.default_rng(seed)
    if name == "digits":
        inputs, truth = load_digits(return_X_y=True)
        inputs = inputs / 16.0
    else:
        weights = [0.9, 0.1] if name == "rare" else None
        inputs, truth = make_classification(
            1_500, 12, n_informative=8, n_redundant=0, n_classes=4 if name == "four" else 2, class_sep=2.0,
            flip_y=0.0, n_clusters_per_class=1, weights=weights, random_state=seed,
        )  # fmt: skip
    num_classes = truth.max() + 1
    flipped = rng.random(len(truth)) < 0.06
    given = truth.copy()
    given[flipped] = (truth[flipped] + rng.integers(1, num_classes, flipped.sum())) % num_classes
    model = LogisticRegression(max_iter=2_000)
    return given, cross_val_predict(model, inputs, given, cv=3, method="predict_proba"), flipped


def precision_and_recall(found: np.ndarray, flipped: np.ndarray) -> tuple[float, float]:
    hits = (found & flipped).sum()
    return hits / found.sum(), hits / flipped.sum()


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("name", ["two", "four", "rare", "digits"])
def test_as_good_as_cleanlab(name, seed):
    cleanlab = pytest.importorskip("cleanlab")
    given, probability, flipped = planted(name, seed)
    ours = contradicted(given, probability)
    theirs = cleanlab.filter.find_label_issues(given, probability, n_jobs=1)
    reference = cleanlab.count.compute_confident_joint(given, probability, calibrate=False)
    assert confident_joint(given, probability).tolist() == reference.tolist()
    precision, recall = precision_and_recall(ours, flipped)
    reference_precision, reference_recall = precision_and_recall(theirs, flipped)
    assert precision >= reference_precision - 0.03
    assert recall >= reference_recall - 0.04
    assert precision > 0.65
    assert recall > 0.7
    assert (ours & theirs).sum() / (ours | theirs).sum() > 0.9


def test_the_joint_by_hand():
    given = np.array([0, 0, 0, 1, 1])
    probability = np.array([[0.9, 0.1], [0.8, 0.2], [0.2, 0.8], [0.3, 0.7], [0.1, 0.9]])
    # Thresholds: the mean of 0.9, 0.8, 0.2 for class 0, and of 0.7, 0.9 for class 1.
    assert confident_joint(given, probability).tolist() == [[2, 1], [0, 1]]
    assert np.flatnonzero(contradicted(given, probability)).tolist() == [2]


def test_a_class_without_rows_is_suggested_to_nobody():
    given = np.array([0, 0, 1, 1])
    probability = np.array([[0.5, 0.1, 0.4], [0.1, 0.1, 0.8], [0.1, 0.8, 0.1], [0.2, 0.7, 0.1]])
    assert confident_joint(given, probability)[:, 2].sum() == 0
    assert not contradicted(given, probability).any()


def classified(given: np.ndarray, probability: np.ndarray, rows: np.ndarray) -> Predictions:
    labels = tuple(f"kind {number}" for number in range(probability.shape[1]))
    return Predictions(Task.MULTICLASS, given, probability, labels, rows)


def test_suspects_of_both_parts_by_their_row_numbers():
    given, probability, flipped = planted("four", 0)
    order = np.random.default_rng(0).permutation(len(given))
    validation, train = (
        classified(given[rows], probability[rows], rows) for rows in (order[:500], order[500:])
    )
    found = find_label_errors(validation, train)
    assert found.looked_at == 1_500
    assert {suspect.part for suspect in found.suspects} == {"training", "validation"}
    assert found.count == len(found.rows)
    assert np.mean(flipped[np.array(found.rows) - 1]) > 0.85
    assert [one.score for one in found.suspects] == sorted(one.score for one in found.suspects)
    assert str(found.suspects[0]).startswith(f"row {found.suspects[0].row:,} (kind ")
    assert LabelErrors.from_json(found.to_json()) == found


def test_overlapping_classes_are_not_called_wrong_labels():
    rng = np.random.default_rng(0)
    second = rng.beta(1.0, 1.0, 2_000)
    given = (rng.random(2_000) < second).astype(np.int64)
    p = Predictions(Task.BINARY, given, np.column_stack([1 - second, second]), ("no", "yes"))
    found = find_label_errors(p)
    assert not found.are_few
    assert "the classes overlap" in found.because


def test_clean_labels_have_no_suspects():
    given = np.repeat([0, 1], 100)
    p = Predictions(Task.BINARY, given, np.where(np.eye(2)[given] == 1, 0.95, 0.05), ("no", "yes"))
    found = find_label_errors(p)
    assert (found.count, found.are_few) == (0, True)
    assert "no target of 200 rows contradicts" in found.because


def test_values_far_off_in_a_regression():
    rng = np.random.default_rng(1)
    residual = rng.normal(size=1_000)
    residual[[3, 500]] = [60.0, -45.0]
    found = find_label_errors(regression(residual, rng))
    assert found.rows == (4, 501)
    assert found.are_few
    assert found.suspects[0].score == pytest.approx(60.0, rel=0.1)
    heavy = find_label_errors(regression(rng.standard_t(1.5, size=2_000), rng))
    assert not heavy.are_few
    assert "heavy tail" in heavy.because
    assert find_label_errors(regression(np.zeros(50), rng)).count == 0

"""Three gaps: validation rows of another kind than the training rows."""

import json

import numpy as np
import pytest

from assay.core.errors import DataError
from assay.core.files import to_json
from assay.core.predictions import Predictions
from assay.core.task import Task
from assay.diagnosis.diagnose import diagnose
from assay.diagnosis.diagnosis import Diagnosis
from assay.diagnosis.remedies import MISMATCH, VARIANCE
from assay.diagnosis.verdict import Verdict


def quantities(rmse: float, num_rows: int, *, num_groups: int = 0, seed: int = 0) -> Predictions:
    """Residuals of exactly this RMSE."""
    rng = np.random.default_rng(seed)
    truth, residuals = rng.normal(2000.0, 10.0, num_rows), rng.normal(size=num_rows)
    residuals *= rmse / np.sqrt(np.square(residuals).mean())
    groups = np.arange(num_rows) % num_groups if num_groups else np.empty(0, dtype=np.int64)
    return Predictions(Task.REGRESSION, truth, truth + residuals, groups=groups)


def answers(wrong: int, num_rows: int, *, num_groups: int = 0) -> Predictions:
    truth = np.arange(num_rows) % 2
    said = np.where(np.arange(num_rows) < wrong, 1 - truth, truth)
    groups = np.arange(num_rows) // (num_rows // num_groups) if num_groups else np.empty(0, dtype=np.int64)
    return Predictions(Task.BINARY, truth, 0.1 + 0.8 * np.eye(2)[said], ("no", "yes"), groups=groups)


def year(floor: float | None = None) -> Diagnosis:
    """YearPredictionMSD's published network: validation shares artists with training, test doesn't."""
    return diagnose(
        quantities(6.29, 400_000),
        quantities(8.85, 50_000, seed=1),
        train_like=quantities(8.34, 50_000, seed=2),
        bayes_error=floor,
        replicates=200,
    )


def test_years_of_songs_without_a_floor() -> None:
    found = year()
    assert found.mismatch is not None
    assert found.train_like_error is not None
    assert found.train_like_error.value == pytest.approx(8.34)
    assert found.variance.value == pytest.approx(2.05)
    assert found.mismatch.value == pytest.approx(0.51)
    assert found.mismatch.low > 0.3
    assert found.verdict is Verdict.UNDECIDED
    assert found.missing == "a floor: well below 4.24 the verdict is high bias, well above it high variance"
    assert found.floor.interval.high < 8.5  # what was reached on rows like the training rows, not 8.85
    assert "The train-like validation error is 8.34, 2.05 above the training error." in found.because
    assert "The validation error, on rows of another kind, is 8.85, 0.51 above that." in found.because


@pytest.mark.parametrize(("floor", "verdict"), [(2.0, Verdict.HIGH_BIAS), (5.5, Verdict.HIGH_VARIANCE)])
def test_years_of_songs_with_a_floor(floor: float, verdict: Verdict) -> None:
    found = year(floor)
    assert found.verdict is verdict
    assert "is the largest one, beyond the noise of 400,000 training, 50,000 train-like" in found.because


def test_mismatch_is_to_blame_where_it_is_the_largest() -> None:
    train, like, target = answers(1000, 10_000), answers(560, 5000), answers(1500, 5000)
    found = diagnose(train, target, train_like=like, bayes_error=0.09)
    assert found.verdict is Verdict.MISMATCH
    assert [gap.value for gap in (found.bias, found.variance)] == pytest.approx([0.01, 0.012])
    assert found.mismatch is not None
    assert found.mismatch.value == pytest.approx(0.188)
    assert "The third gap, the mismatch, is the largest one" in found.because
    assert found.remedies == MISMATCH
    assert diagnose(train, target, bayes_error=0.09).verdict is Verdict.HIGH_VARIANCE  # without it: mistaken


def test_mismatch_whatever_the_floor() -> None:
    found = diagnose(answers(100, 10_000), answers(1500, 5000), train_like=answers(60, 5000))
    assert found.verdict is Verdict.MISMATCH
    assert "whatever the floor, the mismatch is larger" in found.because


def test_all_three_closed_is_at_the_floor() -> None:
    found = diagnose(
        answers(6000, 40_000), answers(3030, 20_000), train_like=answers(3010, 20_000), bayes_error=0.148
    )
    assert found.verdict is Verdict.AT_THE_FLOOR
    assert "All lie below 0.01515" in found.because


def test_easier_target_rows_are_no_mismatch() -> None:
    found = diagnose(answers(0, 10_000), answers(300, 5000), train_like=answers(1500, 5000))
    assert found.verdict is Verdict.HIGH_VARIANCE
    assert found.remedies == VARIANCE
    assert "is 0.06, 0.24 below that." in found.because


def test_two_large_gaps_are_named_with_the_groups_that_would_tell_them_apart() -> None:
    found = diagnose(
        answers(0, 4000, num_groups=100),
        answers(700, 2000, num_groups=20),
        train_like=answers(300, 2000, num_groups=100),
    )
    assert found.verdict is Verdict.UNDECIDED
    assert "groups of rows, if the errors stay as they are" in found.missing
    assert "100 training, 100 train-like and 20 validation groups are too few" in found.because
    assert "which of the three gaps is the largest" in found.because
    assert [remedy.name for remedy in found.remedies] == ["more groups"]
    assert found.remedies[0].because == "the intervals shrink as 1 / sqrt(groups)"


def test_the_groups_that_were_said_to_decide_do() -> None:
    """The advice counts groups: twenty validation groups, each wrong as a whole or not at all."""

    def of_groups(wrong: int, num_groups: int) -> Predictions:
        return answers(wrong * 20, num_groups * 20, num_groups=num_groups)

    few = diagnose(of_groups(5, 100), of_groups(6, 20), bayes_error=0.01)
    assert few.verdict is Verdict.UNDECIDED
    groups = int(few.missing.split("about ")[1].split(" validation groups")[0].replace(",", ""))
    times = 1.3 * groups / 20
    more = diagnose(of_groups(5, 100), of_groups(round(6 * times), round(20 * times)), bayes_error=0.01)
    assert more.verdict is Verdict.HIGH_VARIANCE


def test_the_record_of_three_gaps() -> None:
    found = year(2.0)
    record = json.loads(to_json(found.to_json()))
    assert record["train_like_error"] == pytest.approx(8.34)
    assert record["mismatch"]["value"] == pytest.approx(0.51)
    assert set(record["intervals"]) == {"train_error", "train_like_error", "validation_error"}
    assert Diagnosis.from_json(record) == found
    text, page = str(found), found._repr_html_()
    assert "  train-like error  8.34 (" in text
    assert "  mismatch          0.51 (" in text
    assert "mismatch" in page


def test_train_like_rows_of_another_task_are_refused() -> None:
    with pytest.raises(DataError, match="training rows are for binary, the train-like rows for regression"):
        diagnose(answers(1, 10), answers(1, 10), train_like=quantities(1.0, 10))

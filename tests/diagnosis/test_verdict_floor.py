"""Verdicts where the floor is an estimate with an interval."""

import itertools

import numpy as np
import pytest

from assay.core.errors import RecipeError
from assay.core.interval import Interval
from assay.core.predictions import Predictions
from assay.core.task import Task
from assay.diagnosis.diagnose import diagnose
from assay.diagnosis.diagnosis import Diagnosis
from assay.diagnosis.floor import Floor
from assay.diagnosis.verdict import Verdict


def answers(wrong: int, num_rows: int) -> Predictions:
    truth = np.arange(num_rows) % 2
    said = np.where(np.arange(num_rows) < wrong, 1 - truth, truth)
    return Predictions(Task.BINARY, truth, 0.1 + 0.8 * np.eye(2)[said], ("no", "yes"))


def estimated(low: float, high: float) -> Floor:
    return Floor(Interval((low + high) / 2, low, high), ("nearest neighbours", "reference model"))


def worked(low: float, high: float) -> Diagnosis:
    """The course's errors, 0.284 and 0.29."""
    return diagnose(answers(7952, 28_000), answers(2900, 10_000), floor=estimated(low, high))


def test_a_floor_that_leaves_one_answer_decides() -> None:
    found = worked(0.14, 0.17)
    assert found.verdict is Verdict.HIGH_BIAS
    assert found.bias.value == pytest.approx(0.284 - 0.155)
    assert found.bias.low < 0.284 - 0.17
    assert found.bias.high > 0.284 - 0.14
    assert "The training error is 0.284, 0.114 to 0.144 above the floor of 0.14 to 0.17." in found.because
    assert "and for every floor in the interval" in found.because


def test_a_floor_that_leaves_two_answers_does_not() -> None:
    found = worked(0.2, 0.28)
    assert found.verdict is Verdict.UNDECIDED
    assert found.missing.startswith("a narrower floor: well below 0.255 the verdict is high bias, well above")
    assert found.missing.endswith("at the floor")
    assert [remedy.name for remedy in found.remedies] == ["wider network", "state the floor"]
    assert worked(0.27, 0.285).verdict is Verdict.AT_THE_FLOOR


def test_an_error_inside_the_floor_is_said_to_be() -> None:
    assert "The training error is 0.284, within the floor of 0.2 to 0.29." in worked(0.2, 0.29).because


@pytest.mark.parametrize(
    ("train", "validation", "low", "high"),
    [
        (train, validation, low, low + width)
        for train, validation in itertools.product((0.02, 0.1, 0.2, 0.3), (0.1, 0.2, 0.3))
        for low, width in ((0.0, 0.05), (0.05, 0.1), (0.1, 0.15), (0.18, 0.02))
    ],
)
def test_an_interval_never_decides_what_a_floor_within_it_would_decide_otherwise(
    train: float, validation: float, low: float, high: float
) -> None:
    rows = answers(round(train * 8000), 8000), answers(round(validation * 4000), 4000)
    found = diagnose(*rows, floor=estimated(low, high), replicates=200)
    if found.verdict is not Verdict.UNDECIDED:
        for floor in np.linspace(low, high, 4):
            one = diagnose(*rows, bayes_error=float(floor), replicates=200)
            assert one.verdict in {found.verdict, Verdict.UNDECIDED}
            if one.verdict is Verdict.UNDECIDED:
                assert "floor is too high" in one.because


def test_an_open_gap_near_the_margin_is_no_verdict() -> None:
    """Above zero beyond noise, and yet perhaps too small to count."""
    found = diagnose(answers(15_000, 100_000), answers(8500, 50_000), bayes_error=0.149, replicates=300)
    assert found.variance.low > 0.0
    assert found.variance.low < 0.017 < found.variance.high
    assert found.verdict is Verdict.UNDECIDED
    assert "whether the largest gap, the variance, lies above 0.017, a tenth of the" in found.because
    assert found.missing.startswith("about ")


def test_an_estimate_above_the_validation_error_is_called_wrong() -> None:
    found = worked(0.4, 0.45)
    assert found.verdict is Verdict.UNDECIDED
    assert "below the floor of 0.4 to 0.45 that was estimated, so that floor is too high" in found.because


def test_it_shows_who_estimated_the_floor() -> None:
    found = worked(0.16, 0.18)
    line = "floor             0.16 to 0.18, estimated by nearest neighbours, reference model"
    assert f"  {line}" in str(found)
    assert "0.16 to 0.18, estimated by nearest neighbours, reference model" in found._repr_html_()
    assert "floor             0.15, given" in str(
        diagnose(answers(7952, 28_000), answers(2900, 10_000), bayes_error=0.15)
    )
    assert Diagnosis.from_json(found.to_json()) == found


def test_a_floor_is_given_or_estimated_and_not_both() -> None:
    with pytest.raises(RecipeError, match="both bayes_error and floor"):
        diagnose(answers(1, 10), answers(1, 10), bayes_error=0.1, floor=estimated(0.0, 0.1))


def test_records_of_the_first_version_are_read() -> None:
    found = diagnose(answers(7952, 28_000), answers(2900, 10_000), bayes_error=0.15)
    record = found.to_json()
    del record["train_like_error"], record["num_seeds"], record["intervals"]["train_like_error"]
    assert record["floor"].keys() == {"value", "low", "high", "methods"}
    assert Diagnosis.from_json(record) == found

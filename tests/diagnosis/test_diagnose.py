"""Verdicts on cases whose answer is known."""

import json
import re

import numpy as np
import pytest

from assay.core.errors import BundleError, DataError, RecipeError
from assay.core.files import to_json
from assay.core.predictions import Predictions
from assay.core.task import Task
from assay.diagnosis.absent import Absent
from assay.diagnosis.diagnose import diagnose
from assay.diagnosis.diagnosis import Diagnosis
from assay.diagnosis.floor import Floor
from assay.diagnosis.gaps import Gaps
from assay.diagnosis.measured import measure
from assay.diagnosis.remedies import BIAS, VARIANCE
from assay.diagnosis.verdict import Verdict


def answers(wrong: int, num_rows: int) -> Predictions:
    """Two classes in turns, of which the first `wrong` rows are mistaken."""
    truth = np.arange(num_rows) % 2
    said = np.where(np.arange(num_rows) < wrong, 1 - truth, truth)
    return Predictions(Task.BINARY, truth, 0.1 + 0.8 * np.eye(2)[said], ("no", "yes"))


def quantities(spread: float, num_rows: int, seed: int = 0) -> Predictions:
    rng = np.random.default_rng(seed)
    truth = rng.normal(100.0, 50.0, num_rows)
    return Predictions(Task.REGRESSION, truth, truth + rng.normal(0.0, spread, num_rows))


@pytest.fixture(scope="module")
def worked() -> Diagnosis:
    """Training error 0.284 of 28,000 rows, validation error 0.29 of 10,000 rows, floor 0.15."""
    return diagnose(answers(7952, 28_000), answers(2900, 10_000), bayes_error=0.15)


def test_the_worked_case_is_high_bias(worked: Diagnosis) -> None:
    assert worked.verdict is Verdict.HIGH_BIAS
    assert worked.metric == "accuracy"
    assert worked.train_error.value == pytest.approx(0.284)
    assert worked.validation_error.value == pytest.approx(0.29)
    assert worked.bias.value == pytest.approx(0.134)
    assert worked.variance.value == pytest.approx(0.006)
    assert worked.bias.low == pytest.approx(0.1287, abs=0.002)
    assert worked.variance.low < 0.0 < worked.variance.high
    names = [remedy.name for remedy in worked.remedies]
    assert names == [remedy.name for remedy in BIAS]
    assert {"wider network", "longer training"} == set(names[:2])


def test_the_worked_case_on_paper(worked: Diagnosis) -> None:
    record = json.loads(to_json(worked.to_json()))
    assert record["train_error"] == pytest.approx(0.284)
    assert record["validation_error"] == pytest.approx(0.29)
    assert record["floor"] == {"value": 0.15, "low": 0.15, "high": 0.15, "methods": ["given"]}
    assert set(record["bias"]) == set(record["variance"]) == {"value", "low", "high"}
    assert (record["verdict"], record["mismatch"], record["leaks"]) == ("high bias", None, [])
    assert set(record["remedies"][0]) == {"name", "because"}
    assert record["intervals"]["train_error"]["low"] == worked.train_error.low
    assert Diagnosis.from_json(record) == worked


def test_memorised_rows_are_high_variance_whatever_the_floor() -> None:
    for floor in (None, 0.0):
        found = diagnose(answers(0, 2000), answers(200, 1000), bayes_error=floor)
        assert found.verdict is Verdict.HIGH_VARIANCE, floor
        names = {remedy.name for remedy in found.remedies}
        assert names >= {"more rows", "dropout", "weight decay", "smaller network", "early stopping"}


def test_high_variance_with_a_floor() -> None:
    found = diagnose(answers(340, 2000), answers(300, 1000), bayes_error=0.15)
    assert found.verdict is Verdict.HIGH_VARIANCE
    assert found.variance.value == pytest.approx(0.13)


def test_a_training_error_above_the_validation_error_is_a_difference_of_the_parts() -> None:
    found = diagnose(answers(600, 2000), answers(200, 1000))
    assert found.verdict is Verdict.UNDECIDED
    assert "0.1 below the training error. That the error is larger on the rows" in found.because
    assert "the parts differ" in found.because
    assert found.missing == "a floor, or parts of the same kind of rows"
    assert [remedy.name for remedy in found.remedies] == ["another split", "estimate the floor"]


def test_with_a_floor_the_difference_of_the_parts_is_said_beside_the_verdict() -> None:
    found = diagnose(answers(600, 2000), answers(200, 1000), bayes_error=0.05)
    assert found.verdict is Verdict.HIGH_BIAS
    assert "the parts differ" in found.because


def of_classes(wrong: dict[int, int], right: dict[int, int]) -> Predictions:
    """Three classes with so many rows mistaken and right."""
    counts = [(number, count, (number + 1) % 3) for number, count in wrong.items()]
    counts += [(number, count, number) for number, count in right.items()]
    truth = np.concatenate([np.full(count, number) for number, count, _ in counts])
    said = np.concatenate([np.full(count, answer) for _, count, answer in counts])
    return Predictions(Task.MULTICLASS, truth, 0.1 + 0.7 * np.eye(3)[said], ("A", "B", "C"))


@pytest.mark.parametrize("floor", [None, 0.01])
def test_a_class_that_validation_lacks_leaves_it_undecided(floor: float | None) -> None:
    train = of_classes(wrong={2: 100}, right={0: 200, 1: 100})  # all of C is mistaken
    found = diagnose(train, of_classes(wrong={1: 5}, right={0: 100, 1: 45}), bayes_error=floor)
    assert found.verdict is Verdict.UNDECIDED
    assert "hold nothing of class 'C', 25 % of the training rows" in found.because
    assert found.missing.startswith("validation rows of class 'C'")
    assert [remedy.name for remedy in found.remedies] == ["another split"]


def test_a_rare_class_that_validation_lacks_is_mentioned() -> None:
    train = of_classes(wrong={0: 20}, right={0: 2000, 1: 2000, 2: 5})
    validation = of_classes(wrong={0: 300}, right={0: 400, 1: 700})
    found = diagnose(train, validation)
    assert found.verdict is Verdict.HIGH_VARIANCE
    macro = diagnose(train, validation, metric="balanced_accuracy")
    assert macro.verdict is Verdict.UNDECIDED
    with_floor = diagnose(train, validation, bayes_error=0.0)
    assert with_floor.verdict is Verdict.HIGH_VARIANCE
    for told in (found, with_floor):
        assert "The parts differ: the validation rows hold nothing of class 'C', 0.12 %" in told.because


def test_two_wrong_rows_are_no_verdict() -> None:
    assert diagnose(answers(0, 6), answers(2, 2)).verdict is Verdict.UNDECIDED
    for train in (answers(0, 6), answers(0, 200), answers(20, 200)):
        for floor in (None, 0.0):
            assert diagnose(train, answers(2, 8), bayes_error=floor).verdict is Verdict.UNDECIDED


def test_neighbours_in_time_widen_the_intervals_and_the_record_says_so() -> None:
    """Errors of one size for fifty rows, then of another: two thousand rows are forty witnesses."""
    random = np.random.default_rng(0)

    def part(spread: float, *, in_time: bool) -> Predictions:
        sizes = np.repeat(random.lognormal(0.0, 0.8, 40), 50)
        times = np.arange(2000) if in_time else np.empty(0, dtype=np.int64)
        return Predictions(
            Task.REGRESSION, np.zeros(2000), spread * sizes * random.normal(size=2000), times=times
        )

    alone = diagnose(part(1.0, in_time=False), part(1.4, in_time=False))
    random = np.random.default_rng(0)
    found = diagnose(part(1.0, in_time=True), part(1.4, in_time=True))
    assert found.validation_error.value == alone.validation_error.value
    assert found.variance.high - found.variance.low > 1.5 * (alone.variance.high - alone.variance.low)
    assert found.bootstrap[1].startswith("block bootstrap, blocks of ")
    assert found.to_json()["bootstrap"] == {"train": found.bootstrap[0], "validation": found.bootstrap[1]}
    assert f"95 % intervals    {found.bootstrap[0]}" in str(found)
    assert alone.bootstrap == ("bootstrap over rows", "bootstrap over rows")


def test_at_the_floor() -> None:
    found = diagnose(answers(3000, 20_000), answers(1520, 10_000), bayes_error=0.148)
    assert found.verdict is Verdict.AT_THE_FLOOR
    assert found.remedies == ()
    assert "Both lie below 0.0152, a tenth of the validation error." in found.because


def test_no_error_anywhere_is_at_the_floor_only_with_enough_rows() -> None:
    assert diagnose(answers(0, 10_000), answers(0, 5_000)).verdict is Verdict.AT_THE_FLOOR
    assert diagnose(answers(0, 60), answers(0, 20)).verdict is Verdict.UNDECIDED


def test_without_a_floor_it_is_undecided_and_says_which_floor_means_what() -> None:
    found = diagnose(answers(7952, 28_000), answers(2900, 10_000))
    assert found.verdict is Verdict.UNDECIDED
    assert (found.floor.interval.value, found.floor.interval.low) == (None, 0.0)
    assert found.floor.interval.high == found.validation_error.high
    assert found.bias.value is None
    assert "without a floor (--bayes-error) nobody can say how much of it could be avoided" in found.because
    assert "well below 0.255 the verdict is high bias, well above it at the floor" in found.missing
    assert [remedy.name for remedy in found.remedies] == ["estimate the floor"]


@pytest.mark.parametrize(("floor", "verdict"), [(0.05, Verdict.HIGH_BIAS), (0.18, Verdict.HIGH_VARIANCE)])
def test_the_floor_that_was_said_to_decide_does(floor: float, verdict: Verdict) -> None:
    train, validation = answers(4000, 20_000), answers(2800, 10_000)  # 0.20 and 0.28
    undecided = diagnose(train, validation)
    assert undecided.missing.startswith("a floor: well below 0.12 ")
    assert "well above it high variance" in undecided.missing
    assert diagnose(train, validation, bayes_error=floor).verdict is verdict


def test_too_few_rows_are_undecided_and_the_rows_that_would_decide_do() -> None:
    train, validation = answers(200, 2000), answers(16, 100)  # 0.10 and 0.16, floor 0.09
    found = diagnose(train, validation, bayes_error=0.09)
    assert found.verdict is Verdict.UNDECIDED
    assert [remedy.name for remedy in found.remedies] == ["more rows"]
    rows = int(re.search(r"about ([\d,]+) validation rows", found.missing)[1].replace(",", ""))  # type: ignore[index]
    more = diagnose(train, answers(round(0.16 * rows * 1.3), round(rows * 1.3)), bayes_error=0.09)
    assert more.verdict is Verdict.HIGH_VARIANCE
    fewer = diagnose(train, answers(round(0.16 * rows * 0.5), round(rows * 0.5)), bayes_error=0.09)
    assert fewer.verdict is Verdict.UNDECIDED


def test_small_gaps_among_few_rows_are_undecided_and_not_at_the_floor() -> None:
    found = diagnose(answers(32, 200), answers(8, 50), bayes_error=0.155)
    assert found.verdict is Verdict.UNDECIDED
    assert "Both gaps are small, but 200 training and 50 validation rows are too few" in found.because


def test_equal_gaps_are_undecided_and_both_may_be_treated() -> None:
    found = diagnose(answers(2000, 10_000), answers(3000, 10_000), bayes_error=0.1)
    assert found.verdict is Verdict.UNDECIDED
    assert "about equal" in found.because
    assert found.remedies == (BIAS[0], VARIANCE[1])


def test_a_wide_variance_without_a_floor_wants_both() -> None:
    found = diagnose(answers(20, 86), answers(9, 28))
    assert found.verdict is Verdict.UNDECIDED
    assert found.missing.startswith("a floor, and about ")
    assert [remedy.name for remedy in found.remedies] == ["estimate the floor", "more rows"]


def test_a_floor_above_the_validation_error_is_called_wrong() -> None:
    found = diagnose(answers(1000, 10_000), answers(1100, 10_000), bayes_error=0.2)
    assert found.verdict is Verdict.UNDECIDED
    assert "that floor is too high" in found.because
    assert found.missing.startswith("a floor below 0.1")


def test_regression_is_diagnosed_in_the_unit_of_the_target() -> None:
    train, validation = quantities(70.0, 12_000), quantities(72.0, 4_000, seed=1)
    found = diagnose(train, validation, bayes_error=30.0)
    assert found.metric == "rmse"
    assert found.verdict is Verdict.HIGH_BIAS
    assert found.bias.value == pytest.approx(40.0, abs=2.0)
    assert diagnose(quantities(10.0, 12_000), validation).verdict is Verdict.HIGH_VARIANCE


def test_another_metric_and_its_floor() -> None:
    found = diagnose(answers(7952, 28_000), answers(2900, 10_000), metric="roc_auc", bayes_error=0.15)
    assert found.metric == "roc_auc"
    assert found.train_error.value == pytest.approx(0.284)
    assert found.verdict is Verdict.HIGH_BIAS


def test_the_same_seed_gives_the_same_record() -> None:
    first, again, other = (
        diagnose(answers(20, 100), answers(15, 50), seed=seed).to_json() for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_equal_sizes_do_not_share_their_draws() -> None:
    found = diagnose(answers(250, 1000), answers(250, 1000))  # shared draws would leave no variance at all
    assert found.variance.high - found.variance.low > 0.05


def test_the_training_error_of_bias_and_variance_is_the_same_draw() -> None:
    """Its noise moves the gaps against each other: difference = 2 train - validation - floor."""
    one = np.zeros((1000, 1))
    train = measure("training", [answers(250, 1000)], "accuracy", shocks_BS=one, seed=0)
    validation = measure("validation", [answers(270, 1000)], "accuracy", shocks_BS=one, seed=0)
    gaps = Gaps("accuracy", Floor.given(0.1, "accuracy"), train, validation, Absent())
    difference = gaps.bias.above(gaps.variance)
    half = (difference.high - difference.low) / 2
    expected = 1.96 * np.sqrt(4 * 0.25 * 0.75 / 1000 + 0.27 * 0.73 / 1000)
    assert half == pytest.approx(expected, rel=0.12)
    assert difference.value == pytest.approx(2 * 0.25 - 0.27 - 0.1)


@pytest.mark.parametrize(
    ("floor", "metric", "message"),
    [
        (15.0, "accuracy", "between 0 and 1 .*0.15 means 15 %"),
        (-0.1, "accuracy", "between 0 and 1"),
        (float("nan"), "accuracy", "between 0 and 1"),
        (float("inf"), "log_loss", "0 or above"),
        (0.1, "rmse", "not for binary"),
    ],
)
def test_impossible_floors_and_metrics_are_refused(floor: float, metric: str, message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        diagnose(answers(1, 10), answers(1, 10), bayes_error=floor, metric=metric)


def test_parts_of_different_tasks_are_refused() -> None:
    with pytest.raises(DataError, match="training rows are for binary, the validation rows for regression"):
        diagnose(answers(1, 10), quantities(1.0, 10))


def test_an_undefined_metric_names_the_part() -> None:
    validation = answers(1, 10)
    one_class = validation.take(np.flatnonzero(validation.truth == 0))
    with pytest.raises(DataError, match="the validation rows are all of class 'no'"):
        diagnose(answers(1, 10), one_class, metric="roc_auc")


def test_it_shows_itself(worked: Diagnosis) -> None:
    text = str(worked)
    assert text.startswith("verdict: high bias\n")
    assert "  bias              0.134 (0.12" in text
    assert "28,000 rows" in text
    assert "The training error is 0.284, 0.134 above the floor of 0.15." in text.replace("\n", " ")
    assert "0.006 above the training error, which is within the noise." in text.replace("\n", " ")
    assert max(map(len, text.splitlines())) <= 80
    page = worked._repr_html_()
    assert "<h4>high bias</h4>" in page
    assert "wider network" in page


@pytest.mark.parametrize("key", ["floor", "bias", "intervals", "remedies", "rows", "bootstrap", "mismatch"])
@pytest.mark.parametrize("value", ["absent", 3, [1], {"low": "x"}])
def test_a_damaged_record_is_a_bundle_error(worked: Diagnosis, key: str, value: object) -> None:
    record = worked.to_json() | {key: value}
    if value == "absent":
        del record[key]
    with pytest.raises(BundleError, match="the diagnosis is damaged"):
        Diagnosis.from_json(record)

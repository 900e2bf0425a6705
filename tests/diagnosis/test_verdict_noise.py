"""The noise of seeds, and rows that are all of one group."""

import json

import numpy as np
import pytest

from assay.core.errors import DataError
from assay.core.files import to_json
from assay.core.predictions import Predictions
from assay.core.task import Task
from assay.diagnosis.diagnose import diagnose
from assay.diagnosis.diagnosis import Diagnosis
from assay.diagnosis.measured import seed_shocks
from assay.diagnosis.verdict import Verdict


def answers(wrong: int, num_rows: int, *, groups: np.ndarray | None = None) -> Predictions:
    truth = np.arange(num_rows) % 2
    said = np.where(np.arange(num_rows) < wrong, 1 - truth, truth)
    known = np.empty(0, dtype=np.int64) if groups is None else groups
    return Predictions(Task.BINARY, truth, 0.1 + 0.8 * np.eye(2)[said], ("no", "yes"), groups=known)


def runs(train: list[int], validation: list[int]) -> Diagnosis:
    pairs = [(answers(a, 20_000), answers(b, 10_000)) for a, b in zip(train, validation, strict=True)]
    return diagnose(*pairs[0], replications=pairs[1:], bayes_error=0.1, replicates=400)


def test_seeds_that_agree_add_next_to_nothing() -> None:
    one, three = runs([2400], [2000]), runs([2400, 2402, 2398], [2000, 2001, 1999])
    assert (one.num_seeds, three.num_seeds) == (1, 3)
    assert three.validation_error.value == pytest.approx(0.2)
    width = three.validation_error.high - three.validation_error.low
    assert width == pytest.approx(one.validation_error.high - one.validation_error.low, rel=0.1)
    assert three.bootstrap[0] == "bootstrap over rows, and over 3 seeds"
    assert three.verdict is one.verdict is Verdict.HIGH_VARIANCE


def test_seeds_that_disagree_leave_it_undecided() -> None:
    found = runs([2400, 2300, 2500], [1500, 2000, 2500])
    assert found.validation_error.value == pytest.approx(0.2)  # the mean
    half = 4.30 * 0.05 / np.sqrt(3)  # Student's t with two degrees of freedom
    assert (found.validation_error.high - found.validation_error.low) / 2 == pytest.approx(half, rel=0.35)
    assert found.verdict is Verdict.UNDECIDED


def test_what_seeds_do_to_both_parts_alike_is_no_noise_of_their_difference() -> None:
    together, against = (
        runs([2000, 3000, 4000], [2000, 2500, 3000]),
        runs([4000, 3000, 2000], [2000, 2500, 3000]),
    )
    assert together.variance.high - together.variance.low < 0.05
    assert against.variance.high - against.variance.low > 0.3


def test_the_noise_of_seeds_is_that_of_their_mean() -> None:
    errors = np.array([0.1, 0.13, 0.11, 0.18, 0.15])
    drawn = seed_shocks(5, 200_000, seed=0) @ errors
    expected = errors.std(ddof=1) / np.sqrt(5)
    assert np.quantile(drawn, 0.975) == pytest.approx(2.776 * expected, rel=0.03)  # t with four degrees
    assert not seed_shocks(1, 10, seed=0).any()


@pytest.mark.parametrize(
    ("replication", "message"),
    [
        ((answers(1, 10),), "replication 1 has 1 parts, and the first training 2"),
        ((answers(1, 10), answers(1, 12)), "replication 1 predicts other rows"),
    ],
)
def test_replications_of_something_else_are_refused(
    replication: tuple[Predictions, ...], message: str
) -> None:
    with pytest.raises(DataError, match=message):
        diagnose(answers(1, 10), answers(1, 10), replications=[replication])


@pytest.fixture(scope="module")
def one_group() -> Diagnosis:
    train = answers(100, 1000, groups=np.arange(1000) // 50)
    return diagnose(train, answers(90, 300, groups=np.full(300, 7)), bayes_error=0.05)


def test_one_group_is_undecided_and_has_no_interval(one_group: Diagnosis) -> None:
    assert one_group.verdict is Verdict.UNDECIDED
    assert one_group.validation_error.value == pytest.approx(0.3)
    assert one_group.variance.value == pytest.approx(0.2)
    assert np.isnan([one_group.validation_error.low, one_group.variance.high]).all()
    assert np.isfinite([one_group.bias.low, one_group.train_error.high]).all()
    assert "All validation rows are of one group." in one_group.because
    assert one_group.missing == "rows of more groups"
    assert [remedy.name for remedy in one_group.remedies] == ["more groups"]


def test_one_group_on_screen_and_on_paper(one_group: Diagnosis) -> None:
    text = str(one_group)
    assert "validation error  0.3 (no interval)  300 rows" in text
    assert "no interval, since all rows are of one group (validation)" in text
    assert "nan" not in text.lower()
    assert "nan" not in one_group._repr_html_().lower()
    record = json.loads(to_json(one_group.to_json()))
    assert record == one_group.to_json()
    assert record["variance"] == {"value": pytest.approx(0.2), "low": None, "high": None}
    assert str(Diagnosis.from_json(record)) == text


def test_one_group_everywhere_without_a_floor() -> None:
    same = np.zeros(100, dtype=np.int64)
    found = diagnose(answers(10, 100, groups=same), answers(20, 100, groups=same))
    assert "All training and all validation rows are of one group." in found.because
    assert "nan" not in str(found).lower()

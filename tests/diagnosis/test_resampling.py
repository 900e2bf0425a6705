"""What errs alike is drawn together: neighbours in time, the rows of a group."""

import numpy as np
import pytest

from assay.core.predictions import Predictions
from assay.core.task import Task
from assay.diagnosis.block_length import block_length
from assay.diagnosis.bootstrap import error_interval
from assay.diagnosis.resampling import Resampling


def residuals(values: np.ndarray, **known: np.ndarray) -> Predictions:
    return Predictions(Task.REGRESSION, np.zeros(len(values)), values, **known)


def autoregressive(num_rows: int, persistence: float, seed: int) -> np.ndarray:
    """Normal values of variance 1, each `persistence` times the one before plus something new."""
    steps = np.random.default_rng(seed).normal(size=num_rows)
    values = [steps[0]]
    for step in steps[1:]:
        values.append(persistence * values[-1] + np.sqrt(1.0 - persistence**2) * step)
    return np.array(values)


def coverage(num_series: int, *, in_time: bool) -> float:
    """The share of series whose interval holds the true RMSE, 1."""
    held = 0
    for seed in range(num_series):
        values = autoregressive(800, 0.8, seed)
        times = np.arange(800) if in_time else np.empty(0, dtype=np.int64)
        found = error_interval(residuals(values, times=times), "rmse", replicates=300)
        held += found.low <= 1.0 <= found.high
    return held / num_series


def test_intervals_of_correlated_errors_hold_the_truth_only_with_blocks() -> None:
    assert coverage(60, in_time=True) >= 0.88
    assert coverage(60, in_time=False) <= 0.75


def test_blocks_grow_with_the_correlation() -> None:
    mean = {
        persistence: np.mean([block_length(autoregressive(2000, persistence, seed)) for seed in range(5)])
        for persistence in (0.0, 0.5, 0.9)
    }
    assert mean[0.0] < 1.3 * 2000 ** (1 / 3)
    assert mean[0.0] <= mean[0.5] < mean[0.9]
    # The best length for an autoregression is (6 r^2 / (1 - r^2)^2 n)^(1/3) (Politis & White 2004, 3.2).
    best = (6 * 0.9**2 / (1 - 0.9**2) ** 2 * 2000) ** (1 / 3)
    assert mean[0.9] == pytest.approx(best, rel=0.35)


@pytest.mark.parametrize(
    ("losses", "length"),
    [(np.ones(1000), 10), (np.full(27, 0.1), 3), (np.zeros(1), 1), (np.arange(2.0), 1), (np.arange(4.0), 2)],
)
def test_blocks_of_few_or_constant_losses(losses: np.ndarray, length: int) -> None:
    assert block_length(losses) == length


def test_a_resample_consists_of_runs_in_the_order_of_time() -> None:
    random = np.random.default_rng(0)
    times = random.permutation(500)
    p = residuals(autoregressive(500, 0.8, 0)[times], times=times)
    counts = Resampling.of(p, "rmse").draw(random)
    assert counts.sum() == 500
    in_order = counts[np.argsort(times)]
    length = block_length(np.square(autoregressive(500, 0.8, 0)))
    assert np.count_nonzero(np.diff(in_order)) <= 2 * -(-500 // length)
    assert f"blocks of {length} consecutive rows" in Resampling.of(p, "rmse").words


def test_each_row_is_drawn_as_often_as_any_other() -> None:
    p = residuals(autoregressive(90, 0.5, 0), times=np.arange(90))
    draw, random = Resampling.of(p, "rmse").draw, np.random.default_rng(0)
    mean = np.mean([draw(random) for _ in range(4000)], axis=0)
    assert np.abs(mean - 1.0).max() < 0.1  # the first and the last ones too


def test_groups_stay_whole() -> None:
    groups = np.array([7, 7, 3, 9, 9, 9])
    resampling = Resampling.of(residuals(np.arange(6.0), groups=groups), "rmse")
    for seed in range(20):
        counts = resampling.draw(np.random.default_rng(seed))
        assert counts[0] == counts[1]
        assert counts[3] == counts[4] == counts[5]
        assert counts[0] + counts[2] + counts[3] == 3
    assert resampling.words == "cluster bootstrap over 3 whole groups"


def test_rows_of_one_group_that_err_alike_count_once() -> None:
    of_group = np.abs(np.random.default_rng(0).normal(1.0, 0.4, 25))
    p = residuals(np.repeat(of_group, 40), groups=np.repeat(np.arange(25), 40))
    apart, whole = error_interval(residuals(p.output), "mae"), error_interval(p, "mae")
    assert (whole.high - whole.low) / (apart.high - apart.low) == pytest.approx(np.sqrt(40), rel=0.25)


def test_one_group_has_no_interval() -> None:
    found = error_interval(residuals(np.array([1.0, 2.0, 3.0]), groups=np.ones(3, dtype=np.int64)), "rmse")
    assert found.value == pytest.approx(np.sqrt(14 / 3))
    assert np.isnan([found.low, found.high]).all()


def test_classes_in_the_order_of_time_have_intervals_for_each_metric() -> None:
    from assay.core.metrics import METRICS

    truth = np.repeat([0, 1], 30)  # a block may well hold one class alone
    output = np.column_stack([np.linspace(0.8, 0.3, 60), np.linspace(0.2, 0.7, 60)])
    p = Predictions(Task.BINARY, truth, output, ("no", "yes"), times=np.arange(60))
    for metric in METRICS[Task.BINARY]:
        found = error_interval(p, metric)
        assert 0.0 <= found.low < found.high, metric

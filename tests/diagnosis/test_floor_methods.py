"""Each method alone, on problems whose answer is known."""

import numpy as np
import polars as pl
import pytest

from assay.core.errors import DataError, RecipeError
from assay.core.predictions import Predictions
from assay.core.task import Task
from assay.data.reading import read
from assay.data.target import Target
from assay.diagnosis.floor.bounds import cover_hart, devroye
from assay.diagnosis.floor.delta_test import delta_test
from assay.diagnosis.floor.equal_rows import are_copies, equal_rows
from assay.diagnosis.floor.heavy_tail import rmse_end
from assay.diagnosis.floor.learning_curve import learning_curve_floor
from assay.diagnosis.floor.learnt import still_learns
from assay.diagnosis.floor.neighbours import nearest, neighbour_errors
from assay.diagnosis.floor.people import repeated_labels, soft_labels
from assay.diagnosis.floor.points import as_points
from assay.diagnosis.floor.repeated_rows import repeated_rows
from assay.diagnosis.floor.soft_labels import repeated_label_floor, soft_label_floor


def test_equal_rows_take_missing_values_and_both_zeros_for_equal() -> None:
    x_ND = np.array([[0.0, np.nan], [-0.0, np.nan], [0.0, 1.0]])
    same_N = equal_rows(x_ND)
    assert same_N[0] == same_N[1] != same_N[2]


def test_a_pair_that_differs_tells_repeats_from_copies() -> None:
    assert are_copies(np.array([0, 0, 1]), np.array([5, 5, 6]))
    assert not are_copies(np.array([0, 0, 1, 1]), np.array([5, 5, 6, 7]))
    assert not are_copies(np.array([0, 1, 2]), np.array([5, 5, 6]))


def test_a_slip_among_copies_leaves_them_copies() -> None:
    """One row in a hundred sets stands there with another target; a large set that differs is none."""
    same_N, truth_N = np.repeat(np.arange(100), 3), np.repeat(np.arange(100) % 2, 3)
    truth_N[0] = 1
    assert are_copies(same_N, truth_N)
    measured_N = np.concatenate([same_N, np.full(200, 100)])
    assert not are_copies(measured_N, np.concatenate([truth_N, np.arange(200) % 2]))


@pytest.mark.parametrize("draw", ["normal", "heavy"])
def test_the_upper_end_of_an_rmse_holds_for_a_heavy_tail(draw: str) -> None:
    """500 rows; a Student's t of three degrees of freedom has no fourth moment, so a bootstrap ends early."""
    held, ends = 0, []
    true = 1.0 if draw == "normal" else np.sqrt(3.0)
    for seed in range(200):
        rng = np.random.default_rng(seed)
        error_N = rng.normal(size=500) if draw == "normal" else rng.standard_t(3, size=500)
        ends.append(rmse_end(error_N, 0.025))
        held += ends[-1] >= true
    assert held >= 185
    if draw == "normal":
        assert np.median(ends) < 1.1  # what 500 normal errors allow is 1.066
    assert rmse_end(np.zeros(5), 0.025) == 0.0


def test_a_quarter_of_the_rows_that_knew_nothing_is_a_steep_curve() -> None:
    truth_N = np.random.default_rng(0).normal(size=2000)
    full, half, none = (Predictions(Task.REGRESSION, truth_N, share * truth_N) for share in (0.9, 0.6, 0.1))
    assert still_learns([(full, none)])
    assert not still_learns([(full, half)])


def test_repeated_rows_by_hand() -> None:
    """30 pairs of which 10 differ, and 40 single rows: at least 5 of the 100 rows are wrong, and more."""
    same_N = np.concatenate([np.repeat(np.arange(30), 2), np.arange(30, 70)])
    truth_N = np.concatenate([np.tile([0, 1], 10), np.zeros(40, dtype=int), np.ones(40, dtype=int)])
    found = repeated_rows(same_N, truth_N, "accuracy")
    assert found is not None and found.high is None
    bound = 0.6 * (1.0 - np.sqrt(1.0 - 2.0 * 10 / 30)) / 2.0  # Cover & Hart on the 60 % that repeat
    assert f"{bound:.4g}" in found.because
    assert 0.0 < found.low < bound


def test_repeated_rows_stay_below_the_floor_and_come_near_it_on_a_grid() -> None:
    held, lows = 0, []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        cell_N = rng.integers(50, size=2000)
        rule_N = cell_N % 2
        truth_N = np.where(rng.random(2000) < 0.3, 1 - rule_N, rule_N)
        found = repeated_rows(equal_rows(cell_N[:, None].astype(float)), truth_N, "accuracy")
        assert found is not None
        lows.append(found.low)
        held += found.low <= 0.3
    assert held >= 36
    assert np.mean(lows) > 0.25


def test_repeated_rows_of_a_quantity_give_the_noise() -> None:
    rng = np.random.default_rng(0)
    cell_N = rng.integers(200, size=1000)
    value_N = np.sin(cell_N) + rng.normal(scale=0.5, size=1000)
    found = repeated_rows(equal_rows(cell_N[:, None].astype(float)), value_N, "rmse")
    assert found is not None
    assert 0.42 < found.low < 0.5
    copied = np.arange(1000).repeat(2)  # exact copies say nothing about the noise of the others
    again = repeated_rows(equal_rows(cell_N[copied, None].astype(float)), value_N[copied], "rmse")
    assert again is not None
    assert again.low == pytest.approx(found.low, rel=1e-6)


def test_copies_and_rare_repeats_say_nothing() -> None:
    same_N = np.repeat(np.arange(100), 3)
    assert repeated_rows(same_N, same_N % 2, "accuracy") is None
    assert repeated_rows(np.array([0, 0, *range(1, 50)]), np.arange(51) % 2, "accuracy") is None


def test_bounds_by_hand() -> None:
    assert cover_hart(0.32, 2) == pytest.approx(0.2)  # 2 * 0.2 * 0.8: where the error is 0.2 everywhere
    assert cover_hart(0.5, 2) == pytest.approx(0.5)
    third = 1.0 - (0.7**2 + 2 * 0.15**2)  # three classes, 0.7, 0.15, 0.15
    assert cover_hart(third, 3) == pytest.approx(0.3)
    assert devroye(0.25, 9) == pytest.approx(0.1875)


def test_neighbours_in_two_inputs_hold_the_floor_between_their_bounds() -> None:
    rng = np.random.default_rng(0)
    x_ND = rng.normal(size=(8000, 2))
    rule_N = x_ND[:, 0] > 0.0
    class_N = np.where(rng.random(8000) < 0.2, ~rule_N, rule_N).astype(np.int64)
    found = neighbour_errors(x_ND, class_N, 2, "neighbours")
    assert found is not None and found.value is not None
    assert found.low < 0.2 < found.high
    assert found.value == pytest.approx(0.2, abs=0.025)


def test_no_row_is_its_own_neighbour_even_among_equal_ones() -> None:
    points_ND = np.repeat(np.arange(40.0), 5)[:, None]
    asked_M, near_MJ = nearest(points_ND, 4)
    assert near_MJ.shape == (200, 4)
    assert (near_MJ != asked_M[:, None]).all()
    assert (points_ND[near_MJ, 0] == points_ND[asked_M]).all()


def test_points_are_standardised_and_categories_lie_one_apart() -> None:
    inputs_ND = np.array([[1.0, 5.0, 0.0], [3.0, 5.0, 1.0], [np.nan, 5.0, 2.0]])
    points_ND = as_points(inputs_ND, np.array([False, False, True]))
    assert points_ND[:, 0].tolist() == [-1.0, 1.0, 0.0]  # and the constant column is gone
    assert np.linalg.norm(points_ND[0, 1:] - points_ND[1, 1:]) == pytest.approx(1.0)


def test_the_gamma_test_finds_the_noise_of_a_smooth_function() -> None:
    held = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        x_ND = rng.uniform(-2.0, 2.0, size=(2000, 2))
        value_N = np.sin(2.0 * x_ND[:, 0]) + x_ND[:, 1] ** 2 + rng.normal(scale=0.3, size=2000)
        found = delta_test(x_ND, value_N, "Gamma test")
        assert found is not None and found.high is not None
        held += found.low <= 0.3 <= found.high
    assert held >= 17


def test_soft_labels_are_calibrated_before_they_count() -> None:
    """People who exaggerate: their shares alone would promise half of the error that remains."""
    rng = np.random.default_rng(0)
    second_N = rng.uniform(size=6000)
    class_N = (rng.random(6000) < second_N).astype(np.int64)
    said_N = second_N**3 / (second_N**3 + (1.0 - second_N) ** 3)
    found = soft_label_floor(np.column_stack([1.0 - said_N, said_N]), class_N)
    assert found is not None and found.high is not None
    assert found.low < 0.25 < found.high  # the mean of min(p, 1 - p) for a uniform p
    assert np.minimum(said_N, 1.0 - said_N).mean() < found.low


def test_repeated_labels_hold_the_floor_though_answers_are_few() -> None:
    rng = np.random.default_rng(0)
    second_N = rng.beta(0.5, 0.5, size=4000)
    answers_NA = (rng.random((4000, 3)) < second_N[:, None]).astype(np.float64)
    answers_NA[rng.random((4000, 3)) < 0.1] = np.nan
    truth = float(np.minimum(second_N, 1.0 - second_N).mean())
    found = repeated_label_floor(answers_NA, True, 2)
    assert found is not None and found.high is not None
    assert found.low < truth < found.high
    assert found.high - found.low < 0.13


def test_repeated_measurements_give_the_noise() -> None:
    rng = np.random.default_rng(0)
    answers_NA = rng.normal(size=(3000, 1)) + rng.normal(scale=0.4, size=(3000, 2))
    found = repeated_label_floor(answers_NA, False, 0)
    assert found is not None and found.high is not None
    assert found.low < 0.4 < found.high


def test_the_learning_curve_reaches_below_a_model_that_still_improves() -> None:
    rng = np.random.default_rng(0)
    truth_N = rng.normal(size=5000)

    def model(excess: float) -> Predictions:
        noise_N = rng.normal(size=5000)
        return Predictions(Task.REGRESSION, truth_N, truth_N + np.sqrt(1.0 + excess) * noise_N)

    flat = model(0.0)
    known = learning_curve_floor([(flat, flat)], "rmse", lead=0.0, num_rows=5000, seed=0, replicates=500)
    falling = learning_curve_floor(
        [(model(0.2), model(0.8))], "rmse", lead=0.0, num_rows=5000, seed=0, replicates=500
    )
    assert known.low < 1.0 < known.high
    assert known.high - known.low < 0.06
    assert falling.low < 1.0 < falling.high
    assert falling.value < np.sqrt(1.2)


def asked(**columns: list[object]) -> tuple[pl.DataFrame, object, Target]:
    frame = pl.DataFrame({"x": [0.5, 1.5, 2.5, 3.5], "spam": ["no", "yes", "no", "yes"], **columns})
    table = read(frame, target="spam", kinds={"spam": "boolean"})
    return frame, table, Target("spam", Task.BINARY, ("no", "yes"))


def test_label_columns_are_read_from_the_tables() -> None:
    _, table, target = asked(share=[0.1, 0.9, None, 0.5], anna=["no", "yes", "perhaps", None])
    soft_NK = soft_labels([table, table], ["share"], target)
    assert soft_NK is not None and soft_NK.shape == (8, 2)
    assert soft_NK[1].tolist() == pytest.approx([0.1, 0.9])
    assert np.isnan(soft_NK[2]).all()
    answers_NA = repeated_labels([table], ["anna"], target)
    assert answers_NA is not None
    assert answers_NA[:2, 0].tolist() == [0.0, 1.0]
    assert np.isnan(answers_NA[2:, 0]).all()
    assert soft_labels([table], (), target) is None
    assert repeated_labels([table], (), target) is None


def test_wrong_label_columns_are_refused_with_their_place() -> None:
    _, table, target = asked(share=[0.1, 90.0, 0.2, 0.5])
    with pytest.raises(DataError, match=r"row 2, column 'share'.*90 is no share"):
        soft_labels([table], ["share"], target)
    with pytest.raises(DataError, match="there is no column 'shares'"):
        soft_labels([table], ["shares"], target)
    with pytest.raises(RecipeError, match="3 columns, expected 1 column, or 2"):
        soft_labels([table], ["share"] * 3, target)
    with pytest.raises(RecipeError, match="the target is a quantity"):
        soft_labels([table], ["share"], Target("x", Task.REGRESSION))

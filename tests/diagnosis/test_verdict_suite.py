"""The suite that verdicts are measured on: its floors and right verdicts are what theory says."""

import math
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from suite import curves, rules
from suite.draw import SEED_SETS, draw
from suite.families import FAMILIES
from suite.flipped import flipped_normal
from suite.gaussians import gaussians
from suite.groups import Clouds
from suite.population import Population
from suite.truth import Truth

RNG = np.random.default_rng


def tail(distance: float) -> float:
    return 0.5 * math.erfc(distance / math.sqrt(2.0))


@pytest.mark.parametrize("distance", [1.0, 2.0, 3.5])
def test_two_gaussians_have_the_floor_of_the_formula(distance: float) -> None:
    assert gaussians(2, 6, distance, RNG(0)).floor() == pytest.approx(tail(distance / 2), abs=0.001)


def test_flipped_labels_have_the_floor_that_was_flipped() -> None:
    for rule, num_classes in ((rules.quarters, 2), (rules.opposite_sectors(3), 3)):
        assert flipped_normal(rule, num_classes, 0.2, 3, "").floor() == pytest.approx(0.2)


def test_a_quantity_has_the_floor_of_its_noise() -> None:
    assert curves.quantity(curves.saddle, 0.7, 3, "").floor() == pytest.approx(0.7)
    uneven = curves.quantity(curves.saddle, 0.7, 3, "", uneven=0.5)
    x = RNG(1).standard_normal(1_000_000)
    assert uneven.floor() == pytest.approx(0.7 * np.sqrt(np.exp(np.tanh(x)).mean()), rel=0.002)


@pytest.mark.parametrize(
    "population",
    [
        gaussians(5, 3, 2.0, RNG(0), spread=1.5),
        flipped_normal(rules.ring, 2, 0.15, 2, "ring"),
        curves.quantity(curves.friedman, 0.5, 6, "five terms", uneven=0.5),
    ],
)
def test_drawn_targets_have_the_error_that_is_expected(population: Population) -> None:
    """The best prediction's error on drawn targets is the floor, and `error` says so without drawing."""
    x = population.inputs(200_000, RNG(2))
    truth = population.targets(x, RNG(3))
    if population.task.is_classification:
        best = population.probabilities(x)
        seen = float((best.argmax(axis=1) != truth).mean())
    else:
        best = population.mean(x)
        seen = float(np.sqrt(np.square(best - truth).mean()))
    assert seen == pytest.approx(population.floor(), abs=0.004)
    assert population.error(x, best) == pytest.approx(population.floor(), abs=0.004)


def test_classes_of_a_rule_are_equally_frequent() -> None:
    x = RNG(0).standard_normal((100_000, 2))
    for rule, num_classes in (
        (rules.ring, 2),
        (rules.stripes, 2),
        (rules.quarters, 2),
        (rules.sectors(5), 5),
    ):
        assert np.bincount(rule(x)) / len(x) == pytest.approx(np.full(num_classes, 1 / num_classes), abs=0.01)


def test_all_clouds_together_are_standard_normal() -> None:
    x, groups = Clouds.of(20_000, 3, 0.3, RNG(0)).draw(100_000, RNG(1))
    assert x.std(axis=0) == pytest.approx(np.ones(3), abs=0.02)
    assert np.bincount(groups).tolist() == [5] * 20_000


@pytest.mark.parametrize(
    ("errors", "verdict", "is_clear"),
    [
        ((0.15, 0.284, 0.29, 0.29), "high bias", True),
        ((0.15, 0.15, 0.152, 0.152), "at the floor", True),
        ((0.15, 0.16, 0.172, 0.172), "at the floor", False),  # 0.012 of a margin of 0.0172
        ((0.15, 0.16, 0.19, 0.19), "high variance", True),
        ((0.15, 0.2, 0.24, 0.24), "high bias", False),
        ((0.1, 0.11, 0.12, 0.3), "mismatch", True),
    ],
)
def test_the_right_verdict(errors: tuple[float, ...], verdict: str, is_clear: bool) -> None:
    truth = Truth(*errors, is_share=True)
    assert (truth.verdict, truth.is_clear) == (verdict, is_clear)


def test_a_problem_is_the_same_each_time_and_other_settings_can_be_tried() -> None:
    number = next(n for n, family in enumerate(FAMILIES) if family.__name__ == "too_little_training")
    case, again = draw("development", number), draw("development", number)
    assert case.truth == again.truth
    assert case.truth.verdict == "high bias"
    longer = case.problem.fit(training=case.problem.training.model_copy(update={"epochs": 40}))
    assert longer.true_error < case.trained.true_error
    assert np.array_equal(longer.validation.truth, case.trained.validation.truth)
    assert len(set(SEED_SETS.values())) == len(SEED_SETS)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(FAMILIES)))
def test_no_verdict_is_wrong_where_the_floor_is_given(number: int) -> None:
    from assay.diagnosis.diagnose import diagnose

    case = draw("development", number)
    trained = case.trained
    found = diagnose(
        trained.train, trained.validation, train_like=trained.train_like, bayes_error=case.problem.floor
    )
    assert found.verdict in {case.truth.verdict, "undecided"}

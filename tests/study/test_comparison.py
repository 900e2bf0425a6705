"""Noise is not kept, and what helps is found."""

import numpy as np
import pytest

from assay.core.metrics import error
from assay.core.predictions import Predictions
from assay.core.task import Task
from assay.study.loop.comparison import compare
from assay.study.loop.fair import compared_predictions
from assay.study.loop.power import can_show_help

ROWS, SEEDS = 500, 3


class Population:
    """Rows that are more or less hard, and recipes whose trainings err on them.

    A training errs on a row by the row's hardness, by what all trainings of its recipe share, by its own
    noise, and by how lucky it was as a whole.
    """

    def __init__(self, seed: int, *, groups: int = 0) -> None:
        self.rng = np.random.default_rng(seed)
        self.truth = self.rng.integers(0, 2, ROWS)
        self.groups = self.rng.integers(0, groups, ROWS) if groups else np.empty(0, dtype=np.int64)
        of_group = self.rng.normal(0.0, 1.0, max(groups, 1))
        self.hard = self.rng.normal(-1.5, 1.5, ROWS) + (of_group[self.groups] if groups else 0.0)

    def recipe(self, help: float = 0.0) -> list[Predictions]:
        """Its trainings; `help` makes each row easier."""
        own = self.rng.normal(0.0, 0.7, ROWS)
        return [self._training(own - help) for _ in range(SEEDS)]

    def _training(self, own: np.ndarray) -> Predictions:
        noise = self.rng.normal(0.0, 0.7, ROWS) + self.rng.normal(0.0, 0.15)
        wrong = self.hard + own + noise > 0.0
        second = np.where(wrong, 1 - self.truth, self.truth) * 0.8 + 0.1
        output = np.stack([1.0 - second, second], axis=1)
        return Predictions(Task.BINARY, self.truth, output, ("no", "yes"), groups=self.groups)


def share_of_studies_that_keep_something(studies: int, candidates: int, groups: int = 0) -> float:
    kept = 0
    for number in range(studies):
        population = Population(number, groups=groups)
        parent = population.recipe()
        useless = [population.recipe() for _ in range(candidates)]
        others = [
            np.array(
                [
                    error(new, "accuracy") - error(old, "accuracy")
                    for old, new in zip(parent, one, strict=True)
                ]
            )
            for one in useless
        ]
        kept += any(
            compare(parent, one, "accuracy", comparisons=candidates, seed=number, others=others).helped
            for one in useless
        )
    return kept / studies


@pytest.mark.parametrize("groups", [0, 25])
def test_useless_remedies_are_hardly_ever_kept(groups: int) -> None:
    assert share_of_studies_that_keep_something(60, 4, groups) <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 60)


@pytest.mark.slow
@pytest.mark.parametrize("groups", [0, 25])
def test_useless_remedies_are_kept_in_at_most_one_study_of_twenty(groups: int) -> None:
    assert share_of_studies_that_keep_something(400, 6, groups) <= 0.05


def test_what_helps_is_kept_and_what_harms_is_not() -> None:
    population = Population(0)
    parent = population.recipe()
    better = compare(parent, population.recipe(help=1.0), "accuracy", comparisons=6, seed=0)
    assert better.helped
    assert not better.harmed
    assert better.effect.value == pytest.approx(better.after - better.before)
    assert better.effect.low < better.effect.value < better.effect.high < 0.0
    worse = compare(parent, population.recipe(help=-1.0), "accuracy", comparisons=6, seed=0)
    assert worse.harmed
    assert not worse.helped


def test_more_comparisons_ask_for_more() -> None:
    population = Population(0)
    parent, other = population.recipe(), population.recipe(help=0.3)
    widths = []
    for comparisons in (1, 6, 36):
        effect = compare(parent, other, "accuracy", comparisons=comparisons, seed=0).effect
        widths.append(effect.high - effect.low)
    assert widths[0] < widths[1] < widths[2]


def test_the_same_predictions_have_no_effect() -> None:
    parent = Population(0).recipe()
    found = compare(parent, parent, "accuracy", comparisons=3, seed=0)
    assert (found.effect.value, found.effect.low, found.effect.high) == (0.0, 0.0, 0.0)
    assert not found.helped


def test_a_lucky_seed_is_not_enough() -> None:
    """One of three trainings is far better: the spread of the seeds says that this proves nothing."""
    population = Population(0)
    parent = population.recipe()
    lucky = [*parent[:2], population.recipe(help=5.0)[0]]
    assert not compare(parent, lucky, "accuracy", comparisons=1, seed=0).helped


def test_other_candidates_tell_how_far_seeds_spread() -> None:
    population = Population(0)
    parent, other = population.recipe(), population.recipe(help=0.5)
    alone = compare(parent, other, "accuracy", comparisons=6, seed=0).effect
    wild = [np.array([-0.2, 0.0, 0.2])]
    beside = compare(parent, other, "accuracy", comparisons=6, seed=0, others=wild).effect
    assert beside.high - beside.low > alone.high - alone.low


def test_rows_that_cannot_show_help_are_recognised() -> None:
    """One wrong row of many proves nothing, whatever becomes of it; half of them do."""
    truth = np.arange(ROWS) % 2

    def wrong(count: int) -> list[Predictions]:
        second = np.where(np.arange(ROWS) < count, 1 - truth, truth) * 0.8 + 0.1
        return [
            Predictions(Task.BINARY, truth, np.stack([1 - second, second], axis=1), ("no", "yes"))
        ] * SEEDS

    for count, expected in [(0, False), (1, False), (5, False), (50, True), (250, True)]:
        assert can_show_help(wrong(count), "accuracy", comparisons=18, seed=0) is expected
    noisy = [Predictions(Task.REGRESSION, truth.astype(float), truth + 0.1)] * SEEDS
    assert can_show_help(noisy, "rmse", comparisons=18, seed=0)


def test_regression_is_compared_by_rmse() -> None:
    rng = np.random.default_rng(0)
    truth = rng.normal(size=ROWS)

    def recipe(noise: float) -> list[Predictions]:
        return [Predictions(Task.REGRESSION, truth, truth + rng.normal(0, noise, ROWS)) for _ in range(SEEDS)]

    parent = recipe(1.0)
    assert compare(parent, recipe(0.7), "rmse", comparisons=6, seed=0).helped
    assert not compare(parent, recipe(1.0), "rmse", comparisons=6, seed=0).helped


def test_a_fitted_threshold_is_compared_on_rows_that_it_was_not_fitted_to() -> None:
    """On scores of pure chance, the best threshold looks good on its own rows only."""
    rng = np.random.default_rng(0)
    gains = []
    for _ in range(20):
        truth, second = rng.integers(0, 2, 60), rng.random(60)
        p = Predictions(
            Task.BINARY, truth, np.stack([1 - second, second], axis=1), ("no", "yes"), threshold=0.5
        )
        gains.append(0.5 - error(compared_predictions(p, "balanced_accuracy", 0), "balanced_accuracy"))
    assert abs(np.mean(gains)) < 0.05
    assert compared_predictions(p, "roc_auc", 0) is p

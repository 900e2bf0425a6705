"""The floor as it is given, estimated, written and read."""

from dataclasses import replace

import numpy as np
import pytest

from assay.core.interval import Interval
from assay.core.metrics import METRICS
from assay.core.predictions import Predictions
from assay.core.task import Task
from assay.diagnosis.floor import Estimate, Evidence, Floor, estimate_floor

FLIPPED = 0.2


def flipped(num_rows: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points, classes of which a fifth is flipped, and the rule that they follow otherwise."""
    rng = np.random.default_rng(seed)
    x_ND = rng.normal(size=(num_rows, 2))
    rule_N = (x_ND[:, 0] > 0.0).astype(np.int64)
    return x_ND, np.where(rng.random(num_rows) < FLIPPED, 1 - rule_N, rule_N), rule_N


def classes(truth_N: np.ndarray, said_N: np.ndarray, sure: float = 1.0 - FLIPPED) -> Predictions:
    second_N = np.where(said_N == 1, sure, 1.0 - sure)
    return Predictions(Task.BINARY, truth_N, np.column_stack([1.0 - second_N, second_N]), ("no", "yes"))


def worse(p: Predictions, share: float, seed: int) -> Predictions:
    """The predictions with a share of the rows turned around."""
    turned_N = np.random.default_rng(seed).random(len(p)) < share
    return replace(p, output=np.where(turned_N[:, None], p.output[:, ::-1], p.output))


@pytest.fixture(scope="module")
def known() -> Evidence:
    """A reference model that errs on 2 % more than it must, and on 4 % more with a quarter of the rows."""
    x_train, y_train, rule_train = flipped(4000, 0)
    x_new, y_new, rule_new = flipped(2000, 1)
    best = classes(y_train, rule_train), classes(y_new, rule_new)
    return Evidence(
        best[0],
        worse(best[1], 0.1, 2),
        x_train,
        x_new,
        reference=worse(best[1], 0.02, 3),
        reference_train=worse(best[0], 0.02, 4),
        reference_small=(worse(best[0], 0.06, 5), worse(best[1], 0.06, 6)),
    )


def test_the_true_floor_lies_inside_and_the_methods_are_named(known: Evidence) -> None:
    floor = estimate_floor(known, "accuracy")
    assert floor.is_known and not floor.is_given
    assert floor.interval.low <= FLIPPED <= floor.interval.high
    assert floor.interval.high - floor.interval.low < 0.09
    assert floor.methods[0] == "reference model's learning curve"
    names = [each.method for each in floor.estimates]
    assert names[:3] == ["validation error", "reference model", "mean of network and reference model"]
    assert any(name.startswith("nearest neighbours in inputs") for name in names)
    assert floor.agreement.startswith(
        "It rests on the learning curve of one reference model (trees, linear, kernel), borne out by nearest "
        "neighbours in inputs: a pattern that none of these sees"
    )


def test_one_family_alone_does_not_agree_with_itself(known: Evidence) -> None:
    """Inputs of noise: neighbours in them are of no help, and the reference model stands alone."""
    rng = np.random.default_rng(8)
    blind = replace(
        known,
        train_inputs=rng.normal(size=(len(known.train), 12)),
        validation_inputs=rng.normal(size=(len(known.validation), 12)),
    )
    said = estimate_floor(blind, "accuracy").agreement
    assert "It rests on the learning curve of one reference model (trees, linear, kernel): a pattern" in said
    assert "agree" not in said


def test_people_are_independent_of_the_reference_model(known: Evidence) -> None:
    rule_N = np.concatenate([flipped(4000, 0)[2], flipped(2000, 1)[2]])
    second_N = np.where(rule_N == 1, 1.0 - FLIPPED, FLIPPED)
    asked = replace(known, soft_labels=np.column_stack([1.0 - second_N, second_N]))
    floor = estimate_floor(asked, "accuracy")
    assert floor.agreement == "The methods agree."
    assert "soft labels" in floor.methods
    alone = replace(asked, reference=None, reference_train=None, reference_small=None)
    assert estimate_floor(alone, "accuracy").agreement == "It rests on soft labels alone."


def test_a_curve_that_is_still_steep_leaves_the_lower_end_open(known: Evidence) -> None:
    """With a quarter of the rows the model knew hardly anything: nobody knows where that ends."""
    assert known.reference_train and known.reference
    small = worse(known.reference_train, 0.45, 5), worse(known.reference, 0.45, 6)
    floor = estimate_floor(replace(known, reference_small=small), "accuracy")
    assert floor.interval.low == 0.0
    assert floor.interval.high > FLIPPED
    assert "how low its error ends can't be told" in floor.agreement


def test_the_upper_end_is_what_was_reached_however_much_a_quarter_of_the_rows_bought(known: Evidence) -> None:
    assert known.reference_train and known.reference
    small = worse(known.reference_train, 0.15, 5), worse(known.reference, 0.15, 6)
    steeper = estimate_floor(replace(known, reference_small=small), "accuracy")
    assert steeper.interval.high > 0.2
    assert steeper.interval.low < estimate_floor(known, "accuracy").interval.low


def test_what_was_reached_caps_the_floor(known: Evidence) -> None:
    better = classes(known.validation.truth, known.validation.truth, 0.9)
    floor = estimate_floor(replace(known, validation=worse(better, 0.1, 7)), "accuracy")
    assert floor.interval.high < 0.13
    assert "validation error" in floor.methods


@pytest.mark.parametrize("metric", METRICS[Task.BINARY])
def test_every_metric_has_an_upper_bound(known: Evidence, metric: str) -> None:
    floor = estimate_floor(known, metric, replicates=200)
    assert 0.0 <= floor.interval.low <= floor.interval.high < np.inf
    assert floor.is_known == (metric not in {"precision", "recall", "f1", "calibration_error"})


def test_without_a_reference_model_only_bounds_are_known(known: Evidence) -> None:
    bare = Evidence(known.train, known.validation, known.train_inputs, known.validation_inputs)
    floor = estimate_floor(bare, "accuracy")
    assert floor.interval.value is None
    assert floor.interval.low == 0.0
    assert floor.methods == ("validation error",)


def test_a_reference_model_that_learnt_nothing_says_nothing(known: Evidence) -> None:
    rng = np.random.default_rng(0)

    def lost(p: Predictions) -> Predictions:
        second_N = rng.uniform(0.4, 0.6, size=len(p))
        return replace(p, output=np.column_stack([1.0 - second_N, second_N]))

    assert known.reference is not None and known.reference_train is not None
    blind = replace(
        known,
        reference=lost(known.reference),
        reference_train=lost(known.reference_train),
        reference_small=(lost(known.reference_train), lost(known.reference)),
    )
    floor = estimate_floor(blind, "accuracy")
    assert floor.interval.value is None
    assert "no better than a constant" in floor.agreement


def test_copies_of_training_rows_count_once_and_seen_validation_rows_not_at_all(known: Evidence) -> None:
    twice = np.tile(np.arange(len(known.train)), 2)
    rows = np.arange(500)

    def copied(p: Predictions) -> Predictions:
        return p.take(twice)

    def leaked(validation: Predictions, train: Predictions) -> Predictions:
        return replace(
            validation,
            truth=np.concatenate([validation.truth, train.truth[rows]]),
            output=np.concatenate([validation.output, np.eye(2)[train.truth[rows]]]),
        )

    assert known.reference and known.reference_train and known.reference_small
    small = known.reference_small
    altered = replace(
        known,
        train=copied(known.train),
        validation=leaked(known.validation, known.train),
        train_inputs=known.train_inputs[twice],
        validation_inputs=np.vstack([known.validation_inputs, known.train_inputs[rows]]),
        reference=leaked(known.reference, known.train),
        reference_train=copied(known.reference_train),
        reference_small=(copied(small[0]), leaked(small[1], known.train)),
    )
    floor, clean = estimate_floor(altered, "accuracy"), estimate_floor(known, "accuracy")
    assert floor.interval == clean.interval
    assert "4,000 training rows are copies" in floor.agreement
    assert "500 validation rows are copies" in floor.agreement


def test_repeated_rows_that_contradict_what_was_reached_widen_the_interval(known: Evidence) -> None:
    """Each point stands there with both classes: half of the rows must be wrong, whoever says else."""
    truth_N = np.arange(len(known.train)) % 2
    x_ND = np.repeat(known.train_inputs[: len(truth_N) // 2], 2, axis=0)
    doubled = replace(known, train=classes(truth_N, truth_N), train_inputs=x_ND)
    floor = estimate_floor(doubled, "accuracy")
    assert floor.interval.low < 0.25
    assert floor.interval.high > 0.3
    assert "the interval holds both" in floor.agreement
    assert "repeated rows" in floor.methods


def test_the_same_seed_gives_the_same_floor(known: Evidence) -> None:
    assert estimate_floor(known, "accuracy", seed=3) == estimate_floor(known, "accuracy", seed=3)


def test_replicates_have_the_interval_of_the_floor() -> None:
    floor = Floor(Interval(0.2, 0.15, 0.22), ("some method",))
    low_B, high_B = floor.replicates(np.zeros(20_000))
    assert (low_B == high_B).all()
    assert np.quantile(low_B, [0.025, 0.5, 0.975]) == pytest.approx([0.15, 0.2, 0.22], abs=2e-3)
    given_B, _ = Floor.given(0.1, "accuracy").replicates(np.zeros(5))
    assert (given_B == 0.1).all()


def test_json_goes_there_and_back_and_old_records_are_read() -> None:
    estimate = Estimate("repeated rows", 0.1, None, None, "because")
    floor = Floor(Interval(0.2, 0.1, 0.3), ("a", "b"), (estimate,), "The methods agree.")
    assert Floor.from_json(floor.to_json()) == floor
    old = {"value": 0.15, "low": 0.15, "high": 0.15, "methods": ["given"]}
    assert Floor.from_json(old) == Floor.given(0.15, "accuracy")
    assert Floor.given(0.15, "accuracy").to_json() == old

"""Temperature, shift, threshold: fitted where the right ones are known, kept where they help other rows."""

import re
from dataclasses import replace

import numpy as np
import pytest

from assay.bundle.calibration import calibrated, fit_platt, fit_temperature
from assay.bundle.deciding import decide
from assay.bundle.decision import Decision
from assay.bundle.halves import halves
from assay.bundle.threshold import THRESHOLD_METRICS, fit_threshold
from assay.core.errors import BundleError, RecipeError
from assay.core.metrics import error
from assay.core.predictions import Predictions
from assay.core.task import Task


def softmax(logits_NK: np.ndarray) -> np.ndarray:
    raised_NK = np.exp(logits_NK - logits_NK.max(axis=1, keepdims=True))
    return raised_NK / raised_NK.sum(axis=1, keepdims=True)


def said(
    num_rows: int, num_classes: int, temperature: float, seed: int = 0, shift: float = 0.0
) -> Predictions:
    """Rows of known probabilities, told too surely by the temperature and off by the shift."""
    rng = np.random.default_rng(seed)
    logits_NK = rng.normal(0.0, 1.5, (num_rows, num_classes))
    truth_N = (logits_NK + rng.gumbel(size=logits_NK.shape)).argmax(axis=1)
    logits_NK[:, 1] -= shift
    task = Task.BINARY if num_classes == 2 else Task.MULTICLASS
    labels = tuple(f"class {k}" for k in range(num_classes))
    return Predictions(task, truth_N, softmax(temperature * logits_NK), labels)


@pytest.mark.parametrize("num_classes", [2, 5])
@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_the_temperature_of_known_probabilities_is_found(num_classes: int, temperature: float) -> None:
    assert fit_temperature(said(20_000, num_classes, temperature)) == pytest.approx(temperature, rel=0.05)


def test_temperature_and_shift_of_weighted_classes_are_found() -> None:
    temperature, shift = fit_platt(said(20_000, 2, 2.0, shift=1.2))
    assert temperature == pytest.approx(2.0, rel=0.05)
    assert shift == pytest.approx(1.2, abs=0.08)


def test_the_temperature_is_that_of_guo_et_al() -> None:
    p = said(400, 3, 2.5)
    losses = {
        t: error(replace(p, output=calibrated(p.output, t)), "log_loss") for t in np.linspace(1, 5, 401)
    }
    assert fit_temperature(p) == pytest.approx(min(losses, key=losses.__getitem__), abs=0.03)


def test_rows_that_are_all_right_are_no_reason_for_certainty() -> None:
    output = np.tile([[0.3, 0.7], [0.7, 0.3]], (15, 1))
    p = Predictions(Task.BINARY, np.tile([1, 0], 15), output, ("no", "yes"))
    sure = calibrated(output, fit_temperature(p)).max()
    assert 0.95 < sure < 1 - 1 / 100
    assert calibrated(output, *fit_platt(p)).max() < 1 - 1 / 100


def test_calibration_is_that_of_logits_and_is_undone() -> None:
    logits_NK = np.random.default_rng(0).normal(0.0, 4.0, (50, 2))
    changed = calibrated(softmax(logits_NK), 2.5, 0.7)
    assert changed == pytest.approx(softmax(logits_NK / 2.5 + [0.0, 0.7]), abs=1e-12)
    assert calibrated(changed, 1 / 2.5, -0.7 * 2.5) == pytest.approx(softmax(logits_NK), abs=1e-12)
    assert np.isfinite(calibrated(np.array([[0.0, 1.0]]), 3.0)).all()
    assert calibrated(np.empty((0, 2)), 3.0).shape == (0, 2)


def value(p: Predictions, metric: str, threshold: float) -> float:
    return 1.0 - error(replace(p, threshold=threshold), metric)


def rare(num_rows: int, seed: int) -> Predictions:
    """One row in ten is of the second class; the probabilities are the true ones."""
    rng = np.random.default_rng(seed)
    second_N = (rng.random(num_rows) < 0.1).astype(np.int64)
    log_odds_N = 1.5 * (rng.normal(0.0, 1.0, num_rows) + 1.5 * second_N) - 1.5**2 / 2 + np.log(0.1 / 0.9)
    second_probability_N = 1.0 / (1.0 + np.exp(-log_odds_N))
    output = np.stack([1 - second_probability_N, second_probability_N], axis=1)
    return Predictions(Task.BINARY, second_N, output, ("no", "yes"))


def test_thresholds_are_those_of_theory_where_probabilities_are_true() -> None:
    """Accuracy: one half. Balanced accuracy: the class's share. F1: half the best F1 (Lipton et al. 2014)."""
    p = rare(40_000, 0)
    best_f1 = max(value(p, "f1", t) for t in np.linspace(0.05, 0.6, 111))
    assert fit_threshold(p, "accuracy") == pytest.approx(0.5, abs=0.06)
    assert fit_threshold(p, "balanced_accuracy") == pytest.approx(0.1, abs=0.03)
    assert fit_threshold(p, "f1") == pytest.approx(best_f1 / 2, abs=0.05)


@pytest.mark.parametrize("metric", THRESHOLD_METRICS)
def test_a_threshold_is_nearly_the_best_on_its_own_rows(metric: str) -> None:
    p = rare(2_000, 1)
    best = max(value(p, metric, t) for t in np.unique(p.output[:, 1]))
    found = fit_threshold(p, metric)
    assert best - 0.02 <= value(p, metric, found) <= best
    assert not np.isin(found, p.output[:, 1])


def test_one_row_does_not_draw_the_threshold_to_an_end() -> None:
    """The best on these rows calls everybody positive, for the sake of one row at the bottom."""
    score = np.concatenate([np.linspace(0.2, 0.45, 30), np.linspace(0.55, 0.8, 30), [0.01]])
    truth = np.concatenate([np.arange(30) % 10 == 0, np.arange(30) % 10 != 0, [True]]).astype(np.int64)
    p = Predictions(Task.BINARY, truth, np.stack([1 - score, score], axis=1), ("no", "yes"))
    for metric in THRESHOLD_METRICS:
        assert 0.3 < fit_threshold(p, metric) < 0.6, metric


def test_equal_probabilities_are_never_parted() -> None:
    output = np.tile([0.4, 0.6], (40, 1))
    p = Predictions(Task.BINARY, np.arange(40) % 2, output, ("no", "yes"))
    assert fit_threshold(p, "accuracy") in {0.3, 0.55, 0.8}


def test_a_decision_is_kept_where_it_helps_and_said_so() -> None:
    p = said(2_000, 2, 3.0)
    decision = decide(p, "accuracy")
    record = decision.record
    assert decision.temperature == pytest.approx(3.0, rel=0.2)
    assert record["after"] < record["before"] / 2
    assert record["log_loss"]["after"] < record["log_loss"]["before"]
    assert "took the log-loss from" in record["because"]
    assert sum(spot["rows"] for spot in record["curves"]["after"]) == 2_000
    unseen = said(20_000, 2, 3.0, seed=1)
    assert error(decision.apply(unseen), "log_loss") < error(unseen, "log_loss") - 0.1
    assert error(decision.apply(unseen), "calibration_error") == pytest.approx(record["after"], abs=0.03)


def test_calibration_is_left_out_where_it_gains_nothing() -> None:
    kept = [decide(said(300, 3, 1.0, seed), "accuracy") for seed in range(12)]
    unchanged = [decision for decision in kept if decision.changes_nothing]
    assert len(unchanged) >= 6
    for decision in unchanged:
        assert decision.record["before"] == decision.record["after"]
        assert decision.record["because"].startswith("no temperature: a temperature took the log-loss from")
    assert all(0.7 < decision.temperature < 1.4 for decision in kept)


def test_calibration_moves_no_class_and_a_fitted_threshold_does() -> None:
    p = said(3_000, 2, 2.0, shift=1.5)
    calm, fitted = decide(p, "balanced_accuracy"), decide(p, "balanced_accuracy", threshold="fit")
    assert calm.shift == fitted.shift == pytest.approx(1.5, abs=0.3)
    assert (calm.apply(p).predicted == p.predicted).all()
    assert fitted.threshold == pytest.approx(0.5, abs=0.1)
    found = fitted.record["decision"]
    assert found["metric"] == "balanced_accuracy"
    assert found["after"] < found["before"] - 0.02
    unseen = said(20_000, 2, 2.0, seed=1, shift=1.5)
    assert error(fitted.apply(unseen), "balanced_accuracy") == pytest.approx(found["after"], abs=0.02)


@pytest.mark.parametrize(
    ("metric", "why"),
    [
        ("roc_auc", "no threshold: roc_auc depends on none"),
        ("log_loss", "no threshold: log_loss depends on none"),
        ("precision", "no threshold: precision alone is best at one end.*f1 knows where to stop"),
        ("recall", "no threshold: recall alone is best at one end"),
    ],
)
def test_metrics_that_say_nothing_of_a_threshold(metric: str, why: str) -> None:
    decision = decide(said(500, 2, 1.5), metric, threshold="fit")
    assert re.search(why, decision.record["because"])
    assert decision.record["decision"]["before"] == decision.record["decision"]["after"]


def test_more_classes_have_no_threshold() -> None:
    decision = decide(said(500, 4, 1.5), "accuracy", threshold="fit")
    assert (decision.threshold, decision.shift) == (None, 0.0)
    assert "no threshold: it is for two classes" in decision.record["because"]


def test_few_rows_decide_nothing() -> None:
    decision = decide(said(18, 2, 5.0), "accuracy", threshold="fit")
    assert decision.changes_nothing
    assert (
        "no temperature: a half of the validation rows has 9, and 10 are needed" in decision.record["because"]
    )
    truth = np.zeros(200, dtype=np.int64)
    truth[:6] = 1
    p = replace(said(200, 2, 1.0), truth=truth)
    because = decide(p, "f1", threshold="fit").record["because"]
    assert "a half of the validation rows has 3 of the rarer class, 5 are needed" in because


def test_rows_of_one_class_decide_without_failing() -> None:
    p = replace(said(100, 2, 1.0), truth=np.ones(100, dtype=np.int64))
    assert np.isfinite(decide(p, "accuracy", threshold="fit").temperature)


def test_unknown_words_are_refused() -> None:
    p = said(100, 2, 1.0)
    with pytest.raises(RecipeError, match="unknown metric 'acuracy'"):
        decide(p, "acuracy")
    with pytest.raises(RecipeError, match="threshold = 'best': write 'argmax' or 'fit'"):
        decide(p, "accuracy", threshold="best")  # type: ignore[arg-type]


def test_the_same_rows_decide_the_same() -> None:
    p = said(400, 2, 2.0)
    assert decide(p, "f1", threshold="fit") == decide(p, "f1", threshold="fit")


def test_halves_leave_together_what_errs_alike() -> None:
    p = said(101, 2, 1.0)
    first, second = halves(p, 0)
    assert sorted([*first, *second]) == list(range(101))
    for k in range(2):
        assert abs(int((p.truth[first] == k).sum()) - int((p.truth[second] == k).sum())) <= 1
    assert not np.array_equal(first, halves(p, 1)[0])
    grouped = replace(p, groups=np.arange(101) // 10)
    first, second = halves(grouped, 0)
    assert not set(grouped.groups[first]) & set(grouped.groups[second])
    assert min(len(first), len(second)) >= 40
    timed = replace(p, times=np.random.default_rng(0).permutation(101))
    first, second = halves(timed, 0)
    assert timed.times[first].max() < timed.times[second].min()


def test_one_group_has_no_halves() -> None:
    decision = decide(replace(said(100, 2, 3.0), groups=np.ones(100, dtype=np.int64)), "f1", threshold="fit")
    assert decision.changes_nothing


def test_a_decision_is_undone() -> None:
    p = said(50, 2, 1.0)
    decision = Decision(1.7, 0.4, 0.3)
    back = decision.undo(decision.apply(p))
    assert back.output == pytest.approx(p.output, abs=1e-12)
    assert back.threshold is None
    assert Decision().apply(p).output is p.output


@pytest.mark.parametrize(
    "numbers",
    [{"temperature": 0.0}, {"temperature": float("nan")}, {"shift": float("inf")}, {"threshold": 1.5}],
)
def test_impossible_numbers_are_refused(numbers: dict[str, float]) -> None:
    with pytest.raises(BundleError, match=f"a decision's {next(iter(numbers))} cannot be"):
        Decision(**numbers)

"""Every remedy is documented, applies where it says so, and makes a recipe that can be trained."""

from typing import Any

import pytest

from assay.core.task import Task
from assay.diagnosis import remedies as advice
from assay.diagnosis.verdict import Verdict
from assay.study.recipe import Recipe
from assay.study.remedies import TABLE_REMEDIES, Remedy, State, proposals
from assay.training.settings import resolve

NOT_RUN = {"more rows", "more groups"}  # advice that no recipe can follow


class Facts:
    """What was found out, as a test wants it."""

    def __init__(self, **found: Any) -> None:
        self.found = found

    def suggested_rate(self) -> float:
        return self.found.get("rate", 0.01)

    def useless_columns(self) -> tuple[str, ...]:
        return self.found.get("useless", ())

    def shifting_columns(self) -> tuple[str, ...]:
        return self.found.get("shifting", ())

    def backbone(self) -> str:
        return self.found.get("backbone", "")

    def troubles(self) -> tuple[str, ...]:
        return self.found.get("troubles", ())


def state(verdict: Verdict = Verdict.HIGH_BIAS, facts: Facts | None = None, **changes: Any) -> State:
    about = {name: changes.pop(name) for name in list(changes) if name in State.__dataclass_fields__}
    recipe = Recipe().changed({"network": {"hidden": (32, 32)}, "metric": "accuracy", **changes})
    training, _ = resolve(recipe.training, 1000)
    known: dict[str, Any] = {
        "task": Task.BINARY,
        "bias": 0.1,
        "variance": 0.05,
        "history": [{"epoch": number + 1, "train_loss": 1.0 / (number + 1)} for number in range(40)],
        "best_epoch": 20,
        "stopped": "no better validation loss in 20 epochs",
        "num_rows": 1000,
        "num_inputs": 10,
        "class_shares": (0.5, 0.5),
        "method": "random",
    }
    recipe = recipe.model_copy(update={"training": training})
    return State(recipe=recipe, verdict=verdict, facts=facts or Facts(), **(known | about))


def named(name: str) -> Remedy:
    return next(remedy for remedy in TABLE_REMEDIES if remedy.name == name)


def test_names_are_those_of_the_advice() -> None:
    lists = (advice.BIAS, advice.VARIANCE, advice.MISMATCH, advice.IMBALANCE, advice.OPTIMISATION)
    assert {one.name for each in lists for one in each} - NOT_RUN == {
        remedy.name for remedy in TABLE_REMEDIES
    }


@pytest.mark.parametrize("remedy", TABLE_REMEDIES, ids=lambda remedy: remedy.name)
def test_each_remedy_says_what_it_is(remedy: Remedy) -> None:
    assert remedy.when
    assert remedy.because
    assert any(digit.isdigit() for digit in remedy.source), "a year"


@pytest.mark.parametrize("remedy", TABLE_REMEDIES, ids=lambda remedy: remedy.name)
@pytest.mark.parametrize("hidden", [(), (1,), (32, 32), (1024,) * 6])
@pytest.mark.parametrize("kind", ["mlp", "tabm", "residual"])
def test_a_change_is_a_recipe_of_its_own(remedy: Remedy, hidden: tuple[int, ...], kind: str) -> None:
    if kind != "mlp" and not hidden:
        return
    facts = Facts(
        useless=("a",), shifting=("b",), troubles=("explodes", "dead units", "plateau"), rate=0.0123
    )
    before = state(
        facts=facts,
        network={"hidden": hidden, "kind": kind},
        class_shares=(0.9, 0.1),
        metric="f1",
        method="time",
    )
    changes = remedy.change(before)
    if changes is None:
        return
    after = before.recipe.changed(changes)
    assert after != before.recipe
    assert after.network is not None
    if after.network.kind != "mlp":
        assert len(set(after.network.hidden)) == 1, "blocks of one width"
    assert not (after.network.kind == "tabm" and after.network.batch_norm)


@pytest.mark.parametrize("remedy", TABLE_REMEDIES, ids=lambda remedy: remedy.name)
def test_a_remedy_comes_to_an_end(remedy: Remedy) -> None:
    """Kept again and again, it stops to apply: nothing grows for ever."""
    facts = Facts(troubles=("explodes", "dead units", "plateau"), rate=0.01)
    now = state(facts=facts, class_shares=(0.9, 0.1), metric="f1", method="time")
    for _ in range(12):
        changes = remedy.change(now)
        if changes is None:
            break
        now = State(**{**now.__dict__, "recipe": now.recipe.changed(changes)})
    assert remedy.change(now) is None


@pytest.mark.parametrize(
    ("about", "first"),
    [
        ({"network": {"hidden": ()}}, "deeper network"),
        ({"network": {"hidden": (2,)}}, "wider network"),
        ({"facts": Facts(troubles=("explodes",))}, "learning-rate finder"),
        ({"facts": Facts(troubles=("dead units",))}, "other start"),
        ({"metric": "f1", "class_shares": (0.95, 0.05)}, "threshold"),
        ({"metric": "recall", "class_shares": (0.95, 0.05)}, "class weights"),
        ({"verdict": Verdict.MISMATCH, "facts": Facts(shifting=("x",))}, "drop shifting columns"),
        ({"verdict": Verdict.MISMATCH, "method": "time"}, "recency weights"),
    ],
)  # fmt: skip
def test_what_is_tried_first(about: dict[str, Any], first: str) -> None:
    assert next(proposals(state(**about))).name == first


def test_each_verdict_has_its_own() -> None:
    names = {
        verdict: [one.name for one in proposals(state(verdict))]
        for verdict in (Verdict.HIGH_BIAS, Verdict.HIGH_VARIANCE, Verdict.UNDECIDED)
    }
    assert "dropout" not in names[Verdict.HIGH_BIAS]
    assert "wider network" not in names[Verdict.HIGH_VARIANCE]
    both = set(names[Verdict.HIGH_BIAS]) | set(names[Verdict.HIGH_VARIANCE])
    assert set(names[Verdict.UNDECIDED]) == both
    assert list(proposals(state(Verdict.AT_THE_FLOOR))) == []


def test_an_undecided_verdict_begins_with_the_larger_gap() -> None:
    larger_bias = next(proposals(state(Verdict.UNDECIDED, bias=0.2, variance=0.1)))
    larger_variance = next(proposals(state(Verdict.UNDECIDED, bias=0.1, variance=0.2)))
    assert (larger_bias.remedy.aims_at, larger_variance.remedy.aims_at) == ("bias", "variance")


def test_what_was_tried_is_not_proposed_again() -> None:
    first = next(proposals(state()))
    assert first.name not in [one.name for one in proposals(state(), tried=[first.name])]


def test_classes_have_remedies_that_quantities_have_not() -> None:
    found = [one.name for one in proposals(state(Verdict.HIGH_VARIANCE, task=Task.REGRESSION))]
    assert "label smoothing" not in found
    assert "label smoothing" in [one.name for one in proposals(state(Verdict.HIGH_VARIANCE))]


def test_useless_columns_are_left_out() -> None:
    found = named("fewer features").change(state(facts=Facts(useless=("x", "z")), read={"ignore": ("id",)}))
    assert found == {"read.ignore": ["id", "x", "z"]}

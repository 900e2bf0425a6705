"""Remedies for images: each applies where it says so, makes a recipe, and none of them is one for tables."""

from typing import Any

import pytest

from assay.core.task import Task
from assay.data.images.augmentation import AugmentationSettings
from assay.diagnosis import remedies as advice
from assay.diagnosis.verdict import Verdict
from assay.networks.image_settings import ImageNetworkSettings
from assay.study.recipe import Recipe
from assay.study.remedies import IMAGE_REMEDIES, TABLE_REMEDIES, Remedy, State, proposals
from assay.study.remedies.rescue import calmer
from assay.training.settings import resolve

NOT_RUN = {"more rows", "more groups"}  # advice that no recipe can follow
TABLES_ALONE = {
    "numerical embeddings",
    "quantile scaling",
    "residual blocks",
    "fewer features",
    "drop shifting columns",
    "ensemble",
}


class Facts:
    """What was found out, as a test wants it."""

    def __init__(self, *troubles: str, backbone: str = "") -> None:
        self.found, self.name = troubles, backbone

    def suggested_rate(self) -> float:
        return 0.0123

    def useless_columns(self) -> tuple[str, ...]:
        raise AssertionError("images have no columns")

    def shifting_columns(self) -> tuple[str, ...]:
        raise AssertionError("images have no columns")

    def troubles(self) -> tuple[str, ...]:
        return self.found

    def backbone(self) -> str:
        return self.name


def state(verdict: Verdict = Verdict.HIGH_BIAS, facts: Facts | None = None, **changes: Any) -> State:
    about = {name: changes.pop(name) for name in list(changes) if name in State.__dataclass_fields__}
    recipe = Recipe().changed({"network": {"kind": "cnn", "widths": (16, 32)}, "metric": "accuracy"})
    recipe = recipe.changed(changes)
    training, _ = resolve(recipe.training, 10_000)
    known: dict[str, Any] = {
        "task": Task.MULTICLASS,
        "bias": 0.1,
        "variance": 0.05,
        "history": [{"epoch": number + 1, "train_loss": 1.0 / (number + 1)} for number in range(20)],
        "best_epoch": 20,
        "stopped": "20 epochs are done",
        "num_rows": 10_000,
        "num_inputs": 3 * 32 * 32,
        "class_shares": (0.5, 0.3, 0.2),
        "method": "random",
        "shape": (3, 32, 32),
    }
    recipe = recipe.model_copy(update={"training": training})
    return State(recipe=recipe, verdict=verdict, facts=facts or Facts(), **(known | about))


def names(state: State) -> list[str]:
    return [proposal.name for proposal in proposals(state)]


def named(name: str) -> Remedy:
    return next(remedy for remedy in IMAGE_REMEDIES if remedy.name == name)


def test_names_are_those_of_the_advice() -> None:
    lists = (
        advice.IMAGE_BIAS,
        advice.IMAGE_VARIANCE,
        advice.IMAGE_MISMATCH,
        advice.IMBALANCE,
        advice.OPTIMISATION,
    )
    assert {one.name for each in lists for one in each} - NOT_RUN == {r.name for r in IMAGE_REMEDIES}


@pytest.mark.parametrize("verdict", [each for each in Verdict if each is not Verdict.AT_THE_FLOOR])
def test_no_remedy_for_tables_is_proposed(verdict: Verdict) -> None:
    found = names(state(verdict, Facts("explodes", "dead units"), method="time"))
    assert found
    assert not TABLES_ALONE & set(found)
    assert set(found) <= {remedy.name for remedy in IMAGE_REMEDIES}


def test_no_remedy_for_images_is_proposed_for_a_table() -> None:
    table = State(**{**state().__dict__, "recipe": Recipe().changed({"metric": "accuracy"}), "shape": None})
    of_images = {r.name for r in IMAGE_REMEDIES} - {r.name for r in TABLE_REMEDIES}
    bias = State(**{**table.__dict__, "verdict": Verdict.HIGH_BIAS})
    assert not of_images & {proposal.name for proposal in proposals(bias)}


def test_shared_remedies_are_the_same_objects() -> None:
    shared = {id(remedy) for remedy in TABLE_REMEDIES} & {id(remedy) for remedy in IMAGE_REMEDIES}
    both = {remedy.name for remedy in IMAGE_REMEDIES if id(remedy) in shared}
    assert both >= {"weight decay", "label smoothing", "class weights", "threshold", "larger learning rate"}


@pytest.mark.parametrize("remedy", IMAGE_REMEDIES, ids=lambda remedy: remedy.name)
def test_each_remedy_says_what_it_is(remedy: Remedy) -> None:
    assert remedy.when
    assert remedy.because
    assert any(digit.isdigit() for digit in remedy.source), "a year"


@pytest.mark.parametrize("remedy", IMAGE_REMEDIES, ids=lambda remedy: remedy.name)
@pytest.mark.parametrize("kind", ["cnn", "resnet", "backbone"])
@pytest.mark.parametrize("shape", [(3, 32, 32), (1, 28, 28), (3, 224, 160)])
def test_a_change_is_a_recipe_of_its_own(remedy: Remedy, kind: str, shape: tuple[int, int, int]) -> None:
    before = state(
        facts=Facts("explodes", "dead units", "plateau", backbone="resnet18"),
        network={"kind": kind, "batch_norm": False},
        class_shares=(0.9, 0.1),
        metric="f1",
        method="time",
        shape=shape,
    )
    changes = remedy.change(before)
    if changes is None:
        return
    after = before.recipe.changed(changes)
    assert after != before.recipe
    assert isinstance(after.network, ImageNetworkSettings)
    for name in changes:
        assert after.model_dump() != before.recipe.model_dump(), name


@pytest.mark.parametrize("remedy", IMAGE_REMEDIES, ids=lambda remedy: remedy.name)
def test_a_remedy_comes_to_an_end(remedy: Remedy) -> None:
    """Kept again and again, it stops to apply: nothing grows for ever."""
    facts = Facts("explodes", "dead units", "plateau", backbone="resnet18")
    now = state(
        facts=facts, class_shares=(0.9, 0.1), metric="f1", method="time", shape=(3, 96, 96),
        augmentation={"flip": 0.5},
    )  # fmt: skip
    for _ in range(14):
        changes = remedy.change(now)
        if changes is None:
            break
        now = State(**{**now.__dict__, "recipe": now.recipe.changed(changes)})
    assert remedy.change(now) is None


@pytest.mark.parametrize(
    ("about", "first"),
    [
        ({"verdict": Verdict.HIGH_BIAS}, "residual network"),
        ({"verdict": Verdict.HIGH_BIAS, "network": {"kind": "backbone"}}, "fine-tuning"),
        ({"verdict": Verdict.HIGH_VARIANCE}, "flip and crop"),
        ({"verdict": Verdict.HIGH_VARIANCE, "augmentation": {"flip": 0.5}}, "label smoothing"),
        ({"facts": Facts("explodes")}, "learning-rate finder"),
        ({"metric": "f1", "class_shares": (0.95, 0.05)}, "threshold"),
        (
            {
                "verdict": Verdict.HIGH_VARIANCE,
                "facts": Facts(backbone="resnet18"),
                "num_rows": 800,
                "shape": (3, 224, 224),
            },
            "pretrained backbone",
        ),
    ],
)
def test_what_is_tried_first(about: dict[str, Any], first: str) -> None:
    assert names(state(**about))[0] == first


def test_a_backbone_needs_weights_and_large_images() -> None:
    change = named("pretrained backbone").change
    assert change(state(shape=(3, 224, 224))) is None
    assert change(state(facts=Facts(backbone="resnet18"))) is None, "32 pixels"
    found = change(state(facts=Facts(backbone="resnet18"), shape=(3, 224, 224)))
    assert found is not None
    assert found["network.backbone"] == "resnet18"


def test_a_residual_network_keeps_its_widths() -> None:
    changes = named("residual network").change(state(network={"widths": (24, 48)}))
    assert changes is not None
    after = state(network={"widths": (24, 48)}).recipe.changed(changes).network
    assert isinstance(after, ImageNetworkSettings)
    assert (after.kind, after.widths) == ("resnet", (24, 48))


def test_a_mirror_image_is_no_view_of_a_digit() -> None:
    """Grey images are not mirrored in training, and so not in prediction either."""
    grey = state(shape=(1, 28, 28))
    changes = named("flip and crop").change(grey)
    assert changes is not None
    assert changes["augmentation.flip"] == 0
    assert named("test-time flip").change(grey) is None
    assert named("colour changes").change(grey) is None
    mirrored = state(augmentation=AugmentationSettings(flip=0.5).model_dump())
    assert named("test-time flip").change(mirrored) == {"network.test_time_flip": True}


def test_averaged_weights_look_back_on_a_share_of_the_steps() -> None:
    few = named("averaged weights").change(state(training={"epochs": 2, "batch_size": 1000}))
    many = named("averaged weights").change(state(training={"epochs": 100, "batch_size": 100}))
    assert few is not None
    assert many is not None
    assert 0.9 <= few["training.ema"] < many["training.ema"] < 1.0


def test_a_weight_decay_is_felt_alike_at_any_rate() -> None:
    def pull(**training: Any) -> float:
        before = state(training=training)
        changes = named("weight decay").change(before)
        assert changes is not None
        settings = before.recipe.changed(changes).training
        momentum = settings.momentum if settings.optimizer == "sgd" else 0.0
        return float(settings.weight_decay * settings.learning_rate / (1.0 - momentum))

    assert pull(optimizer="adamw", learning_rate=0.001) == pytest.approx(3e-4)
    assert pull(optimizer="adamw", learning_rate=0.004) == pytest.approx(4e-4), "ten times the usual 0.01"
    assert pull(optimizer="sgd", learning_rate=0.05) == pytest.approx(3e-4)


def test_a_schedule_that_ends_by_itself_is_not_stopped_early() -> None:
    assert named("early stopping").change(state(training={"schedule": "onecycle", "patience": 0})) is None
    assert named("one-cycle schedule").change(state(training={"schedule": "triangle"})) is None


@pytest.mark.parametrize(("rate", "found", "lower"), [(0.1, 0.004, 0.004), (0.1, 0.09, 0.01)])
def test_a_first_training_that_exploded_is_tried_again_more_calmly(
    rate: float, found: float, lower: float
) -> None:
    recipe = state(training={"learning_rate": rate}).recipe
    first, second = calmer(recipe, lambda: found)
    assert first.changes == {"training.learning_rate": lower}
    assert second.changes == {"training.learning_rate": lower, "training.clip_norm": 1.0}
    assert (first.name, second.name) == ("learning-rate finder", "gradient clipping")
    clipped = recipe.changed({"training.clip_norm": 0.5})
    assert len(list(calmer(clipped, lambda: found))) == 1


def test_a_frozen_body_looks_often_enough_to_see_what_augmentation_does() -> None:
    frozen = {"verdict": Verdict.HIGH_VARIANCE, "network": {"kind": "backbone"}}
    assert named("cutout").change(state(**frozen)) == {"augmentation.cutout": 12, "network.views": 8}
    assert not {"mixup", "cutmix"} & set(names(state(**frozen)))
    anew = {"verdict": Verdict.HIGH_VARIANCE, "network": {"kind": "backbone", "views": 0}}
    assert named("cutout").change(state(**anew)) == {"augmentation.cutout": 12}
    assert {"mixup", "cutmix"} <= set(names(state(**anew)))


def test_fine_tuning_takes_small_steps_in_the_last_stages() -> None:
    changes = named("fine-tuning").change(state(network={"kind": "backbone"}))
    assert changes is not None
    assert changes["network.frozen"] is False
    assert changes["training.learning_rate"] < 0.001

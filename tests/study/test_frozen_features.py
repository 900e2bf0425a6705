"""A frozen body looks at each image once; what comes of it is what training through the body gives."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from listener import Listener

import assay
from assay.data.images.augmentation import AugmentationSettings
from assay.data.images.preparation import IMAGENET, ImagePreparation
from assay.data.images.settings import ImageSettings
from assay.data.table import Table
from assay.networks import Backbone
from assay.study.frozen_features import FrozenFeatures
from assay.study.image_trial import ImageTrial
from assay.study.progress import Silence
from assay.study.recipe import Recipe
from images_made import make_folder

SIDE = 32
RANDOM: dict[str, Any] = {"kind": "backbone", "weights": "random", "dropout": 0.0, "test_time_flip": False}
FAST: dict[str, Any] = {
    "images": {"size": SIDE},
    "network": RANDOM,
    "training": {"epochs": 3},
    "rounds": 0,
    "learning_curve": False,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_folder(tmp_path_factory.mktemp("data") / "shapes", 60)


@pytest.fixture(scope="module")
def table(folder: Path) -> Table:
    return assay.read(folder, images=ImageSettings(size=SIDE))


def trial_of(table: Table, network: dict[str, Any] | None = None, **choices: Any) -> ImageTrial:
    changed = {"training": {"epochs": 3}, "augmentation": {"flip": 0, "crop": 0}, **choices}
    recipe = Recipe.checked({"network": RANDOM | (network or {}), **changed})
    rows = np.random.default_rng(0).permutation(60)
    return ImageTrial.of(recipe, table.take(rows[:40]), table.take(rows[40:]))


def head(trial: ImageTrial) -> dict[str, torch.Tensor]:
    assert isinstance(trial.network, Backbone)
    return {name: value.clone() for name, value in trial.network.last.state_dict().items()}


def count_looks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    looks: list[int] = []
    features = Backbone.features

    def counted(self: Backbone, images: torch.Tensor) -> torch.Tensor:
        looks.append(len(images))
        return features(self, images)

    monkeypatch.setattr(Backbone, "features", counted)
    return looks


@pytest.mark.parametrize("flip", [False, True])
def test_it_gives_what_training_through_the_frozen_body_gives(table: Table, flip: bool) -> None:
    plain = {"epochs": 3, "optimizer": "sgd", "learning_rate": 0.01, "precision": "float32"}
    network = {"test_time_flip": flip}
    kept, anew = (trial_of(table, network | {"views": views}, training=plain) for views in (1, 0))
    assert (kept.keeps_features, anew.keeps_features) == (True, False)
    (_, quick), (_, slow) = (trial.fit(None, Silence()) for trial in (kept, anew))
    for one, other in zip(head(kept).values(), head(anew).values(), strict=True):
        torch.testing.assert_close(one, other, atol=2e-4, rtol=2e-3)
    for name in ("train_loss", "validation_loss"):
        values = [[record[name] for record in training.history] for training in (quick, slow)]
        np.testing.assert_allclose(*values, atol=1e-3)
    assert quick.network is kept.network


def test_each_image_is_looked_at_once(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = count_looks(monkeypatch)
    trial = trial_of(table, {"views": 2}, augmentation={"flip": 0.5, "crop": 0})
    trial.fit(None, Silence())
    assert sum(count for count in looks if count > 1) == 40 + 40 + 20  # one alone is only measured for size
    looks.clear()
    recipe = trial.recipe
    ImageTrial.of(recipe, trial.train, trial.validation, seed=7).fit(None, Silence())
    assert sum(looks) > 0  # other random weights of the body see something else
    again = ImageTrial.of(recipe, trial.train, trial.validation)
    looks.clear()
    again.fit(None, Silence())
    assert max(looks) == 1
    assert all(torch.equal(a, b) for a, b in zip(head(trial).values(), head(again).values(), strict=True))


def test_views_are_the_image_its_mirror_image_and_changes_of_it(table: Table) -> None:
    torch.manual_seed(1)
    network = Backbone((3, SIDE, SIDE), 3, weights="random", tapped=2)
    preparation = ImagePreparation.fit(table, like=IMAGENET)
    images = table.take(np.arange(5)).images
    assert images is not None
    look = FrozenFeatures(network, preparation, "cpu")
    x_BCHW = preparation(images.batch(np.arange(5)))
    network.eval()
    with torch.no_grad():
        plain, mirrored = network.features(x_BCHW), network.features(x_BCHW.flip(3))
    both = look.views(images, AugmentationSettings(flip=0.5), 4, seed=0)
    assert both.shape == (2, 5, network.num_features)
    torch.testing.assert_close(both[0], plain, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(both[1], mirrored, atol=1e-5, rtol=1e-4)
    settings = AugmentationSettings(flip=0.5, crop=4)
    four = look.views(images, settings, 4, seed=0)
    assert four.shape == (4, 5, network.num_features)
    assert not torch.equal(four[2], four[3])
    other = images.take(np.arange(5))  # the same images in another object, so that nothing is remembered
    assert torch.equal(look.views(other, settings, 4, seed=0), four)
    assert not torch.equal(look.views(other, settings, 4, seed=1)[2], four[2])
    assert look.views(images, None, 4, seed=0).shape[0] == 1


def test_asking_leaves_random_numbers_and_modes_alone(table: Table) -> None:
    network = Backbone((3, SIDE, SIDE), 3, weights="random").train()
    assert table.images is not None
    state = torch.get_rng_state()
    look = FrozenFeatures(network, ImagePreparation.fit(table, like=IMAGENET), "cpu")
    look.views(table.images.take(np.arange(3)), AugmentationSettings(crop=2), 3, seed=0)
    assert torch.equal(torch.get_rng_state(), state)
    assert network.training


def test_mirror_images_are_asked_about_where_they_are_trained_on(table: Table) -> None:
    stated = {name: value for name, value in RANDOM.items() if name != "test_time_flip"}
    for flip in (0.0, 0.5):
        recipe = Recipe.checked({"network": stated, "augmentation": {"flip": flip, "crop": 0}})
        trial = ImageTrial.of(recipe, table, table)
        assert trial.network_settings.test_time_flip is (flip > 0)
        assert ("network.test_time_flip" in trial.reasons) is (flip > 0)


def test_mixed_images_are_looked_at_anew(table: Table) -> None:
    assert not trial_of(table, augmentation={"flip": 0, "crop": 0, "mixup": 0.2}).keeps_features
    assert not trial_of(table, {"frozen": False}).keeps_features


def test_a_run_of_kept_features_goes_on_to_the_same_weights(folder: Path, tmp_path: Path) -> None:
    listener = Listener()
    whole = assay.run(folder, out=tmp_path / "whole", progress=listener, **FAST)
    assert any("kept of 36 training images in 2 views" in text for text in listener.words(""))
    cut = assay.run(folder, out=tmp_path / "cut", progress=Listener(interrupt_after=1), **FAST)
    assert cut.metrics["stopped"] == "interrupted"
    resumed = assay.run(folder, out=tmp_path / "cut", resume=True)
    assert resumed.bundle.sha256 == whole.bundle.sha256
    loaded = assay.load(whole.best / "bundle")
    found = loaded.outputs(loaded.schema.encode(folder))
    np.testing.assert_allclose(found, whole.bundle.outputs(whole.bundle.schema.encode(folder)))


def test_a_backbone_gets_the_size_that_it_has_seen(folder: Path, tmp_path: Path) -> None:
    from assay.study.image_set import ImageSet

    recipe = Recipe.checked({"network": RANDOM})
    assert ImageSet.of(folder, recipe).settings.size == 224
    assert ImageSet.of(assay.read(folder), recipe).settings.size == 224
    assert (
        ImageSet.of(folder, Recipe.checked({"network": RANDOM, "images": {"size": 64}})).settings.size == 64
    )
    assert ImageSet.of(folder, Recipe()).settings.size is None


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    from torchvision.models import squeezenet1_1

    torch.manual_seed(5)
    torch.save(squeezenet1_1(weights=None).state_dict(), tmp_path / "squeezenet.pth")
    return tmp_path / "squeezenet.pth"


def test_fine_tuning_begins_with_a_last_layer_that_fits(table: Table, weights: Path) -> None:
    listener = Listener()
    network = {"weights": str(weights), "frozen": False, "tuned": 1}
    trial = trial_of(table, network, training={"epochs": 1, "learning_rate": 1e-6})
    body = {name: value.clone() for name, value in trial.network.state_dict().items()}
    _, training = trial.fit(None, listener)
    assert any("the last layer first" in text for text in listener.words(""))
    changed = {
        name.split(".")[2]
        for name, value in trial.network.state_dict().items()
        if name.startswith("body") and not torch.equal(value, body[name])
    }
    assert changed == {"12"}
    assert training.history[0]["train_loss"] < 0.9 * np.log(3)


def test_last_stages_learn_from_kept_maps(table: Table) -> None:
    """The same network as through the stages that stay as they are, with and without kept maps."""
    plain = {"epochs": 2, "optimizer": "sgd", "learning_rate": 1e-4, "precision": "float32"}
    network = {"backbone": "resnet18", "frozen": False, "tuned": 1, "tapped": 2}
    kept, anew = (trial_of(table, network | {"views": views}, training=plain) for views in (1, 0))
    assert (kept.keeps_features, anew.keeps_features) == (True, False)
    statistics = kept.network.state_dict()["body.layer3.0.bn1.running_mean"].clone()
    (_, quick), (_, slow) = (trial.fit(None, Silence()) for trial in (kept, anew))
    for name in ("train_loss", "validation_loss"):
        values = [[record[name] for record in training.history] for training in (quick, slow)]
        np.testing.assert_allclose(*values, rtol=1e-3)
    state = kept.network.state_dict()
    assert torch.equal(state["body.layer3.0.bn1.running_mean"], statistics)
    assert state["body.layer4.0.bn1.num_batches_tracked"] > 0


def test_a_backbone_is_advised_where_its_weights_are_and_images_are_few(
    tmp_path: Path, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.setattr(torch.hub, "_hub_dir", None)
    table = assay.read(make_folder(tmp_path / "shapes", 30, size=64))

    def kind() -> tuple[str, str]:
        trial = ImageTrial.of(Recipe.checked({}), table, table)
        return trial.network_settings.kind, trial.reasons.get("network.kind", "")

    assert kind() == ("cnn", "")
    cache = tmp_path / "torch" / "hub" / "checkpoints"
    cache.mkdir(parents=True)
    weights.rename(cache / "squeezenet1_1-b8a52dc0.pth")
    assert kind()[0] == "cnn"
    assert 'network.backbone = "squeezenet1_1"' in kind()[1]

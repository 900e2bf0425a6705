"""A stated setting that has no effect is refused; a recipe that was written out runs again."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from listener import Listener

import assay
from assay.core.errors import RecipeError
from assay.networks.image_settings import ImageNetworkSettings
from assay.study.recipe import Recipe
from assay.study.unused import without_unused
from images_made import make_folder

FAST: dict[str, Any] = {"training": {"epochs": 1}, "rounds": 0, "learning_curve": False}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_folder(tmp_path_factory.mktemp("data") / "shapes", 60)


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        (
            {"network.kind": "resnet", "network.dense": [64]},
            r"network.dense = \[64\] has no effect: a resnet",
        ),
        ({"network.kind": "cnn", "network.weights": "x.pth"}, "network.weights = 'x.pth' has no effect"),
        (
            {"preparation": {"scale": "minmax"}},
            "preparation.scale = 'minmax' has no effect: it is for tables",
        ),
        ({"read.separator": ";"}, "read.separator = ';' has no effect: it is for text files"),
    ],
)
def test_settings_without_effect_on_images_are_refused(
    folder: Path, tmp_path: Path, choices: dict[str, Any], message: str
) -> None:
    with pytest.raises(RecipeError, match=message):
        assay.run(folder, out=tmp_path / "study", **(FAST | choices))
    assert not (tmp_path / "study").exists()


def test_settings_without_effect_on_a_table_are_refused_together(tmp_path: Path) -> None:
    x_N2 = np.random.default_rng(0).normal(size=(60, 2))
    frame = pl.DataFrame({"a": x_N2[:, 0], "b": x_N2[:, 1], "y": np.where(x_N2.sum(1) > 0, "p", "n")})
    choices = {"images.size": 32, "augmentation.flip": 0.5, "network.members": 4, "network.bins": 8}
    with pytest.raises(RecipeError) as caught:
        assay.run(frame, out=tmp_path / "study", target="y", **(FAST | choices))
    for name in choices:
        assert f"{name} = " in str(caught.value)
    assay.run(frame, out=tmp_path / "study", target="y", **(FAST | {"images.workers": 1}))


def test_a_recipe_written_by_hand_is_refused_as_well(folder: Path, tmp_path: Path) -> None:
    recipe = tmp_path / "shapes.toml"
    recipe.write_text('[network]\nkind = "resnet"\ndense = [64]\n')
    with pytest.raises(RecipeError, match=r"network\.dense"):
        assay.run(folder, out=tmp_path / "study", recipe=recipe, **FAST)


def test_a_recipe_of_a_run_runs_again_also_with_another_network(folder: Path, tmp_path: Path) -> None:
    network = {"kind": "cnn", "widths": (4, 8), "dense": (16,)}
    first = assay.run(folder, out=tmp_path / "first", network=network, **FAST)
    again = assay.run(recipe=first.best / "recipe.toml", out=tmp_path / "again")
    assert again.recipe.network == first.recipe.network
    listener = Listener()
    choices: dict[str, Any] = {"network.kind": "resnet"}
    other = assay.run(recipe=first.recipe_path, out=tmp_path / "other", progress=listener, **choices)
    assert isinstance(other.recipe.network, ImageNetworkSettings)
    assert other.recipe.network.dense == ()
    assert any("network.dense = [16] has no effect" in text for text in listener.words(""))


def test_what_stands_at_its_default_asks_for_nothing() -> None:
    asked = Recipe().changed({"network.kind": "resnet", "network.dense": [], "preparation.scale": "quantile"})
    assert without_unused(asked, {"network.dense": []}, is_images=True) == (asked, [])

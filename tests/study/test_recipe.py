from pathlib import Path

import pytest

from assay.core.errors import RecipeError
from assay.core.task import Task
from assay.study.recipe import Recipe, overlay
from assay.study.recipe_file import recipe_text


def test_a_recipe_survives_its_file(tmp_path: Path) -> None:
    recipe = Recipe().changed(
        {
            "data": 'odd "name"\\é.csv',
            "target": "default payment next month",
            "seed": 7,
            "read.kinds": {"SEX": "qualitative", "a.b": "quantitative", "with space": "ordinal"},
            "read.ignore": ["ID"],
            "network.hidden": [64, 32],
            "training.epochs": 5,
        }
    )
    file = tmp_path / "recipe.toml"
    file.write_text(recipe_text(recipe, {"network.hidden": "two\nlines"}))
    assert Recipe.load(file).model_dump() == recipe.model_dump()


def test_every_default_stands_in_the_file_with_its_reason() -> None:
    text = recipe_text(Recipe(), {"seed": "asked for"})
    assert "because: asked for" in text
    assert "because: " + Recipe.reason("imbalance") in text
    for name in Recipe.model_fields:
        assert name in text


def test_choices_are_laid_over_a_file(tmp_path: Path) -> None:
    file = tmp_path / "recipe.toml"
    file.write_text('target = "y"\n[training]\nepochs = 3\nlearning_rate = 0.1\n')
    recipe = Recipe.load(file, {"training.epochs": 9, "training": {"patience": 2}})
    assert (recipe.target, recipe.training.epochs, recipe.training.learning_rate) == ("y", 9, 0.1)
    assert recipe.training.patience == 2


def test_dotted_and_nested_names_agree() -> None:
    assert overlay({"a": {"b": 1}}, {"a.c": 2}) == overlay({"a": {"b": 1}}, {"a": {"c": 2}})
    with pytest.raises(RecipeError, match="holds no settings"):
        overlay({"seed": 1}, {"seed.x": 2})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("seed = ", "not valid TOML"),
        ("sede = 1", r"unknown setting 'sede' \(did you mean 'seed'\?\)"),
        ("[training]\nepoch = 1", r"'training.epoch' \(did you mean 'epochs'\?\)"),
        ("seed = -1", "seed = -1"),
        ('imbalance = "smote"', "imbalance = 'smote'"),
        ("[training]\nepochs = 0", "training.epochs = 0"),
        ("[network]\nhidden = [0]", "hidden"),
        ("[split]\nmethod = 'kfold'", "split.method = 'kfold'"),
    ],
)
def test_mistakes_in_a_recipe_are_named(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "recipe.toml"
    file.write_text(text)
    with pytest.raises(RecipeError, match=message) as caught:
        Recipe.load(file)
    assert str(file) in str(caught.value)


def test_a_recipe_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="no such recipe"):
        Recipe.load(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes(b"target = '\xe9'")
    with pytest.raises(RecipeError, match="UTF-8"):
        Recipe.load(tmp_path / "latin.toml")


def test_the_metric_follows_the_task() -> None:
    assert Recipe().metric_for(Task.BINARY) == "accuracy"
    assert Recipe().metric_for(Task.REGRESSION) == "rmse"
    assert Recipe(metric="roc_auc").metric_for(Task.BINARY) == "roc_auc"

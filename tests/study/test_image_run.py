"""A folder of images goes the way of a table: run, bundle, predict, test."""

import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from listener import Listener
from PIL import Image

import assay
from assay.core.errors import DataError, RecipeError
from assay.study.recipe import Recipe
from images_made import CLASSES, encoded, made_images, make_folder, make_parquet

FAST: dict[str, Any] = {
    "training": {"epochs": 2},
    "network": {"kind": "cnn", "widths": (4, 8)},
    "rounds": 0,
    "learning_curve": False,
}
CONTRACT = {
    "recipe.toml", "inspection.json", "split.json", "runs", "ledger.jsonl", "diagnosis.json",
    "metrics.json", "bundle", "report.html",
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_folder(tmp_path_factory.mktemp("data") / "shapes", 90)


@pytest.fixture(scope="module")
def listener() -> Listener:
    return Listener()


@pytest.fixture(scope="module")
def study(folder: Path, listener: Listener, tmp_path_factory: pytest.TempPathFactory) -> assay.Study:
    return assay.run(folder, out=tmp_path_factory.mktemp("out") / "study", progress=listener, **FAST)


def with_parts(folder: Path, *parts: str, num_rows: int = 30) -> Path:
    for number, part in enumerate(parts):
        make_folder(folder / part, num_rows, seed=number)
    return folder


def statistics(study: assay.Study) -> dict[str, bytes]:
    return {name: value.numpy().tobytes() for name, value in study.bundle.preparation.state_dict().items()}


def test_a_study_of_images_holds_the_files_of_the_contract(study: assay.Study) -> None:
    assert {path.name for path in study.folder.iterdir()} >= CONTRACT
    assert {"recipe.toml", "history.jsonl", "checkpoint.pt", "metrics.json", "predictions.npz"} <= {
        path.name for path in study.best.iterdir()
    }
    assert (study.metrics["task"], study.metrics["metric"], study.metrics["test"]) == (
        "multiclass", "accuracy", None,
    )  # fmt: skip
    assert len((study.best / "history.jsonl").read_text().splitlines()) == 2
    assert study.metrics["parameters"] == study.bundle.num_parameters
    assert study.inspection["sealed_rows"] == 18


def test_the_run_says_what_it_does(study: assay.Study, listener: Listener) -> None:
    assert any("90 images, taken at 16 x 16 pixels" in text for text in listener.words("read"))
    assert any("54 / 18 / 18 rows" in text for text in listener.words("split"))
    assert any("mean" in text for text in listener.words("prepare"))
    assert any("cnn" in text for text in listener.words("network"))


def test_the_recipe_is_of_images_and_runs_again(study: assay.Study, tmp_path: Path) -> None:
    text = study.recipe_path.read_text()
    sections = tomllib.loads(text)
    assert {"images", "augmentation", "network", "training"} <= sections.keys()
    assert "preparation" not in sections
    assert 'image = "image"' not in text
    assert Recipe.load(study.recipe_path).model_dump() == study.recipe.model_dump()
    again = assay.run(out=tmp_path / "again", recipe=study.recipe_path)
    assert again.bundle.sha256 == study.bundle.sha256


def test_the_bundle_predicts_and_the_seal_opens_once(study: assay.Study, folder: Path) -> None:
    found = study.bundle.predict(folder)
    assert len(found) == 90
    assert set(found) <= set(CLASSES)
    metrics = assay.Study.open(study.folder).test()
    assert metrics["test"]["accuracy"] is not None
    assert len(metrics["seal"]["opened"]) == 1
    again = assay.Study.open(study.folder).test()
    assert again["test"] == metrics["test"]
    assert len(again["seal"]["opened"]) == 1


def test_official_parts_are_kept(tmp_path: Path) -> None:
    parts = with_parts(tmp_path / "data", "train", "val", "test")
    study = assay.run(parts, out=tmp_path / "study", **FAST)
    assert (study.split.method, study.split.sizes) == ("rows", {"train": 30, "validation": 30, "test": 30})
    assert (study.recipe.split.train_rows, study.recipe.split.test_rows) == ("1-30", "61-90")
    other = assay.run(parts, out=tmp_path / "other", split={"method": "random"}, **FAST)
    assert other.split.method == "random"
    assert other.split.sizes["train"] == 54


@pytest.mark.parametrize(("second", "sealed"), [("test", "test_rows"), ("val", "test_rows")])
def test_two_official_parts_seal_the_second(tmp_path: Path, second: str, sealed: str) -> None:
    study = assay.run(with_parts(tmp_path / "data", "train", second), out=tmp_path / "study", **FAST)
    assert getattr(study.recipe.split, sealed) == "31-60"
    assert study.split.test.tolist() == list(range(30, 60))
    assert set(study.split.validation.tolist()) <= set(range(30))


def noise(folder: Path) -> None:
    random = np.random.default_rng(5)
    for path in folder.rglob("*.png"):
        Image.fromarray(random.integers(0, 256, (16, 16, 3), dtype=np.uint8)).save(path)


def test_validation_and_test_images_decide_no_statistic(tmp_path: Path) -> None:
    """With noise in their place, mean and std stay as they are, byte for byte."""
    studies = []
    for name in ("clean", "poisoned"):
        parts = with_parts(tmp_path / name, "train", "validation", "test")
        if name == "poisoned":
            noise(parts / "validation")
            noise(parts / "test")
        studies.append(assay.run(parts, out=tmp_path / f"{name} study", **FAST))
    assert statistics(studies[0]) == statistics(studies[1])
    train = [run.best / "history.jsonl" for run in studies]
    losses = [[json.loads(line)["train_loss"] for line in path.read_text().splitlines()] for path in train]
    assert losses[0] == losses[1]


def test_test_images_decide_nothing_at_all(tmp_path: Path) -> None:
    studies = []
    for name in ("clean", "poisoned"):
        parts = with_parts(tmp_path / name / "data", "train", "validation", "test")
        if name == "poisoned":
            noise(parts / "test")
        studies.append(assay.run(parts, out=tmp_path / f"{name} study", **FAST))
    first, second = studies
    assert first.bundle.sha256 == second.bundle.sha256
    assert first.diagnosis == second.diagnosis
    assert first.inspection == second.inspection
    assert first.test()["test"] != second.test()["test"]


def test_an_interrupted_run_goes_on_to_the_same_weights(folder: Path, tmp_path: Path) -> None:
    recipe = FAST | {"training": {"epochs": 3}}
    whole = assay.run(folder, out=tmp_path / "whole", **recipe)
    cut = assay.run(folder, out=tmp_path / "cut", progress=Listener(interrupt_after=1), **recipe)
    assert cut.metrics["stopped"] == "interrupted"
    resumed = assay.run(folder, out=tmp_path / "cut", resume=True)
    assert resumed.bundle.sha256 == whole.bundle.sha256


def test_changed_images_are_noticed(tmp_path: Path) -> None:
    data = make_folder(tmp_path / "data", 45)
    study = assay.run(data, out=tmp_path / "study", **FAST)
    first = next(data.rglob("*.png"))
    original = first.read_bytes()
    first.write_bytes(encoded(made_images(1, seed=9)[0][0]))
    with pytest.raises(DataError, match="the data have changed since the study began"):
        study.test()
    first.write_bytes(original)
    (data / ".DS_Store").write_bytes(b"x")
    moved = tmp_path / "elsewhere"
    shutil.move(data, moved)
    assert study.test(moved)["test"] is not None


def test_a_parquet_file_of_images(tmp_path: Path) -> None:
    shapes = make_parquet(tmp_path / "shapes.parquet", 60)
    study = assay.run(shapes, target="label", out=tmp_path / "study", **FAST)
    assert study.bundle.labels == (0, 1, 2)
    assert study.test()["test"]["accuracy"] is not None


def test_images_that_are_streamed_train_the_same_network(folder: Path, tmp_path: Path) -> None:
    bundles = [
        assay.run(folder, out=tmp_path / storage, images={"storage": storage, "workers": 0}, **FAST).bundle
        for storage in ("memory", "stream")
    ]
    assert bundles[0].sha256 == bundles[1].sha256


def test_a_table_of_images_and_two_classes(folder: Path, tmp_path: Path) -> None:
    table = assay.read(folder)
    two = table.take(np.flatnonzero((table.frame["label"] != CLASSES[0]).to_numpy()))
    study = assay.run(two, out=tmp_path / "study", **FAST)
    assert study.metrics["task"] == "binary"
    with pytest.raises(RecipeError, match="the rows came from memory"):
        study.test()
    assert study.test(two)["test"] is not None


def test_other_seeds_are_trained_and_measured(folder: Path, tmp_path: Path) -> None:
    from assay.study.budget import Budget
    from assay.study.reopening import reopened
    from assay.study.runs import FIRST

    study = assay.run(folder, out=tmp_path / "study", **FAST)
    bench = reopened(study, study.recipe, None, Listener(), Budget(None))
    run = bench.run(FIRST)
    bench.train_seeds(run, 3, Listener())
    first, second, third = run.all_predictions()
    assert not np.array_equal(first["validation"].output, second["validation"].output)
    assert not np.array_equal(second["validation"].output, third["validation"].output)


def test_a_learning_curve_only_where_a_training_is_quick(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fast = {name: value for name, value in FAST.items() if name != "learning_curve"}
    quick = assay.run(folder, out=tmp_path / "quick", **fast)
    assert (quick.folder / "learning_curve.json").exists()
    monkeypatch.setattr("assay.study.closing._LONG", 0.0)
    listener = Listener()
    slow = assay.run(folder, out=tmp_path / "slow", progress=listener, **fast)
    assert not (slow.folder / "learning_curve.json").exists()
    assert any("learning_curve = true asks for it" in text for text in listener.words("curve"))
    asked = assay.run(folder, out=tmp_path / "asked", **fast, learning_curve=True)
    assert (asked.folder / "learning_curve.json").exists()


def test_settings_for_tables_are_refused_for_images(folder: Path, csv: Path, tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match=r"network\.kind.* is for tables"):
        assay.run(folder, out=tmp_path / "a", network={"kind": "mlp"}, rounds=0)
    with pytest.raises(RecipeError, match=r"network\.hidden.* is for tables"):
        assay.run(folder, out=tmp_path / "b", network={"hidden": (8,)}, rounds=0)
    with pytest.raises(RecipeError, match="'cnn' is for images"):
        assay.run(csv, target="bought", out=tmp_path / "c", network={"kind": "cnn"}, rounds=0)
    assert not any((tmp_path / name).exists() for name in "abc")
    shared = assay.run(folder, out=tmp_path / "d", **(FAST | {"network": {"dropout": 0.3}}))
    assert (shared.recipe.network.kind, shared.recipe.network.dropout) == ("cnn", 0.3)


def test_mistakes_in_settings_of_images_are_named() -> None:
    with pytest.raises(RecipeError, match=r"unknown setting 'network\.width'"):
        Recipe.checked({"network": {"kind": "cnn", "width": 3}})
    with pytest.raises(RecipeError, match="no network of the kind 'cnm'"):
        Recipe.checked({"network": {"kind": "cnm"}})
    with pytest.raises(RecipeError, match=r"images\.fit = 'melt'"):
        Recipe.checked({"images": {"fit": "melt"}})


def test_a_broken_image_stops_the_run_before_anything_is_written(folder: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(folder, data)
    (data / CLASSES[0] / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(40))
    with pytest.raises(DataError, match=r"broken\.png"):
        assay.run(data, out=tmp_path / "study", **FAST)
    assert not (tmp_path / "study").exists()
    study = assay.run(data, out=tmp_path / "study", images={"skip_broken": True}, **FAST)
    assert study.split.rows == 90

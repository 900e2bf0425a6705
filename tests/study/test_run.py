import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from fast_recipe import FAST
from listener import Listener

import assay
from assay.core.errors import DataError, InputError, RecipeError
from assay.study.recipe import Recipe

CONTRACT = {
    "recipe.toml", "inspection.json", "split.json", "runs", "ledger.jsonl", "diagnosis.json",
    "metrics.json", "bundle", "report.html",
}  # fmt: skip


@pytest.fixture(scope="module")
def study(csv: Path, tmp_path_factory: pytest.TempPathFactory) -> assay.Study:
    return assay.run(csv, target="bought", out=tmp_path_factory.mktemp("out") / "study", **FAST)


def test_a_study_holds_the_files_of_the_contract(study: assay.Study) -> None:
    assert {path.name for path in study.folder.iterdir()} >= CONTRACT
    assert {"recipe.toml", "history.jsonl", "checkpoint.pt", "metrics.json"} <= {
        path.name for path in study.best.iterdir()
    }
    assert study.metrics["test"] is None
    assert study.metrics["task"] == "binary"
    assert len((study.best / "history.jsonl").read_text().splitlines()) == 3
    assert not list(study.folder.rglob("*.part"))
    for file in study.folder.rglob("*.json"):
        json.loads(file.read_text())


def test_the_library_face_of_a_study(study: assay.Study, frame: pl.DataFrame) -> None:
    assert study.diagnosis.verdict in {"high bias", "high variance", "at the floor", "undecided"}
    assert study.ledger == []
    labels = study.bundle.predict(frame)
    assert set(labels) <= {"yes", "no"}
    chances = np.asarray(study.bundle.predict_proba(frame))
    assert chances.shape == (400, 2)
    np.testing.assert_allclose(chances.sum(axis=1), 1, atol=1e-6)
    assert "iframe" in study._repr_html_()


def test_predictions_survive_the_way_through_the_bundle(study: assay.Study, frame: pl.DataFrame) -> None:
    from assay.core.predictions import load_predictions

    stored = load_predictions(study.best / "predictions.npz")["validation"]
    again = np.asarray(study.bundle.predict_proba(frame[stored.rows]))
    np.testing.assert_allclose(again, stored.output, atol=1e-6)


def test_the_recipe_runs_again_to_the_same_weights(study: assay.Study, tmp_path: Path) -> None:
    again = assay.run(recipe=study.recipe_path, out=tmp_path / "again")
    weights = "bundle/weights.safetensors"
    assert (again.folder / weights).read_bytes() == (study.folder / weights).read_bytes()
    assert again.recipe == study.recipe


def test_another_seed_gives_another_split_and_other_weights(
    csv: Path, study: assay.Study, tmp_path: Path
) -> None:
    other = assay.run(csv, target="bought", out=tmp_path / "other", seed=1, **FAST)
    assert other.split.hashes != study.split.hashes


@pytest.mark.parametrize(("target", "task"), [("amount", "regression"), ("level", "multiclass")])
def test_every_task_from_memory(frame: pl.DataFrame, tmp_path: Path, target: str, task: str) -> None:
    data = frame.drop({"amount", "bought", "level"} - {target})
    listener = Listener()
    study = assay.run(data.to_pandas(), target=target, out=tmp_path / "s", progress=listener, **FAST)
    assert study.metrics["task"] == task
    if task == "regression":  # the live metric is in the user's unit
        best = listener.epochs[study.metrics["best_epoch"] - 1]
        assert best["validation_rmse"] == pytest.approx(study.metrics["validation"]["rmse"], rel=1e-4)
    tested = study.test(data)
    assert tested["test"].keys() == tested["validation"].keys()
    with pytest.raises(DataError, match="have changed"):
        assay.run(data, target=target, out=tmp_path / "t", **FAST).test(data.reverse())


@pytest.mark.parametrize("imbalance", ["class_weights", "over", "under"])
def test_imbalance_is_treated_on_training_rows(csv: Path, tmp_path: Path, imbalance: str) -> None:
    study = assay.run(csv, target="bought", out=tmp_path / "s", imbalance=imbalance, **FAST)
    assert sum(study.split.sizes.values()) == 400


def test_the_seal_opens_once_and_is_on_record(csv: Path, tmp_path: Path) -> None:
    study = assay.run(csv, target="bought", out=tmp_path / "s", **FAST)
    first = study.test()
    again = assay.Study.open(study.folder).test()
    assert first["test"] == again["test"]
    assert len(again["seal"]["opened"]) == 1
    assert len(json.loads((study.folder / "split.json").read_text())["seal"]["opened"]) == 1
    assert study.metrics["test"]["accuracy"] == first["test"]["accuracy"]


def test_test_rows_must_be_those_that_were_sealed(csv: Path, tmp_path: Path) -> None:
    moved = tmp_path / "moved.csv"
    moved.write_bytes(csv.read_bytes())
    study = assay.run(moved, target="bought", out=tmp_path / "s", **FAST)
    moved.write_text(csv.read_text().replace("red", "blue", 1))
    with pytest.raises(DataError, match="have changed since the study began"):
        study.test()
    assert study.split.openings == []
    assert study.test(csv)["test"]


def test_ctrl_c_keeps_the_best_so_far_and_resume_goes_on(
    csv: Path, study: assay.Study, tmp_path: Path
) -> None:
    listener = Listener(interrupt_after=1)
    stopped = assay.run(csv, target="bought", out=tmp_path / "s", progress=listener, **FAST)
    assert stopped.metrics["stopped"] == "interrupted"
    assert len(stopped.bundle.predict(pl.read_csv(csv))) == 400
    resumed = assay.run(csv, target="bought", out=tmp_path / "s", resume=True, **FAST)
    weights = "bundle/weights.safetensors"
    assert (resumed.folder / weights).read_bytes() == (study.folder / weights).read_bytes()


def test_resume_refuses_another_recipe(csv: Path, study: assay.Study) -> None:
    with pytest.raises(RecipeError, match="seed = 3"):
        assay.run(csv, target="bought", out=study.folder, resume=True, seed=3)
    assert assay.run(csv, target="bought", out=study.folder, resume=True).metrics == study.metrics


def test_a_taken_folder_is_refused_and_untouched(csv: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(RecipeError, match="holds files already"):
        assay.run(csv, target="bought", out=tmp_path)
    with pytest.raises(RecipeError, match="is a file"):
        assay.run(csv, target="bought", out=tmp_path / "mine.txt")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"target": "bougth"}, "did you mean 'bought'"),
        ({}, "needs a target"),
        ({"target": "bought", "metric": "rmse"}, "rmse"),
        ({"target": "bought", "budget": "soon"}, "span of time"),
        ({"target": "bought", "device": "gpu"}, "unknown device"),
        ({"target": "bought", "epochs": 3}, "unknown setting 'epochs'"),
        ({"target": "bought", "training": {"loss": "mse"}}, "mse"),
        ({"target": "bought", "bayes_error": 1.5}, "1.5"),
        ({"target": "age", "imbalance": "over"}, "is for classes, and the target 'age' is a quantity"),
    ],
)
def test_wrong_input_leaves_no_folder(
    csv: Path, tmp_path: Path, choices: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        assay.run(csv, out=tmp_path / "s", **choices)
    assert not (tmp_path / "s").exists()


def test_a_recipe_names_its_data_from_where_it_lies(csv: Path, tmp_path: Path) -> None:
    (tmp_path / "shop.csv").write_bytes(csv.read_bytes())
    recipe = tmp_path / "recipe.toml"
    recipe.write_text('data = "shop.csv"\ntarget = "bought"\nrounds = 0\n[training]\nepochs = 1\n')
    study = assay.run(recipe=recipe, out=tmp_path / "s")
    assert study.recipe.data == str(tmp_path / "shop.csv")


def test_no_data_is_said(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="there is no data"):
        assay.run(recipe=Recipe(), out=tmp_path / "s")


def test_diagnosing_again_with_a_floor(csv: Path, tmp_path: Path) -> None:
    from assay.study.analysis import diagnose_study

    study = assay.run(csv, target="bought", out=tmp_path / "s", **FAST)
    diagnosis = diagnose_study(study, bayes_error=0.01)
    assert diagnosis.floor.interval.value == 0.01
    assert study.diagnosis.floor.interval.value == 0.01


def test_an_opened_seal_stays_on_record_when_the_run_goes_on(csv: Path, tmp_path: Path) -> None:
    longer = FAST | {"training": {"epochs": 6, "patience": 6}}
    first = assay.run(
        csv, target="bought", out=tmp_path / "s", progress=Listener(interrupt_after=2), **longer
    )
    opened = first.test()["seal"]["opened"]
    again = assay.run(
        csv, target="bought", out=tmp_path / "s", resume=True, progress=Listener(interrupt_after=1), **longer
    )
    assert again.metrics["seal"]["opened"] == opened
    is_same = again.bundle.sha256 == first.bundle.sha256
    assert again.metrics["test"] == (opened[0]["test"] if is_same else None)
    assert len(again.test()["seal"]["opened"]) == (1 if is_same else 2)


def test_ctrl_c_before_the_first_epoch_ends_leaves_no_bundle(
    csv: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assay.training.trainer import Trainer

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Trainer, "train_step", interrupted)
        with pytest.raises(KeyboardInterrupt, match="there is no network yet"):
            assay.run(csv, target="bought", out=tmp_path / "s", **FAST)
    assert not (tmp_path / "s" / "bundle").exists()
    assert assay.run(csv, target="bought", out=tmp_path / "s", resume=True, budget="5m", **FAST).is_finished


def test_resume_with_another_recipe_file_is_refused(csv: Path, tmp_path: Path) -> None:
    stopped = assay.run(
        csv, target="bought", out=tmp_path / "s", progress=Listener(interrupt_after=1), **FAST
    )
    other = tmp_path / "other.toml"
    other.write_text(stopped.recipe_path.read_text().replace("seed = 0", "seed = 7"))
    with pytest.raises(RecipeError, match=r"seed = 7 \(begun with 0\)"):
        assay.run(recipe=other, out=tmp_path / "s", resume=True)
    assert assay.run(recipe=stopped.recipe_path, out=tmp_path / "s", resume=True).is_finished


def test_more_time_goes_on_and_stands_in_the_recipe(csv: Path, tmp_path: Path) -> None:
    short = assay.run(csv, target="bought", out=tmp_path / "s", budget="0.001s", **FAST)
    assert "time of 0.001 s is up" in short.metrics["stopped"]
    longer = assay.run(csv, target="bought", out=tmp_path / "s", resume=True, budget="5m", **FAST)
    assert longer.metrics["stopped"] == "all 3 epochs done"
    assert Recipe.load(longer.recipe_path).budget == "5m"


def test_the_shorter_of_two_times_counts(csv: Path, tmp_path: Path) -> None:
    both = FAST | {"training": {"epochs": 50, "max_seconds": 0.001}, "budget": "1m"}
    study = assay.run(csv, target="bought", out=tmp_path / "s", **both)
    assert "time of 0.001 s is up" in study.metrics["stopped"]

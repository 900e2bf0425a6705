"""Images as a user types it: run, test, predict."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from images_made import make_folder

Command = Callable[..., subprocess.CompletedProcess[str]]
QUICK = ("--rounds", 0, "--set", "training.epochs=2", "--set", "learning_curve=false", "--workers", 0)


@pytest.fixture(scope="module")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_folder(tmp_path_factory.mktemp("images") / "shapes", 60)


@pytest.fixture(scope="module")
def study(shapes: Path, assay: Command) -> Path:
    out = shapes.parent / "study"
    done = assay("run", shapes, "--out", out, *QUICK, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["metrics"]["task"] == "multiclass"
    for words in ("60 images, taken at 16 x 16 pixels", "36 / 12 / 12 rows", "network", "train"):
        assert words in done.stderr
    return out


def test_predict_then_test(assay: Command, shapes: Path, study: Path, tmp_path: Path) -> None:
    out = tmp_path / "x.csv"
    done = assay("predict", study / "bundle", shapes, "--out", out)
    assert (done.returncode, "60 predictions" in done.stderr) == (0, True), done.stderr
    found = pl.read_csv(out)
    assert found.columns[:2] == ["image", "prediction"]
    assert found["image"].n_unique() == 60
    one = assay("predict", study, shapes / found["image"][7], "--out", "-")
    assert one.stdout.splitlines()[1].split(",")[1] == found["prediction"][7]
    tested = assay("test", study)
    assert (tested.returncode, "opened once" in tested.stdout) == (0, True), tested.stderr


def test_a_recipe_of_images_runs_again(assay: Command, study: Path, tmp_path: Path) -> None:
    done = assay("run", study / "recipe.toml", "--out", tmp_path / "again")
    assert done.returncode == 0, done.stderr
    first, second = ((folder / "bundle/weights.safetensors") for folder in (study, tmp_path / "again"))
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["predict", "STUDY", "none", "--out", "x.csv"], "there is no file or folder none"),
        (["predict", "STUDY", "SHAPES", "--out", "x.csv", "--skip-rows", 1], "images have no such choice"),
        (["run", "SHAPES", "--out", "s", "--target", "kind"], "there is no column 'kind'"),
        (["run", "SHAPES", "--out", "s", "--set", "network.kind=mlp"], "is for tables"),
        (["run", "SHAPES", "--out", "s", "--set", "images.size=0"], "images.size"),
        (["run", "SHAPES", "--out", "s", "--set", "augmentation.flop=1"], "augmentation.flop"),
    ],
)
def test_mistakes_are_one_line_and_status_2(
    shapes: Path, study: Path, assay: Command, words: list[object], message: str
) -> None:
    done = assay(*({"STUDY": study, "SHAPES": shapes}.get(str(word), word) for word in words))
    assert done.returncode == 2
    lines = [line for line in done.stderr.splitlines() if line.startswith("assay:")]
    assert len(lines) == 1
    assert message in lines[0]
    assert not Path("s").exists()
    assert not Path("x.csv").exists()


def test_a_bundle_for_tables_says_that_images_are_not_for_it(
    assay: Command, shapes: Path, tmp_path: Path
) -> None:
    table = tmp_path / "t.csv"
    table.write_text("x,y\n" + "".join(f"{n * 7 % 13},{'ab'[n % 2]}\n" for n in range(60)))
    done = assay("run", table, "--target", "y", "--out", tmp_path / "study", *QUICK[:-2])
    assert done.returncode == 0, done.stderr
    done = assay("predict", tmp_path / "study", shapes, "--out", "-")
    assert (done.returncode, done.stdout) == (2, "")
    assert "holds images, and the bundle predicts rows of a table" in done.stderr

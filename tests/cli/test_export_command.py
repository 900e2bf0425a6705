"""`assay export` in a process of its own."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import numpy as np
import polars as pl
import pytest

from assay.study.study import Study
from assay.study.validation_rows import study_of, validation_rows

Command = Callable[..., CompletedProcess[str]]


@pytest.fixture(scope="module")
def study(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the finished study, since an export is written into it."""
    return Path(shutil.copytree(folder / "study", tmp_path_factory.mktemp("exported") / "study"))


@pytest.fixture(scope="module")
def exported(study: Path, assay: Command) -> CompletedProcess[str]:
    return assay("export", study, "--to", "torchscript,onnx")


def test_it_says_how_far_each_runtime_is_and_by_which_rows(exported: CompletedProcess[str]) -> None:
    assert exported.returncode == 0, exported.stderr
    for word in (
        "torchscript",
        "network.onnx",
        "onnxruntime",
        "40 validation",
        "in batches of 1, 2, 7, 1,000",
    ):
        assert word in exported.stdout
    assert exported.stderr.count("TorchScript is deprecated") == 1
    assert "Warning" not in exported.stderr


def test_the_study_s_report_shows_it(exported: CompletedProcess[str], study: Path) -> None:
    assert exported.returncode == 0
    page = (study / "report.html").read_text()
    assert '<section id="deployments">' in page
    assert "network.torchscript.pt" in page
    assert "earlier network" not in page


def test_rows_are_those_of_validation(folder: Path) -> None:
    study = Study.open(folder / "study")
    rows = validation_rows(study, 1000)
    assert rows is not None
    frame = pl.read_csv(folder / "data.csv")[study.split.validation]
    assert rows.tolist() == frame.select("a", "b").to_numpy().tolist()
    fewer = validation_rows(study, 2)
    assert fewer is not None
    assert fewer.tolist() == rows[[0, -1]].tolist()


def test_a_bundle_s_study_is_found_and_a_bundle_elsewhere_has_none(folder: Path, tmp_path: Path) -> None:
    study = study_of(folder / "study" / "bundle")
    assert study is not None
    assert study.folder.resolve() == (folder / "study").resolve()
    shutil.copytree(folder / "study" / "bundle", tmp_path / "bundle")
    assert study_of(tmp_path / "bundle") is None
    assert study_of(folder / "study" / "runs" / "001" / "bundle") is None


def test_a_file_that_has_moved_is_named_or_rows_are_drawn(
    study: Path, assay: Command, tmp_path: Path, folder: Path
) -> None:
    moved = Path(shutil.copytree(study, tmp_path / "study"))
    recipe = moved / "recipe.toml"
    recipe.write_text(recipe.read_text().replace("data.csv", "gone.csv"))
    words = ("export", moved, "--to", "torchscript", "--json", "--out", tmp_path / "out")
    without = assay(*words)
    assert without.returncode == 0, without.stderr
    assert "drawn" in json.loads(without.stdout)["parity"]["rows"]
    named = assay(*words, "--data", folder / "data.csv")
    assert named.returncode == 0, named.stderr
    assert json.loads(named.stdout)["parity"]["rows"]["validation"] == 40
    assert json.loads(named.stdout)["folder"] == str(tmp_path / "out")
    (tmp_path / "other.csv").write_text("a,b,won\n1,2,yes\n3,4,no\n")
    other = assay(*words, "--data", tmp_path / "other.csv")
    assert other.returncode == 2
    assert "the data have changed" in other.stderr


def test_a_bundle_alone_is_exported_beside_itself(study: Path, assay: Command, tmp_path: Path) -> None:
    shutil.copytree(study / "bundle", tmp_path / "bundle")
    done = assay("export", tmp_path / "bundle", "--to", "torchscript", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["parity"]["rows"]["drawn"] == 200
    assert (tmp_path / "export" / "network.torchscript.pt").is_file()
    asked = assay("export", tmp_path / "bundle", "--to", "torchscript", "--data", "data.csv")
    assert asked.returncode == 2
    assert "lies in no study" in asked.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--to", "onx"), "'onx' is no target of an export (did you mean 'onnx'?)"),
        (("--to", "cpp"), "cpp cannot be written: there is no C++ compiler no-such (named in CXX)"),
    ],
)
def test_what_cannot_be_written_is_one_line_and_status_2(
    words: tuple[str, ...], said: str, study: Path, assay: Command, tmp_path: Path
) -> None:
    done = assay("export", study, "--out", tmp_path / "out", *words, CXX="no-such")
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_the_doctor_names_the_parts(assay: Command) -> None:
    report = json.loads(assay("doctor", "--json", CXX="no-such").stdout)["optional"]
    assert {"onnx", "onnxruntime", "onnxscript"} <= set(report)
    assert report["C++ compiler"].startswith("missing: install one, e.g. `apt install g++`")


def test_the_validation_rows_of_images_are_pixels(tmp_path: Path) -> None:
    import assay
    from assay.data.images.settings import ImageSettings
    from images_made import make_folder

    images = make_folder(tmp_path / "images", 40)
    study = assay.run(
        str(images), out=tmp_path / "study", rounds=0, training={"epochs": 1}, images=ImageSettings()
    )
    rows = validation_rows(study, 1000)
    assert rows is not None
    assert rows.dtype == np.uint8
    assert rows.shape == (len(study.split.validation), *study.bundle.schema.format.shape)

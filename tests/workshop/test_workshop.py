"""Every file of the workshop runs, opens as a notebook, and gets the numbers that it speaks of."""

import io
import pickle
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jupytext
import numpy as np
import polars as pl
import pytest

from assay.data.catalogue import dataset_named

WORKSHOP = Path(__file__).resolve().parents[2] / "workshop"
FILES = sorted(WORKSHOP.glob("[0-9]*.py"))

Run = Callable[[str], dict[str, Any]]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_it_opens_as_a_notebook(path: Path) -> None:
    notebook = jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent")
    kinds = [cell.cell_type for cell in notebook.cells]
    assert kinds[0] == "markdown"
    assert notebook.cells[0].source.startswith(f"# {int(path.name[:2])}. ")
    assert kinds.count("code") >= 3


def test_tensors_and_autograd(run: Run) -> None:
    printed = run("01")["printed"]
    assert "gradient of a: [12.0, 14.0]" in printed
    assert "by differences: [12.0, 14.0]" in printed
    assert "gradient of b: None" in printed
    assert "rank 3, shape (3, 2, 2)" in printed


def test_a_single_layer_on_dummy_data(run: Run) -> None:
    names = run("02")
    assert names["losses"][0] == pytest.approx(0.25, abs=0.02)
    assert names["losses"][-1] < 0.22
    assert names["difference"] < 1e-6  # the loop by hand and assay.fit
    assert names["fresh"] > 0.24


def test_somerville(real: Run) -> None:
    names = real("03")
    assert names["is_real"]
    assert names["losses"][0] == pytest.approx(0.410, abs=0.002)
    assert names["losses"][-1] == pytest.approx(0.244, abs=0.002)
    assert names["split"].sizes == {"train": 86, "validation": 29, "test": 28}


def test_the_perceptron(run: Run) -> None:
    printed = run("04")["printed"]
    assert "weather 0, company 1, music 1 -> 0" in printed
    assert "the same answers: True" in printed
    assert "one hidden layer of 8: 100% right" in printed


def test_energy_is_looked_at_split_and_scaled(real: Run) -> None:
    names = real("05")
    assert names["is_real"]
    assert "qualitative: 0 | missing: 0" in names["printed"]
    assert names["features"].shape == (19_735, 27)
    assert names["far"].max() < 0.05
    sizes = [11_841, 3_947, 3_947]
    assert [len(part) for part in names["by_index"]] == sizes
    assert [len(names[part]) for part in ("library_train", "library_validation", "library_test")] == sizes
    assert list(names["split"].sizes.values()) == sizes
    assert (names["scaled"].min(), names["scaled"].max()) == (0, 1)
    assert "'rv2' equals 'rv1'" in names["printed"]


def test_the_energy_network_beats_the_courses_8721_by_far(real: Run) -> None:
    names = real("06")
    assert names["is_real"]
    by_chance, in_time = names["by_chance"], names["in_time"]
    assert "27-100-50-25-1" in names["printed"]
    assert names["the_courses"]["training"] < 6_500
    assert names["the_courses"]["validation"] < 7_600
    assert by_chance["training"] < 5_500
    assert by_chance["validation"] < 7_000
    # Honest: in time it is not so good, and still better than no network.
    assert by_chance["validation"] < in_time["validation"] < 9_300
    assert in_time["validation"] < in_time["training mean on validation"]


def test_the_year_of_a_song(real: Run) -> None:
    names = real("07")
    assert names["split"].method == "rows"
    assert names["split"].test.tolist() == list(range(1_058, 1_176))
    assert names["squared_error"](0) < 90.9
    assert names["squared_error"](1) < 0.85 * np.square(names["truth"][1] - names["mean"]).mean()


def test_credit_is_prepared(real: Run) -> None:
    names = real("08")
    assert names["is_real"]
    assert len(names["table"].features) == 22
    assert f"{names['defaults'].mean():.2%}" == "22.12%"
    assert "missing values: 0" in names["printed"]
    assert f"{names['far'].max():.1%}" == "2.3%"
    assert {names["names"][number] for number in names["worst"][:2]} == {"BILL_AMT1", "BILL_AMT4"}
    assert len(names["copies"]) == 46_728
    assert names["known"].mean() == pytest.approx(0.435, abs=0.01)
    assert names["honest"] == 0


@pytest.mark.parametrize("number", ["03", "05", "06", "07", "08", "10", "11", "12", "13", "14", "15"])
def test_without_the_data_it_runs_on_made_up_rows(made_up: Run, number: str) -> None:
    assert "not on this machine, so the rows are made up" in made_up(number)["printed"]


@pytest.mark.parametrize("name", ["somerville", "energy", "year-sample", "credit"])
def test_made_up_rows_have_the_shape_of_the_real_ones(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(WORKSHOP))
    monkeypatch.delenv("ASSAY_DATA", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    from course_data import find

    entry = dataset_named(name)
    frame, is_real = find(name)
    assert not is_real
    assert isinstance(frame, pl.DataFrame)
    assert frame.shape == (entry.rows, entry.columns)
    assert entry.target in frame.columns


def test_of_the_archive_the_training_images_are_taken(
    made_up: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from course_images import CLASSES, photos

    pixels = {b"data": np.zeros((10, 3_072), np.uint8), b"labels": list(range(10))}
    files = {f"data_batch_{number}": pixels for number in range(1, 6)} | {"test_batch": pixels}
    files["batches.meta"] = {b"label_names": [name.encode() for name in CLASSES]}
    with tarfile.open(tmp_path / dataset_named("cifar10").file, "w:gz") as archive:
        for name, values in files.items():
            member = tarfile.TarInfo(f"cifar-10-batches-py/{name}")
            content = pickle.dumps(values, protocol=2)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    monkeypatch.setenv("ASSAY_DATA", str(tmp_path))
    table, kind = photos()
    assert (len(table), kind) == (50, "the originals")
    assert table.frame["label"].to_list() == [*CLASSES] * 5
    assert table.frame["image"][49].startswith("data_batch_5")


def test_made_up_images_are_as_many_of_each_class(made_up: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from course_images import CLASSES, photos

    monkeypatch.setenv("WORKSHOP", "full")
    table, kind = photos()
    assert kind == "made-up stripes"
    assert (len(table), table.images.shape) == (1_000, (3, 32, 32))
    assert table.frame["label"].value_counts()["count"].to_list() == [100] * len(CLASSES)


def test_a_class_and_a_sequence_are_one_network(run: Run) -> None:
    names = run("09")
    assert names["difference"] == 0.0
    assert names["num_parameters"] == 67
    assert names["by_hand"] == np.inf
    assert names["exact"] == pytest.approx(200)


def test_the_four_layers_learn_the_credit_data(real: Run) -> None:
    names = real("10")
    assert [len(names[part]) for part in ("train", "validation", "test")] == [28_037, 9_345, 9_346]
    assert names["leaky"]["training"] > 0.68
    assert names["leaky"]["validation"] > 0.67
    assert 0.66 < names["honest"]["validation"] < 0.73


def test_error_analysis_and_what_80_per_cent_was_worth(real: Run) -> None:
    names = real("11")
    assert names["bias"] == pytest.approx(0.134)
    assert names["variance"] == pytest.approx(0.006)  # the course prints 0.014
    assert names["diagnosis"].verdict == "high bias"
    assert names["diagnosis"].bias.value == pytest.approx(0.134, abs=1e-4)
    assert len(names["unseen"]) < 0.6 * len(names["validation"])
    large = names["results"]["100-100-50-50, dropout 0.1"]
    assert large["validation"] > large["never seen"] + 0.005


def test_the_leak_audit(real: Run) -> None:
    names = real("12")
    assert f"{names['known'].mean():.1%} {names['known_yes'].mean():.1%}" == "43.8% 87.8%"
    assert {leak.code for leak in names["audit"].alarms} == {"L104", "L106", "L201"}
    clean = names["reference"].score["clean"]["value"]
    assert names["reference"].score["all"]["value"] - clean > 0.04


def test_assays_own_run_on_the_credit_data(real: Run) -> None:
    names = real("13")
    assert names["study"].split.sizes == {"train": 18_000, "validation": 6_000, "test": 6_000}
    assert names["test"]["roc_auc"] > 0.75
    assert names["test"]["calibration_error"] < 0.03
    assert len(names["metrics"]["seal"]["opened"]) == 1


def test_images_are_loaded_as_the_course_does_and_sizes_agree_with_torch(real: Run) -> None:
    names = real("14")
    assert names["kind"] == "JPEGs of the originals"
    assert names["same_pixels"]
    assert names["same_labels"]
    assert names["sizes"] == {"training": 5, "validation": 2}  # 480 and 120 images
    assert "leave out any normalisation" in names["refused"]
    assert "layer 4" in names["misfit"]
    assert len(names["answers"]) == 5
    assert all(ours == torch == course for ours, torch, course in names["answers"])
    assert names["stack"].parameters == names["num_parameters"] == 6_728


def test_the_courses_network_learns_cifar(real: Run) -> None:
    names = real("15")
    assert names["kind"] == "JPEGs of the originals"
    sizes = {name: len(part.images) for name, part in names["data"].items()}
    assert sizes == {"train": 480, "validation": 60, "test": 60}
    assert names["num_parameters"] == names["same"].shapes.parameters == 74_450
    history = names["training"].history
    assert len(history) == 2
    assert history[1]["train_loss"] < history[0]["train_loss"] < 2.31
    assert names["scores"]["train"] > 0.13
    assert names["scores"]["validation"] == pytest.approx(history[1]["validation_accuracy"], abs=0.02)
    assert int(names["confusion"].sum()) == 60


def test_augmented_validation_images_give_another_number_each_time(real: Run) -> None:
    names = real("16")
    assert len(set(names["draws"])) > 1
    validation = names["data"]["validation"]
    measured = [names["accuracy"](names["training"].network, validation) for _ in range(2)]
    assert measured == [names["scores"]["validation"]] * 2
    assert names["training"].history[-1]["validation_accuracy"] == pytest.approx(measured[0], abs=0.02)
    assert validation.augment is None


def test_batch_norm_by_hand_and_in_the_network(real: Run) -> None:
    names = real("17")
    assert names["difference"] < 1e-5
    assert names["in_training"] > 0.1
    assert names["evaluated"] == 0
    assert names["num_parameters"] == names["same"].shapes.parameters == 74_790
    history = names["training"].history
    assert history[1]["train_loss"] < history[0]["train_loss"]

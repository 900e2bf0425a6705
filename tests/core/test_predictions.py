"""Stored predictions come back as they were, and damaged files are called damaged."""

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assay.core.arrays import read_arrays, write_arrays
from assay.core.errors import BundleError
from assay.core.metrics import confusion, error, measure
from assay.core.predictions import Predictions, load_predictions, save_predictions
from assay.core.task import Task


def classes() -> Predictions:
    output = np.array([[0.2, 0.8], [0.6, 0.4], [0.5, 0.5]])
    return Predictions(Task.BINARY, np.array([1, 0, 1]), output, ("no", "yes"), np.array([4, 7, 9]))


def quantities() -> Predictions:
    known = {"rows": np.array([0, 1]), "times": np.array([5, 3]), "groups": np.array([2, 2])}
    return Predictions(Task.REGRESSION, np.array([1.0, 2.0]), np.array([1.5, 2.5]), **known)


@pytest.mark.parametrize("part", [classes(), quantities()], ids=["classes", "quantities"])
def test_round_trip(part: Predictions, tmp_path: Path) -> None:
    path = tmp_path / "runs" / "predictions.npz"
    save_predictions(path, {"train": part, "validation": part.take(np.array([1]))})
    loaded = load_predictions(path)
    assert list(loaded) == ["train", "validation"]
    for name in ("truth", "output", "rows", "times", "groups"):
        assert getattr(loaded["train"], name).tobytes() == getattr(part, name).tobytes()
    assert (loaded["train"].task, loaded["train"].labels) == (part.task, part.labels)
    assert loaded["validation"].rows.tolist() == part.rows[[1]].tolist()
    assert loaded["validation"].times.tolist() == part.times[1:].tolist()
    assert [entry.name for entry in path.parent.iterdir()] == ["predictions.npz"]


def test_predicted_is_the_most_probable_class_or_the_value() -> None:
    assert classes().predicted.tolist() == [1, 0, 0]
    assert quantities().predicted.tolist() == [1.5, 2.5]


def test_a_threshold_decides_between_two_classes_and_so_does_every_count_of_them() -> None:
    part = replace(classes(), threshold=0.7)
    assert part.predicted.tolist() == [1, 0, 0]
    part = replace(part, threshold=0.45)
    assert part.predicted.tolist() == [1, 0, 1]
    assert part.take(np.array([2])).predicted.tolist() == [1]
    assert replace(part, threshold=0.5).predicted.tolist() == [1, 0, 0]
    assert replace(part, threshold=0.8).predicted.tolist() == [0, 0, 0]
    assert measure(part)["accuracy"] == 1.0
    assert measure(classes())["accuracy"] == pytest.approx(2 / 3)
    assert confusion(part) == [[1, 0], [0, 2]]
    assert error(part, "f1") == 0.0
    assert measure(part)["log_loss"] == measure(classes())["log_loss"]


def test_a_threshold_is_stored_and_older_files_have_none(tmp_path: Path) -> None:
    path = tmp_path / "predictions.npz"
    save_predictions(path, {"train": classes(), "validation": replace(classes(), threshold=0.3)})
    loaded = load_predictions(path)
    assert (loaded["train"].threshold, loaded["validation"].threshold) == (None, 0.3)
    older = {name: array for name, array in read_arrays(path, "x").items() if "threshold" not in name}
    write_arrays(path, older)
    assert load_predictions(path)["validation"].threshold is None


def test_predictions_without_row_numbers_can_be_taken_apart() -> None:
    part = Predictions(Task.REGRESSION, np.arange(3.0), np.arange(3.0))
    assert len(part.take(np.array([0, 2]))) == 2
    assert len(part.take(np.array([0, 2])).rows) == 0


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"there is no file predictions.npz"):
        load_predictions(tmp_path / "predictions.npz")


def test_damaged_files_load_as_they_were_or_are_called_damaged(tmp_path: Path) -> None:
    path = tmp_path / "predictions.npz"
    save_predictions(path, {"train": classes(), "validation": classes()})
    sound, rng, refused = path.read_bytes(), random.Random(0), 0
    for turn in range(600):
        place = rng.randrange(len(sound))
        flipped = bytes([sound[place] ^ (1 << rng.randrange(8))])
        path.write_bytes(sound[:place] if turn % 4 == 0 else sound[:place] + flipped + sound[place + 1 :])
        try:
            loaded = load_predictions(path)
        except BundleError as error:
            assert error.message
            refused += 1
        else:
            for part in loaded.values():
                assert part.output.tobytes() == classes().output.tobytes()
    assert refused > 300


def test_a_file_that_is_no_archive(tmp_path: Path) -> None:
    path = tmp_path / "predictions.npz"
    for content in (b"", b"no archive", b"\x80\x04K\x01."):
        path.write_bytes(content)
        with pytest.raises(BundleError, match="damaged"):
            load_predictions(path)

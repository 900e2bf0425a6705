"""Broken images are named all at once, whichever step finds them; what is no image is told as what it is."""

from pathlib import Path
from typing import Any

import pytest
import torch
from torch.utils.data import Dataset

import assay
from assay.bundle.predictions import predict_file
from assay.core.errors import DataError
from assay.data.images import storing
from assay.data.images.as_images import as_images
from assay.data.images.image_format import ImageFormat
from assay.data.images.survey import surveyed
from images_made import make_folder

FORMAT = ImageFormat(3, 16, 16)


def cut(path: Path) -> str:
    """What decoding finds broken, and the header does not."""
    path.write_bytes(path.read_bytes()[:300])
    return path.name


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_folder(tmp_path / "shapes", 30)


@pytest.fixture
def broken(folder: Path) -> list[str]:
    """The names of two files that are no images, and of two that are cut off."""
    (folder / "disc" / "empty.png").touch()
    (folder / "square" / "words.png").write_text("words")
    files = sorted(folder.glob("stripes/*.png"))[:2]
    return ["empty.png", "words.png", *map(cut, files)]


def test_a_run_names_files_without_a_header_and_cut_ones_at_once(folder: Path, broken: list[str]) -> None:
    with pytest.raises(DataError, match="4 of 32 images cannot be read") as caught:
        surveyed(folder)
    assert all(name in str(caught.value) for name in broken)


def test_predict_names_them_at_once_as_well(folder: Path, broken: list[str]) -> None:
    with pytest.raises(DataError, match="4 of 32 images cannot be read") as caught:
        as_images(folder, FORMAT)
    assert all(name in str(caught.value) for name in broken)
    for name in ("disc/empty.png", "square/words.png"):
        (folder / name).unlink()
    with pytest.raises(DataError, match="2 of 30 images cannot be read") as caught:
        as_images(folder, FORMAT)
    assert all(name in str(caught.value) for name in broken[2:])


def test_streamed_images_are_named_at_once(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = assay.run(folder, out=tmp_path / "study", rounds=0, training={"epochs": 1}, learning_curve=False)
    names = [cut(path) for path in sorted(folder.glob("*/*.png"))[::9]]
    monkeypatch.setattr(storing, "free_memory", lambda: 0)
    assert not as_images(folder, FORMAT).in_memory
    with pytest.raises(DataError, match=f"{len(names)} of 30 images cannot be read") as caught:
        predict_file(study.bundle, folder)
    assert all(name in str(caught.value) for name in names)


def test_a_run_that_is_refused_names_broken_test_images_too(folder: Path, tmp_path: Path) -> None:
    names = [cut(path) for path in sorted(folder.glob("*/*.png"))[::3]]
    with pytest.raises(DataError, match=f"{len(names)} of 30 images cannot be read"):
        assay.run(folder, out=tmp_path / "study", rounds=0)
    assert not (tmp_path / "study").exists()


def test_all_links_that_lead_out_are_counted(folder: Path, tmp_path: Path) -> None:
    for number in range(2):
        (folder / f"link{number}.png").symlink_to(tmp_path)
    with pytest.raises(DataError, match=r"2 of 32 images cannot be read: link0\.png, link1\.png: it is"):
        as_images(folder, FORMAT)


class Normalised(Dataset[Any]):
    """Images that somebody has normalised."""

    def __len__(self) -> int:
        return 8

    def __getitem__(self, row: int) -> tuple[torch.Tensor, int]:
        return torch.full((3, 8, 8), -1.5), row % 2


def test_images_of_a_data_set_get_one_reason_and_one_hint() -> None:
    with pytest.raises(DataError) as caught:
        surveyed(Normalised())
    text = str(caught.value)
    assert "8 of 8 images cannot be read: row 0, row 1, row 2, row 3, row 4: its values go from" in text
    assert text.count("leave out any normalisation") == 1
    assert "skip_broken" not in text


@pytest.mark.parametrize("inside", ["", "a/b"])
def test_an_empty_folder_is_called_one(tmp_path: Path, inside: str) -> None:
    folder = tmp_path / "empty"
    (folder / inside).mkdir(parents=True)
    with pytest.raises(DataError, match=r"empty is a folder without files, and .*one folder a class"):
        assay.run(folder, out=tmp_path / "study")
    with pytest.raises(DataError, match=r"the folder holds no images \(a folder, a file"):
        as_images(folder, FORMAT)


def test_a_folder_of_other_files_is_said_to_hold_no_images(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("words")
    with pytest.raises(DataError, match="is a folder without images, and a file with a table, or a folder"):
        assay.run(tmp_path, out=tmp_path / "study")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("rows.csv", r"rows\.csv: by its name it is a table, and images were expected"),
        ("words.md", r"words\.md: it holds text and no image \(a folder, a file, a list of images"),
    ],
)
def test_a_table_is_no_image(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / name).write_text("a,b\n1,2\n")
    with pytest.raises(DataError, match=message):
        as_images(tmp_path / name, FORMAT)

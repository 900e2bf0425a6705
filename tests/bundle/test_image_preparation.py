"""Mean and std of the training images' channels, and nothing else."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

import assay
from assay.core.errors import DataError
from assay.data.images.preparation import IMAGENET, ImagePreparation
from assay.data.images.reading import read_images
from assay.data.images.settings import ImageSettings
from assay.data.table import Table
from images_made import made_images, make_folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_folder(tmp_path_factory.mktemp("images"), 30)


def table(folder: Path, **settings: object) -> Table:
    return read_images(folder, settings=ImageSettings(**settings)).table


def pixels(images: Table) -> np.ndarray:
    """(C, P) float64 from 0 to 1."""
    assert images.images is not None
    whole = images.images.batch(np.arange(len(images))).numpy()
    return whole.transpose(1, 0, 2, 3).reshape(3, -1) / 255.0


@pytest.mark.parametrize("storage", ["memory", "stream"])
def test_mean_and_std_are_those_of_all_pixels(folder: Path, storage: str) -> None:
    images = table(folder, storage=storage)
    preparation = ImagePreparation.fit(images)
    assert preparation.mean.numpy() == pytest.approx(pixels(images).mean(axis=1), rel=1e-6)
    assert preparation.std.numpy() == pytest.approx(pixels(images).std(axis=1), rel=1e-6)
    prepared = preparation.prepare(images)
    assert prepared.dtype == torch.float32
    assert prepared.shape == (30, 3, 16, 16)
    assert prepared.mean(dim=(0, 2, 3)).abs().max() < 1e-4
    assert prepared.std(dim=(0, 2, 3)) == pytest.approx(1.0, abs=1e-3)


def test_of_many_streamed_images_an_even_choice_is_decoded(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assay.data.images.preparation._MOST_DECODED", 10)
    preparation = ImagePreparation.fit(table(folder, storage="stream"))
    assert "10 of the 30 training images" in preparation.steps[0]["because"]
    whole = ImagePreparation.fit(table(folder, storage="memory"))
    assert "of all 30 training images" in whole.steps[0]["because"]
    assert preparation.mean.numpy() == pytest.approx(whole.mean.numpy(), abs=0.1)
    assert preparation.mean.tolist() != whole.mean.tolist()


def test_the_order_of_the_images_changes_nothing(folder: Path) -> None:
    images = table(folder)
    turned = ImagePreparation.fit(images.take(np.arange(len(images))[::-1]))
    assert torch.equal(turned.mean, ImagePreparation.fit(images).mean)
    assert torch.equal(turned.std, ImagePreparation.fit(images).std)


def test_a_pretrained_network_gets_what_it_has_seen(folder: Path) -> None:
    preparation = ImagePreparation.fit(table(folder), like=IMAGENET)
    assert preparation.mean.tolist() == pytest.approx(IMAGENET[0])
    grey = ImagePreparation.fit(table(folder, channels=1), like=IMAGENET)
    assert grey.mean.tolist() == pytest.approx([np.mean(IMAGENET[0])])


def test_images_without_contrast_are_not_blown_up(tmp_path: Path) -> None:
    for label in ("day", "night"):
        (tmp_path / label).mkdir()
        for number in range(3):
            Image.new("RGB", (16, 16), (7, 7, 7)).save(tmp_path / label / f"{number}.png")
    flat = table(tmp_path, channels=3)
    preparation = ImagePreparation.fit(flat)
    assert preparation.std.min() > 0.0
    assert preparation.prepare(flat).abs().max() < 1e-5


def test_it_comes_back_from_its_description(folder: Path) -> None:
    preparation, (images, _) = ImagePreparation.fit(table(folder)), made_images(2, size=20)
    again = ImagePreparation.from_json(preparation.to_json())
    again.load_state_dict(preparation.state_dict())
    assert torch.equal(again.prepare(images), preparation.prepare(images))
    assert again.steps == preparation.steps
    assert again.num_outputs == 3 * 16 * 16


def test_a_table_of_columns_is_refused() -> None:
    with pytest.raises(DataError, match="no training images"):
        ImagePreparation.fit(assay.read({"a": [1.0, 2.0], "b": [1, 0]}, target="b"))

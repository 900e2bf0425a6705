"""What a bundle for images answers, and how it is saved and loaded."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import torch
from PIL import Image

import assay
from assay.bundle.bundle import Bundle, load
from assay.bundle.predictions import predict_file, write_predictions
from assay.core.errors import BundleError, DataError, RecipeError
from assay.core.task import Task
from assay.data.images.preparation import ImagePreparation
from assay.data.table import Table
from assay.data.target import Target
from assay.networks import ImageNetworkSettings, build_image_network
from images_made import CLASSES, made_images, make_folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_folder(tmp_path_factory.mktemp("images"), 24)


@pytest.fixture(scope="module")
def images(folder: Path) -> Table:
    return assay.read(folder)


@pytest.fixture(scope="module")
def bundle(images: Table) -> Bundle:
    """Its weights are random: what it says is of no use, but always the same."""
    torch.manual_seed(1)
    settings = ImageNetworkSettings(kind="cnn", widths=(4, 8))
    network = build_image_network(settings, (3, 16, 16), len(CLASSES))
    return Bundle(ImagePreparation.fit(images), network, Target.of(images, np.arange(len(images))))


def pixels(folder: Path, images: Table) -> np.ndarray:
    """(N, H, W, C) uint8, in the order of the table."""
    return np.stack([np.asarray(Image.open(folder / name)) for name in images.frame["image"]])


def test_every_kind_of_source_gives_the_same_answers(bundle: Bundle, folder: Path, images: Table) -> None:
    expected, paths = bundle.predict_proba(images), [folder / name for name in images.frame["image"]]
    arrays = pixels(folder, images)
    sources = [
        folder, str(folder), paths, list(map(str, paths)), arrays, list(arrays),
        torch.from_numpy(arrays).permute(0, 3, 1, 2), [Image.open(path) for path in paths],
        [path.read_bytes() for path in paths],
    ]  # fmt: skip
    assert expected.shape == (24, 3)
    for source in sources:
        assert bundle.predict_proba(source) == pytest.approx(expected, abs=1e-6), type(source)


def test_answers_are_the_class_names(bundle: Bundle, folder: Path, images: Table) -> None:
    assert bundle.labels == CLASSES
    assert set(bundle.predict(folder)) <= set(CLASSES)
    found = bundle.predictions(images)
    assert [bundle.labels[number] for number in found.truth] == images.frame["label"].to_list()
    first = folder / images.frame["image"][0]
    assert bundle.predict(first).tolist() == bundle.predict(images.take([0])).tolist()


def test_the_network_is_a_plain_module_that_takes_uint8_images(bundle: Bundle, images: Table) -> None:
    batch = bundle.schema.encode(images).batch(np.arange(5))
    assert batch.dtype == torch.uint8
    with torch.no_grad():
        answer = bundle.network(batch)
    assert answer.dtype == torch.float64
    assert answer.numpy() == pytest.approx(bundle.predict_proba(images)[:5], abs=1e-6)
    batches = torch.export.Dim("batch", min=1, max=1024)
    exported = torch.export.export(bundle.network, (batch[:3],), dynamic_shapes=({0: batches},))
    with torch.no_grad():
        assert torch.allclose(exported.module()(batch), answer)


def test_memory_is_that_of_one_batch(bundle: Bundle, images: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, sizes = bundle.predict_proba(images), []
    monkeypatch.setattr("assay.bundle.batches._NUMBERS", 5 * 3 * 16 * 16)
    forward = bundle.network.forward

    def counted(batch: torch.Tensor) -> torch.Tensor:
        sizes.append(len(batch))
        return forward(batch)

    monkeypatch.setattr(bundle.network, "forward", counted)
    assert bundle.predict_proba(images) == pytest.approx(whole, abs=1e-6)
    assert sizes == [5, 5, 5, 5, 4]
    assert bundle.predict(images.take([])).shape == (0,)


def test_saved_and_loaded_it_answers_bit_for_bit_the_same(
    bundle: Bundle, folder: Path, tmp_path: Path
) -> None:
    bundle.save(tmp_path / "first")
    loaded = load(tmp_path / "first")
    loaded.save(tmp_path / "second")
    assert loaded.predict_proba(folder).tobytes() == bundle.predict_proba(folder).tobytes()
    assert loaded.sha256 == bundle.sha256
    assert loaded.schema == bundle.schema
    for name in ("bundle.json", "weights.safetensors"):
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes()
    assert json.loads((tmp_path / "first" / "bundle.json").read_text())["format"] == 3


def test_a_bundle_for_tables_keeps_its_format(made: Callable[..., Bundle], tmp_path: Path) -> None:
    made(Task.BINARY).save(tmp_path / "bundle")
    record = json.loads((tmp_path / "bundle" / "bundle.json").read_text())
    assert next(iter(record.items())) == ("format", 2)
    assert "kind" not in record["preparation"]


@pytest.mark.parametrize(
    "change",
    [
        {"channels": 2},
        {"height": 0},
        {"fit": "melt"},
        {"width": "wide"},
    ],
)
def test_a_damaged_form_is_refused(bundle: Bundle, tmp_path: Path, change: dict[str, object]) -> None:
    from assay.bundle.saving import checksum

    bundle.save(tmp_path / "bundle")
    path = tmp_path / "bundle" / "bundle.json"
    record = json.loads(path.read_text())
    record["preparation"]["schema"] |= change
    path.write_text(json.dumps(record | {"sha256": checksum(record)}))
    with pytest.raises(BundleError):
        load(tmp_path / "bundle")


def test_a_network_that_does_not_take_the_images_is_refused(bundle: Bundle) -> None:
    grey = build_image_network(ImageNetworkSettings(widths=(4,)), (1, 16, 16), 3)
    with pytest.raises(BundleError, match="does not take the"):
        Bundle(bundle.preparation, grey, bundle.target)


def test_a_file_of_predictions_names_the_images(bundle: Bundle, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "predictions.csv"
    assert write_predictions(bundle, folder, out) == 24
    found = pl.read_csv(out)
    assert found.columns == ["image", "prediction", *(f"probability_{label}" for label in CLASSES)]
    assert found["prediction"].to_list() == bundle.predict(folder).tolist()
    assert all((folder / name).is_file() for name in found["image"])
    one = predict_file(bundle, folder / found["image"][3])
    assert one["prediction"].to_list() == [found["prediction"][3]]
    with pytest.raises(RecipeError, match="images have no such choice"):
        predict_file(bundle, folder, skip_rows=1)


def test_an_image_that_is_none_is_named(bundle: Bundle, folder: Path, tmp_path: Path) -> None:
    first = next(folder.rglob("*.png"))
    (tmp_path / "cut.png").write_bytes(first.read_bytes()[:60])
    with pytest.raises(DataError, match=r"cut\.png"):
        bundle.predict([first, tmp_path / "cut.png"])


def test_images_of_another_size_are_brought_to_the_network_s(bundle: Bundle) -> None:
    images, _ = made_images(3, size=40)
    assert bundle.predict(images).shape == (3,)
    with torch.no_grad():
        large = bundle.network(torch.from_numpy(images).permute(0, 3, 1, 2))
    assert large.numpy() == pytest.approx(bundle.predict_proba(images), abs=1e-6)


def test_it_shows_itself(bundle: Bundle) -> None:
    assert "'label' (multiclass)" in repr(bundle)
    assert "columns 1" in repr(bundle)

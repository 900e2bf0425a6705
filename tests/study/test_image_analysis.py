"""What a study finds in images: facts as a table, thumbnails of open images, one place that chooses."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from assay.core.files import read_json
from assay.core.predictions import Predictions
from assay.core.task import Task
from assay.data.column import Kind, Role
from assay.data.images import read_images
from assay.data.images.augmentation import AugmentationSettings
from assay.data.split import Split
from assay.diagnosis.errors import Errors, find_errors
from assay.study.analysis import Analyst
from assay.study.image_findings import ImageFindings, facts_table
from assay.study.shown_augmentation import augmentation_words, save_thumbnail
from assay.study.table_findings import TableFindings
from assay.study.thumbnails import Thumbnails
from images_made import CLASSES, made_images, make_folder


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return read_images(make_folder(tmp_path_factory.mktemp("images"), 90)).table


def parts_of(table: Any) -> tuple[SimpleNamespace, Split]:
    rows = np.random.default_rng(0).permutation(len(table))
    drawn = [np.sort(rows[start:end]) for start, end in ((0, 54), (54, 72), (72, len(rows)))]
    split = Split(*drawn, "random", 0, len(rows))
    train, validation = table.take(split.train), table.take(split.validation)
    return SimpleNamespace(train=train, validation=validation, train_like=None, alike=validation), split


def test_images_are_told_by_what_can_be_measured(table: Any) -> None:
    facts = facts_table(table)
    assert len(facts) == len(table)
    assert {"brightness", "contrast", "sharpness", "width"} <= set(facts.frame.columns)
    assert facts.images is None
    assert facts.target is not None
    assert facts.target.role is Role.TARGET
    assert facts.column("brightness").kind is Kind.QUANTITATIVE
    assert facts.frame[facts.target.name].equals(table.frame[facts.target.name])


def test_slices_speak_of_the_facts(tmp_path: Path) -> None:
    """Errors on dark images are found as such."""
    images, labels = made_images(600, 16)
    dark_N = np.arange(600) % 4 == 0
    images[dark_N] //= 4
    for number, (image, label) in enumerate(zip(images, labels, strict=True)):
        path = tmp_path / CLASSES[label] / f"{number:04d}.png"
        path.parent.mkdir(exist_ok=True)
        Image.fromarray(image).save(path)
    table = read_images(tmp_path).table
    number_N = np.array([int(Path(name).stem) for name in table.frame["image"]])
    truth_N = labels[number_N]
    output = np.full((600, 3), 0.05)
    output[np.arange(600), np.where(dark_N[number_N], (truth_N + 1) % 3, truth_N)] = 0.9
    p = Predictions(Task.MULTICLASS, truth_N, output, CLASSES)
    found = find_errors(p, facts_table(table), metric="accuracy", replicates=200)
    assert found.slices.found
    assert set(found.slices.found[0].columns) <= {"brightness", "contrast", "sharpness", "bytes of the file"}
    assert found.slices.found[0].share > 0.9
    assert len(found.pairs[0].examples) == 4
    assert set(found.told_rows) >= set(found.pairs[0].examples)


def test_lines_name_images(table: Any) -> None:
    truth_N = np.arange(40) % 2
    output = np.where(truth_N[:, None] == 0, [[0.9, 0.1]], [[0.2, 0.8]])
    output[3] = [0.95, 0.05]
    p = Predictions(Task.BINARY, truth_N, output, ("cat", "dog"))
    found = find_errors(p, facts_table(table.take(np.arange(40))), metric="accuracy", replicates=100)
    named = Errors(**{**found.__dict__, "images": {4: "dog/4.png"}})
    assert any("dog/4.png (true dog, predicted cat with 95 %)" in line for line in named.lines())
    again = Errors.from_json(named.to_json())
    assert again.images == {4: "dog/4.png"}
    assert "images" not in found.to_json()


def test_thumbnails_show_open_images_alone(table: Any, tmp_path: Path) -> None:
    parts, split = parts_of(table)
    thumbnails = Thumbnails(tmp_path, parts, split)
    sealed, told = int(split.test[0]) + 1, int(split.validation[3]) + 1
    assert thumbnails.names([told, sealed]) == {told: parts.validation.images.names[3]}
    thumbnails.write([told, sealed], AugmentationSettings(flip=0.5, crop=2), seed=0)
    assert (tmp_path / "thumbnails" / f"{told}.jpg").exists()
    numbers = {int(path.stem.split("-")[0]) for path in (tmp_path / "thumbnails").iterdir()}
    assert not numbers & set((split.test + 1).tolist())
    record = read_json(tmp_path / "thumbnails.json")
    assert [one["label"] for one in record["classes"]] == list(CLASSES)
    assert all((tmp_path / "thumbnails" / f"{row}.jpg").exists() for row in record["classes"][0]["rows"])
    assert record["augmentation"]["did"] == "50% mirrored; 100% moved by up to 2 pixels"
    first = record["augmentation"]["images"][0]
    assert all((tmp_path / "thumbnails" / file).exists() for file in [first["file"], *first["changed"]])


def test_thumbnails_are_the_same_each_time_and_leave_the_generator_alone(table: Any, tmp_path: Path) -> None:
    parts, split = parts_of(table)
    before = torch.random.get_rng_state()
    for name in ("a", "b"):
        Thumbnails(tmp_path / name, parts, split).write([1], AugmentationSettings(flip=0.5), seed=3)
    assert torch.equal(before, torch.random.get_rng_state())
    files = [sorted((tmp_path / name / "thumbnails").iterdir()) for name in ("a", "b")]
    assert [file.read_bytes() for file in files[0]] == [file.read_bytes() for file in files[1]]


def test_a_thumbnail_is_small_in_any_mode(tmp_path: Path) -> None:
    for mode in ("L", "RGB", "RGBA", "CMYK", "P"):
        path = tmp_path / f"{mode}.jpg"
        save_thumbnail(path, Image.new(mode, (400, 200)))
        with Image.open(path) as image:
            assert image.size == (96, 48)
        assert path.stat().st_size < 10_000


def test_without_augmentation_none_is_shown(table: Any, tmp_path: Path) -> None:
    parts, split = parts_of(table)
    Thumbnails(tmp_path, parts, split).write([], None, seed=0)
    assert read_json(tmp_path / "thumbnails.json")["augmentation"] is None


def test_all_changes_have_words() -> None:
    settings = AugmentationSettings(
        flip=0.5, crop=4, rotation=10, colour=0.4, greyscale=0.1, trivial=True, cutout=8, mixup=0.2, cutmix=1
    )
    words = list(augmentation_words(settings))
    assert len(words) == 8
    assert words[-1] == "100% of the batches mixed by mixup or cutmix"


def test_one_place_chooses_by_what_the_rows_are(table: Any) -> None:
    parts, _ = parts_of(table)
    assert isinstance(Analyst(SimpleNamespace(parts=parts), {}).findings, ImageFindings)
    plain = SimpleNamespace(parts=SimpleNamespace(train=facts_table(parts.train)))
    assert isinstance(Analyst(plain, {}).findings, TableFindings)

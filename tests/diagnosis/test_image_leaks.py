"""The leak audit of images names what leaks, with its rows and what it adds to the score."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

import assay
from assay.core.errors import DataError
from assay.data.inspection.codes import Level
from assay.diagnosis.leaks import Audit, Leak, audit_parts
from images_made import encoded
from textures_made import brighter, compressed, mirror, save, save_classes, textures

TRAIN, TEST = textures(120, seed=1), textures(80, seed=2)


def found(audit: Audit, code: str) -> Leak:
    (leak,) = [leak for leak in audit.leaks if leak.code == code]
    return leak


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    return save_classes(tmp_path / "train", TRAIN), save_classes(tmp_path / "test", TEST)


def put(folder: Path, images: np.ndarray, label: str = "cat") -> None:
    """Among the other images, first by name."""
    for number, image in enumerate(images):
        save(image, folder / label / f"!{number:03d}.png")


def test_clean_parts_have_no_leak(folders):
    audit = assay.audit(*folders)
    assert audit.leaks == ()
    assert audit.rows == {"training": 120, "test": 80}
    assert "no leak found" in str(audit)


def test_equal_images_are_named(folders):
    put(folders[1], TRAIN[:20:2])
    leak = found(assay.audit(*folders), "L101")
    assert (leak.level, len(leak.rows)) == (Level.SERIOUS, 10)
    assert leak.rows == tuple(range(1, 11))
    assert "10 of 90 test images (11.1 %) also stand in training" in leak.message
    assert "cat/!000.png = cat/000.png" in leak.message
    assert leak.inflation is None


@pytest.mark.parametrize("change", [compressed, brighter, mirror])
def test_near_copies_are_named(folders, change):
    put(folders[1], np.stack([change(image) for image in TRAIN[:20:2]]))
    audit = assay.audit(*folders)
    leak = found(audit, "L103")
    assert (leak.level, leak.rows) == (Level.SERIOUS, tuple(range(1, 11)))
    assert ("10 of them mirrored" in leak.message) == (change is mirror)
    assert [one.code for one in audit.leaks] == ["L103"]


def test_copies_at_another_size_are_found(tmp_path):
    save_classes(tmp_path / "train", textures(40, side=64, seed=1))
    small = textures(40, side=64, seed=1)[:20].reshape(20, 32, 2, 32, 2, 3).mean(axis=(2, 4))
    save_classes(tmp_path / "test", small.astype(np.uint8))
    leak = found(assay.audit(tmp_path / "train", tmp_path / "test"), "L103")
    assert len(leak.rows) == 20


def test_augmented_before_the_split_is_a_leak_though_training_has_as_many(tmp_path):
    both = np.concatenate([TRAIN, [compressed(image, 90) for image in TRAIN]])
    label = np.arange(240) % 2
    order = np.random.default_rng(0).permutation(240)
    for part, rows in (("train", order[:160]), ("test", order[160:])):
        for row in rows:
            save(both[row], tmp_path / part / ("cat", "dog")[label[row % 120]] / f"{row}.png")
    leak = found(assay.audit(tmp_path / "train", tmp_path / "test"), "L103")
    assert leak.level is Level.SERIOUS
    assert len(leak.rows) > 30


def test_the_same_image_under_another_label(folders):
    put(folders[1], np.concatenate([TRAIN[:4:2], [compressed(TRAIN[4], 70)]]), label="dog")
    audit = assay.audit(*folders)
    leak = found(audit, "L102")
    assert (leak.level, len(leak.rows)) == (Level.WARNING, 3)
    assert "dog/!000.png = cat/000.png" in leak.message
    assert not {"L101", "L103"} & {one.code for one in audit.leaks}


def test_a_natural_handful_is_a_note(folders):
    put(folders[0], TRAIN[:10:2])
    put(folders[1], TRAIN[10:14:2])
    leak = found(assay.audit(*folders), "L101")
    assert (leak.level, leak.is_alarm) == (Level.NOTE, False)
    assert "no sign of a wrong split" in leak.message


def test_one_source_given_twice(folders):
    leak = found(assay.audit(folders[0], folders[0]), "L101")
    assert "one source given twice?" in leak.message
    assert len(leak.rows) == 120


def test_predictions_say_what_copies_add(folders):
    put(folders[1], TRAIN[:80:2])
    names = assay.read(folders[1]).frame
    random = np.random.default_rng(0)
    copied = names["image"].str.contains("!").to_numpy()
    said = np.where(copied, names["label"], random.choice(["cat", "dog"], len(names)))
    audit = assay.audit(*folders, predictions=said)
    leak = found(audit, "L101")
    assert leak.inflation > 0.1
    assert "balanced accuracy of the predictions given" in leak.message
    assert audit.scores[0].rows == (120, 80)
    assert audit.scores[0].everything.value > audit.scores[0].clean.value + 0.1


def test_test_images_in_validation(folders, tmp_path):
    validation = save_classes(tmp_path / "validation", np.concatenate([textures(40, seed=3), TEST[:10]]))
    audit = assay.audit(*folders, validation=validation)
    assert len(found(audit, "L106").rows) == 10
    assert audit.rows["validation"] == 50


def test_files_that_tell_the_class(tmp_path):
    for part, images in (("train", TRAIN), ("test", TEST)):
        for number, image in enumerate(images):
            suffix = ("png", "jpg")[number % 2]
            save(image, tmp_path / part / ("cat", "dog")[number % 2] / f"{number}.{suffix}")
    leaks = assay.audit(tmp_path / "train", tmp_path / "test").leaks
    assert {leak.code for leak in leaks} == {"L303"}
    assert ("format",) in {leak.columns for leak in leaks}
    assert all(leak.level is Level.SERIOUS for leak in leaks if leak.columns == ("format",))


def test_groups_on_both_sides(tmp_path):
    labels = np.arange(120) % 2
    for name, images, start in (("train", TRAIN, 0), ("test", TEST, 115)):
        frame = pl.DataFrame(
            {
                "image": [encoded(image) for image in images],
                "label": labels[: len(images)],
                "patient": np.arange(len(images)) + start,
            }
        )
        frame.write_parquet(tmp_path / f"{name}.parquet")
    files = tmp_path / "train.parquet", tmp_path / "test.parquet"
    leak = found(assay.audit(*files, target="label", group="patient"), "L401")
    assert leak.rows == (1, 2, 3, 4, 5)
    assert assay.audit(*files, target="label").leaks == ()


def test_parts_of_a_study_are_audited_alike(folders):
    put(folders[1], TRAIN[:20:2])
    train, validation = map(assay.read, folders)
    (leak,) = audit_parts(train, validation, None, "random")
    assert (leak.code, leak.part, len(leak.rows)) == ("L101", "validation", 10)
    assert audit_parts(train.take(np.arange(5)), validation, None, "random") == ()


def test_parts_that_cannot_be_compared(folders, tmp_path):
    (tmp_path / "rows.csv").write_text("a,b\n1,2\n")
    with pytest.raises(DataError, match=r"rows.csv.*holds no images"):
        assay.audit(folders[0], tmp_path / "rows.csv")
    few = save_classes(tmp_path / "few", TEST[:6])
    with pytest.raises(DataError, match="test part has 6 images"):
        assay.audit(folders[0], few)
    other = save_classes(tmp_path / "other", TEST[:40], ("cow", "pig"))
    with pytest.raises(DataError, match="no test row has a class of the training rows"):
        assay.audit(folders[0], other)


@pytest.mark.parametrize("unlabelled", ["test", "validation"])
def test_copies_are_found_without_labels(folders, tmp_path, unlabelled):
    put(folders[1], TRAIN[:20:2])
    flat = tmp_path / "flat"
    flat.mkdir()
    for number, path in enumerate(sorted(folders[1].rglob("*.png"))):
        path.rename(flat / f"{number:03d}.png")
    save_classes(folders[1], TEST)
    others = {"test": flat} if unlabelled == "test" else {"test": folders[1], "validation": flat}
    audit = assay.audit(folders[0], **others)
    leak = found(audit, "L101")
    assert (leak.part, leak.level, len(leak.rows)) == (unlabelled, Level.SERIOUS, 10)
    assert not any(leak.code == "L102" for leak in audit.leaks)
    assert any(f"the {unlabelled} images have no labels" in note for note in audit.notes)


def test_predictions_of_images_without_labels_are_no_score(folders, tmp_path):
    flat = tmp_path / "flat"
    flat.mkdir()
    for number, image in enumerate(TEST):
        save(image, flat / f"{number:03d}.png")
    with pytest.raises(DataError, match="the test images have no labels, so that no score"):
        assay.audit(folders[0], flat, predictions=["cat"] * len(TEST))

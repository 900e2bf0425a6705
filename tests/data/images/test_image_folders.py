"""Folders of images: their classes, their official parts, and what is refused in them."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from bad_images import BROKEN, broken_exif, jpeg, pattern, png
from image_folders import classes, put

import assay
from assay.core.errors import DataError
from assay.core.task import Task
from assay.data.column import Kind, Role
from assay.data.images import ImageSettings, is_image_source, read_images

SKIP = ImageSettings(skip_broken=True)


def test_a_folder_is_a_table_of_images(tmp_path):
    table = assay.read(classes(tmp_path / "pets", "cat", "dog", "owl"))
    assert table.frame["image"].to_list()[:4] == ["cat/t0.png", "cat/t1.png", "cat/t2.png", "dog/g0.png"]
    assert table.frame["label"].to_list() == ["cat"] * 3 + ["dog"] * 3 + ["owl"] * 3
    assert (table.columns[0].kind, table.columns[0].role) == (Kind.IMAGE, Role.FEATURE)
    assert table.columns[0].is_feature
    assert table.task is Task.MULTICLASS
    assert table.is_images
    assert table.name == "pets"
    assert table.images.shape == (3, 8, 8)
    np.testing.assert_array_equal(table.images.batch(np.array([4]))[0].permute(1, 2, 0), pattern(8, 8, 1))
    assert any("8 x 8" in note for note in table.notes)
    wanted = "images are kept in memory: decoded they take 0.0 MB, at most a third of the free memory"
    assert wanted in table.notes


def test_two_classes_are_a_binary_task(tmp_path):
    assert assay.read(classes(tmp_path)).task is Task.BINARY


@pytest.mark.parametrize("names", [("train", "val", "test"), ("training", "validation", "testing")])
def test_official_parts(tmp_path, names):
    for name, each in zip(names, (4, 2, 1), strict=True):
        classes(tmp_path / name, each=each)
    source = read_images(tmp_path)
    assert {part: len(rows) for part, rows in source.parts.items()} == {
        "train": 8,
        "validation": 4,
        "test": 2,
    }
    for part, name in zip(("train", "validation", "test"), names, strict=True):
        found = source.table.take(source.parts[part]).frame["image"].to_list()
        assert all(image.startswith(f"{name}/") for image in found)


def test_the_training_part_alone_decides_the_size(tmp_path):
    classes(tmp_path / "train")
    put(tmp_path, "test/cat/x.png", "test/dog/y.png", data=png(pattern(30, 50)))
    table = read_images(tmp_path).table
    assert table.images.shape == (3, 8, 8)
    assert table.images.sizes_N2.tolist()[-1] == [30, 50]


def test_a_class_may_be_called_as_a_part(tmp_path):
    table = assay.read(classes(tmp_path, "train", "bus"))
    assert set(table.frame["label"]) == {"train", "bus"}
    assert any("looks like a part" in note for note in table.notes)


def test_nested_folders_belong_to_their_class(tmp_path):
    put(classes(tmp_path), "cat/siamese/young/1.png", "cat/persian/1.png")
    table = assay.read(tmp_path)
    assert table.frame.filter(label="cat")["image"].to_list()[0] == "cat/persian/1.png"
    assert (table.frame["label"] == "cat").sum() == 5


def test_equal_and_unicode_names_are_kept_apart(tmp_path):
    put(tmp_path, "Kätzchen/bild 1.png", "Kätzchen/日本.png", "🐕/bild 1.png", "🐕/a\nb.png")
    table = assay.read(tmp_path)
    assert set(table.frame["label"]) == {"Kätzchen", "🐕"}
    assert table.frame["image"].n_unique() == 4


def test_names_that_are_no_utf8_are_printed(tmp_path):
    classes(tmp_path)
    path = os.fsencode(tmp_path) + b"/cat/\xff\xfe.png"
    try:
        Path(os.fsdecode(path)).write_bytes(png())
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    table = assay.read(tmp_path)
    assert "cat/\\xff\\xfe.png" in table.frame["image"].to_list()
    assert table.images.original(table.frame["image"].to_list().index("cat/\\xff\\xfe.png")).size == (16, 12)


def test_what_systems_leave_behind_is_not_looked_at(tmp_path):
    classes(tmp_path)
    put(
        tmp_path,
        ".DS_Store",
        "cat/Thumbs.db",
        "cat/.hidden.png",
        ".git/x.png",
        "__MACOSX/cat/1.png",
        data=b"x",
    )
    assert len(assay.read(tmp_path)) == 6


def test_files_beside_the_class_folders_are_named_in_a_note(tmp_path):
    put(classes(tmp_path), "README.md", data=b"words")
    assert any("README.md" in note for note in assay.read(tmp_path).notes)


def test_images_without_classes_have_no_target(tmp_path):
    table = assay.read(put(tmp_path, "a.png", "b.png"))
    assert table.target is None
    assert table.task is None
    assert len(table.images) == 2


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_named(tmp_path, name):
    data, reason = BROKEN[name]
    put(classes(tmp_path / "pets"), f"cat/{name}", data=data)
    with pytest.raises(
        DataError, match=rf"pets: 1 of 7 images cannot be read: cat/{name}: .*{reason}.*skip_br"
    ):
        read_images(tmp_path / "pets")
    source = read_images(tmp_path / "pets", settings=SKIP)
    assert [item.name for item in source.broken] == [f"cat/{name}"]
    assert len(source.table) == len(source.table.images) == 6
    assert source.table.images.shape == (3, 8, 8)
    assert any("1 broken images were left out" in note for note in source.table.notes)


def test_all_broken_files_are_counted_and_the_first_named(tmp_path):
    classes(tmp_path)
    for name, (data, _) in BROKEN.items():
        put(tmp_path, f"dog/{name}", data=data)
    put(tmp_path, "cat/notes.txt", data=b"words")
    with pytest.raises(DataError, match=rf"{len(BROKEN) + 1} of {len(BROKEN) + 7} images .*notes.txt.* more"):
        read_images(tmp_path)
    for storage in ("memory", "stream"):
        settings = ImageSettings(skip_broken=True, storage=storage)
        source = read_images(tmp_path, settings=settings)
        assert len(source.broken) == len(BROKEN) + 1
        assert len(source.table) == 6
        assert source.table.images.batch(np.arange(6)).shape == (6, 3, 8, 8)


def test_skipped_files_leave_the_parts_right(tmp_path):
    for part in ("train", "test"):
        put(classes(tmp_path / part), "cat/aaa.png", "dog/s1.png", data=jpeg()[:-100])
    source = read_images(tmp_path, settings=SKIP)
    for part in ("train", "test"):
        names = source.table.take(source.parts[part]).frame["image"].to_list()
        assert len(names) == 6
        assert all(name.startswith(part) for name in names)
    assert source.table.rows.tolist() == [1, 2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 14]


def test_broken_exif_is_no_reason_to_refuse_a_file(tmp_path):
    put(classes(tmp_path), "cat/exif.jpg", data=broken_exif())
    assert len(assay.read(tmp_path)) == 7


def link(path: Path, target: Path) -> None:
    try:
        path.symlink_to(target)
    except OSError:
        pytest.skip("this system makes no links")


def out_file(root, other):
    link(root / "cat" / "x.png", put(other, "x.png") / "x.png")


def out_folder(root, other):
    link(root / "cat" / "more", classes(other))


def out_class(root, other):
    link(root / "owl", put(other / "owl", "x.png"))


def nowhere(root, other):
    link(root / "cat" / "x.png", root / "gone.png")


def loop(root, other):
    link(root / "cat" / "again", root)


def self_loop(root, other):
    link(root / "cat" / "x.png", root / "cat" / "x.png")


def pipe(root, other):
    os.mkfifo(root / "cat" / "x.png")


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (out_file, r"cat/x.png: it is a link that leads out of the folder"),
        (out_folder, r"cat/more: it is a link that leads out of the folder"),
        (out_class, r"owl: it is a link that leads out of the folder"),
        (nowhere, r"cat/x.png: it is a link that leads nowhere"),
        (loop, r"cat/again: it is a link back to a folder above it"),
        (self_loop, r"cat/x.png: it is a link that leads nowhere"),
        (pipe, r"cat/x.png: it is no regular file"),
    ],
)
def test_links_and_pipes_are_refused_by_name(tmp_path, make, reason):
    root = classes(tmp_path / "pets")
    make(root, tmp_path / "other")
    with pytest.raises(DataError, match=reason):
        read_images(root)
    source = read_images(root, settings=SKIP)
    assert len(source.table) == 6
    assert len(source.broken) == 1


def test_links_inside_of_the_folder_and_to_the_folder_are_followed(tmp_path):
    root = classes(tmp_path / "pets")
    link(root / "cat" / "x.png", root / "dog" / "g0.png")
    link(tmp_path / "link", root)
    assert len(assay.read(tmp_path / "link")) == 7


def test_a_file_that_may_not_be_read_is_named(tmp_path, monkeypatch):
    root = classes(tmp_path)
    (root / "cat" / "t1.png").chmod(0)
    if os.access(root / "cat" / "t1.png", os.R_OK):  # root reads everything
        usual = open

        def refusing(path, *args, **kwargs):
            if str(path).endswith("cat/t1.png"):
                raise PermissionError(13, "Permission denied")
            return usual(path, *args, **kwargs)

        monkeypatch.setattr("builtins.open", refusing)
    with pytest.raises(DataError, match=r"cat/t1.png: it cannot be opened .Permission denied"):
        read_images(root)


def loose(root):
    put(classes(root), "x.png")


def empty_class(root):
    (classes(root) / "owl").mkdir()


def hidden_class(root):
    put(classes(root), "owl/.x.png")


def one_class(root):
    classes(root, "cat")


def unclear_parts(root):
    put(root, "train/1.png", "test/1.png")


def flat_test(root):
    put(classes(root / "train"), "../test/1.png")


def strangers(root):
    classes(root / "train")
    classes(root / "test")
    classes(root, "more")


def twice(root):
    classes(root / "train")
    classes(root / "training")


def no_train(root):
    classes(root / "val")
    classes(root / "test")


def loose_in_part(root):
    put(classes(root / "train"), "1.png")


def only_broken(root):
    put(root, "cat/1.png", "dog/1.png", data=b"words")


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (loose, "images stand beside the folders: 'x.png'"),
        (empty_class, "the class folder 'owl' is empty"),
        (hidden_class, "the class folder 'owl' is empty"),
        (one_class, "only one class folder, 'cat'"),
        (unclear_parts, "'test', 'train' could be parts or classes"),
        (flat_test, "the part 'test' has no class folders"),
        (strangers, "beside the parts 'test', 'train' there are other folders: 'more'"),
        (twice, "'train' and 'training' are both the train part"),
        (no_train, "there is no training part"),
        (loose_in_part, "images stand beside the class folders: 'train/1.png'"),
        (only_broken, "2 of 2 images cannot be read"),
    ],
)
def test_unclear_folders_are_refused(tmp_path, make, reason):
    make(tmp_path)
    with pytest.raises(DataError, match=reason):
        read_images(tmp_path)


def test_nothing_is_left_when_all_are_broken(tmp_path):
    only_broken(tmp_path)
    with pytest.raises(DataError, match=r"none of the images can be read: cat/1.png"):
        read_images(tmp_path, settings=SKIP)


def test_a_folder_of_tables_is_no_image_source(tmp_path):
    put(tmp_path, "a.csv", "b.csv", data=b"a,b\n1,2\n")
    put(tmp_path, "logo.png")
    assert not is_image_source(tmp_path)
    assert not is_image_source(tmp_path / "a.csv")
    assert not is_image_source(tmp_path / "logo.png")
    assert not is_image_source(tmp_path / "gone")
    assert not is_image_source({"a": [1]})
    assert is_image_source(str(classes(tmp_path / "pets")))


def test_the_target_of_a_folder_is_its_label(tmp_path):
    assert assay.read(classes(tmp_path), target="label").target.name == "label"
    with pytest.raises(DataError, match="there is no column 'species'"):
        assay.read(tmp_path, target="species")


def test_new_roles_for_an_image_table_keep_its_images(tmp_path):
    table = assay.read(classes(tmp_path))
    again = assay.read(table, target="label")
    assert again.images is table.images
    assert again.task is Task.BINARY
    with pytest.raises(DataError, match="no column 'gone'"):
        assay.read(table, target="gone")

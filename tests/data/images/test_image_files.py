"""Images in Parquet files, in the CIFAR archives, and in data sets."""

from __future__ import annotations

import gzip
import io
import os
import pickle
import tarfile
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import torch
from bad_images import jpeg, pattern, png
from PIL import Image
from torch.utils.data import Dataset, IterableDataset, Subset, TensorDataset

import assay
from assay.core.errors import DataError, RecipeError
from assay.core.task import Task
from assay.data.column import Role
from assay.data.images import ImageSettings, is_image_source, read_images
from assay.data.reading import ReadSettings

N = 12


def images(count: int = N) -> list[bytes]:
    return [png(pattern(8, 8, seed)) for seed in range(count)]


def parquet(path, metadata=None, **columns):
    frame = pl.DataFrame({"image": images()} | columns)
    frame.write_parquet(path, metadata=metadata)
    return path


def test_parquet_labels_get_the_names_in_the_metadata(tmp_path):
    path = parquet(tmp_path / "x.parquet", {"class_names": "cat, dog"}, label=[0, 1] * 6)
    table = assay.read(path, target="label")
    assert table.frame["image"].to_list()[:2] == ["row 0", "row 1"]
    assert table.frame["label"].to_list() == ["cat", "dog"] * 6
    assert table.task is Task.BINARY
    np.testing.assert_array_equal(table.images.batch([3])[0].permute(1, 2, 0), pattern(8, 8, 3))


def test_parquet_labels_without_names_stay_numbers(tmp_path):
    table = assay.read(parquet(tmp_path / "x.parquet", label=[0, 1, 2] * 4))
    assert table.frame["label"].to_list() == [0, 1, 2] * 4


def test_other_columns_are_ignored_unless_they_have_a_role(tmp_path):
    days = [f"2020-01-{day:02}" for day in range(1, 13)]
    path = parquet(
        tmp_path / "x.parquet", label=[0, 1] * 6, day=days, who=["a", "b", "c"] * 4, more=[[1]] * 12
    )
    roles = {column.name: column.role for column in assay.read(path).columns}
    assert roles == {"image": Role.FEATURE, "label": Role.TARGET, "day": Role.IGNORED, "who": Role.IGNORED}
    table = assay.read(path, time="day", group="who")
    assert (table.time.name, table.group.name) == ("day", "who")
    assert table.frame["day"].dtype == pl.Date
    with pytest.raises(RecipeError, match=r"read.group: there is no column 'whom'"):
        assay.read(path, group="whom")


def test_a_float_target_is_a_quantity(tmp_path):
    path = parquet(tmp_path / "x.parquet", {"class_names": "a,b"}, age=np.linspace(1.5, 80, N))
    assert assay.read(path, target="age").task is Task.REGRESSION
    path = parquet(tmp_path / "y.parquet", {"class_names": "a,b"}, label=[0, 1] * 6)
    assert assay.read(path, task="regression").frame["label"].dtype.is_integer()


def test_hugging_face_columns_and_frames_are_read(tmp_path):
    frame = pl.DataFrame({"img": [{"bytes": data, "path": None} for data in images()], "labels": [0, 1] * 6})
    frame.write_parquet(tmp_path / "x.parquet")
    for source in (tmp_path / "x.parquet", frame):
        table = assay.read(source)
        assert table.target.name == "labels"
        assert len(table.images) == N


def test_rows_without_a_label_are_left_out(tmp_path):
    table = assay.read(parquet(tmp_path / "x.parquet", label=[0, 1, None] * 4))
    assert (len(table), len(table.images), table.left_out) == (8, 8, 4)
    assert table.rows.tolist() == [0, 1, 3, 4, 6, 7, 9, 10]
    np.testing.assert_array_equal(table.images.batch([2])[0].permute(1, 2, 0), pattern(8, 8, 3))


def test_parquet_without_a_label_has_no_target(tmp_path):
    assert assay.read(parquet(tmp_path / "x.parquet")).target is None
    with pytest.raises(DataError, match=r"x.parquet: there is no column 'label'"):
        assay.read(tmp_path / "x.parquet", target="label")


def test_missing_and_broken_values_are_named_by_their_row(tmp_path):
    values = images()
    values[4], values[7] = None, b"words"
    pl.DataFrame({"image": values, "label": [0, 1] * 6}).write_parquet(tmp_path / "x.parquet")
    with pytest.raises(DataError, match=r"2 of 12 .*row 4: there is no image .*row 7: it holds text"):
        assay.read(tmp_path / "x.parquet")
    source = read_images(tmp_path / "x.parquet", settings=ImageSettings(skip_broken=True))
    assert [item.name for item in source.broken] == ["row 4", "row 7"]
    assert "row 4" not in source.table.frame["image"].to_list()


@pytest.mark.parametrize(
    ("metadata", "labels", "reason"),
    [
        ({"class_names": "a,b"}, [0, 1, 2] * 4, "labels go from 0 to 2, and the file's class_names are 2"),
        ({"class_names": "a,b"}, [-1, 1, 0] * 4, "labels go from -1"),
        ({"class_names": "a,a"}, [0, 1] * 6, "hold a name twice"),
        (None, [1] * 12, "nothing to learn"),
        (None, [None] * 12, "missing"),
        (None, [[1, 2]] * 12, "single values were expected"),
    ],
)
def test_labels_that_are_none_are_refused(tmp_path, metadata, labels, reason):
    with pytest.raises(DataError, match=rf"x.parquet.*{reason}"):
        assay.read(parquet(tmp_path / "x.parquet", metadata, label=labels), target="label")


def test_a_table_with_bytes_that_are_no_images_is_no_image_source(tmp_path):
    pl.DataFrame({"hash": [b"\1\2"], "y": [1]}).write_parquet(tmp_path / "x.parquet")
    assert not is_image_source(tmp_path / "x.parquet")
    (tmp_path / "y.parquet").write_bytes(parquet(tmp_path / "z.parquet", label=[0, 1] * 6).read_bytes()[:200])
    assert not is_image_source(tmp_path / "y.parquet")


class Bad:
    def __reduce__(self):
        return os.system, ("touch assay-pickled-code",)


def cifar_files(num=4, **changes):
    files = {f"data_batch_{n}": batch(num, n) for n in range(1, 6)} | {"test_batch": batch(num, 9)}
    files["batches.meta"] = {b"label_names": [b"cat", b"dog"]}
    return files | {name.replace("meta", "batches.meta"): value for name, value in changes.items()}


def batch(num, seed):
    data = np.random.default_rng(seed).integers(0, 256, (num, 3072), dtype=np.uint8)
    return {b"data": data, b"labels": [0, 1] * (num // 2), b"filenames": [b"x.png"] * num}


def archive(path, files, folder="cifar-10-batches-py"):
    with tarfile.open(path, "w:gz") as tar:
        for name, value in files.items():
            data = value if isinstance(value, bytes) else pickle.dumps(value, protocol=2)
            member = tarfile.TarInfo(f"{folder}/{name}")
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return path


def test_the_cifar_archive_and_its_folder(tmp_path):
    path = archive(tmp_path / "cifar-10-python.tar.gz", cifar_files())
    assert is_image_source(path)
    source = read_images(path)
    assert {part: len(rows) for part, rows in source.parts.items()} == {"train": 20, "test": 4}
    assert source.table.frame["label"].to_list()[:2] == ["cat", "dog"]
    assert source.table.frame["image"].to_list()[-1] == "test_batch/3"
    expected = batch(4, 9)[b"data"][3].reshape(3, 32, 32)
    np.testing.assert_array_equal(source.table.images.batch([23])[0], expected)
    with tarfile.open(path) as tar:
        tar.extractall(tmp_path / "out", filter="data")
    for folder in (tmp_path / "out", tmp_path / "out" / "cifar-10-batches-py"):
        assert torch.equal(assay.read(folder).images.tensor_NCHW, source.table.images.tensor_NCHW)


def test_cifar_100(tmp_path):
    fine = {name: value | {b"fine_labels": value[b"labels"]} for name, value in
            (("train", batch(6, 0)), ("test", batch(2, 1)))}  # fmt: skip
    files = {"meta": {b"fine_label_names": [b"apple", b"bear"]}, **fine}
    source = read_images(archive(tmp_path / "c.tar.gz", files, "cifar-100-python"))
    assert set(source.table.frame["label"]) == {"apple", "bear"}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"test_batch": {b"data": Bad()}}, "test_batch: the file is damaged, or none of CIFAR .*asks for"),
        ({"data_batch_3": b"cos\nsystem\n(S'true'\ntR."}, "data_batch_3.*asks for os.system"),
        ({"data_batch_3": pickle.dumps(getattr)}, "asks for builtins.getattr"),
        ({"data_batch_3": b"words"}, "data_batch_3: the file is damaged"),
        ({"data_batch_3": [1]}, "holds list"),
        ({"data_batch_3": {b"data": np.zeros((4, 5), np.uint8), b"labels": [0] * 4}}, "images of 5 values"),
        ({"data_batch_3": {b"data": np.zeros((4, 3072)), b"labels": [0] * 4}}, "no pixels"),
        ({"data_batch_3": {b"data": np.zeros((4, 3072), np.uint8), b"labels": [0]}}, "4 images and 1 labels"),
        ({"data_batch_3": {b"data": np.zeros((2, 3072), np.uint8), b"labels": [0, 9]}}, "names 2 classes"),
        ({"data_batch_3": {b"data": np.zeros((2, 3072), np.uint8), b"labels": [0, "x"]}}, "no whole numbers"),
        ({"meta": {b"label_names": 5}}, "names no classes"),
        ({"../../../evil": b"x"}, "leads out of it"),
    ],
)
def test_hostile_archives_are_refused(tmp_path, changes, reason, monkeypatch):
    monkeypatch.chdir(tmp_path)  # where pickled code would leave its file
    path = archive(tmp_path / "c.tar.gz", cifar_files(**changes))
    with pytest.raises(DataError, match=rf"c.tar.gz.*{reason}"):
        read_images(path)
    assert not Path("assay-pickled-code").exists()
    assert not (tmp_path.parent / "evil").exists()


def test_incomplete_archives_are_refused(tmp_path):
    files = cifar_files()
    del files["data_batch_4"]
    with pytest.raises(DataError, match="files of the CIFAR archive are missing"):
        read_images(archive(tmp_path / "c.tar.gz", files))
    whole = archive(tmp_path / "d.tar.gz", cifar_files(100)).read_bytes()
    (tmp_path / "d.tar.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match=r"d.tar.gz: the archive is damaged or cut off"):
        read_images(tmp_path / "d.tar.gz")
    (tmp_path / "table.csv.gz").write_bytes(gzip.compress(b"a,b\n1,2\n"))
    assert not is_image_source(tmp_path / "table.csv.gz")


class Items(Dataset):
    """A data set of given items; an exception among them is raised."""

    def __init__(self, items, classes=()):
        self.items = items
        if classes:
            self.classes = list(classes)

    def __len__(self):
        return len(self.items)

    def __getitem__(self, row):
        item = self.items[row]
        if isinstance(item, Exception):
            raise item
        return item


def pairs(make=Image.fromarray):
    return [(make(pattern(8, 8, seed)), seed % 2) for seed in range(N)]


@pytest.mark.parametrize(
    "make",
    [
        Image.fromarray,
        np.array,
        lambda a: torch.from_numpy(a).permute(2, 0, 1),
        lambda a: torch.from_numpy(a).permute(2, 0, 1).float() / 255,
    ],
)
def test_data_sets_of_images_arrays_and_tensors_are_the_same(make):
    data = Items(pairs(make), classes=["cat", "dog"])
    assert is_image_source(data)
    table = assay.read(data)
    assert table.frame["label"].to_list() == ["cat", "dog"] * 6
    np.testing.assert_array_equal(table.images.batch([5])[0].permute(1, 2, 0), pattern(8, 8, 5))
    assert not any("random" in note for note in table.notes)


def test_a_subset_keeps_the_names_and_a_streamed_data_set_the_pixels():
    data = Subset(Items(pairs(), classes=["cat", "dog"]), [3, 4, 7])
    table = read_images(data, settings=ImageSettings(storage="stream")).table
    assert table.frame["label"].to_list() == ["dog", "cat", "dog"]
    assert not table.images.in_memory
    np.testing.assert_array_equal(table.images.take([2]).batch([0])[0].permute(1, 2, 0), pattern(8, 8, 7))


def test_items_that_fail_are_named():
    items = pairs()
    items[3], items[5], items[6] = OSError("disk on fire"), 7, (Image.fromarray(pattern()), None)
    with pytest.raises(DataError, match=r"3 of 12 .*row 3: .*OSError: disk on fire.*row 5: .*row 6"):
        read_images(Items(items))
    source = read_images(Items(items), settings=ImageSettings(skip_broken=True))
    assert len(source.table) == 9
    assert source.table.rows.tolist() == [0, 1, 2, 4, 7, 8, 9, 10, 11]


class Endless(IterableDataset):
    def __iter__(self):
        yield from ()


class Random(Items):
    def __getitem__(self, row):
        return np.random.default_rng().integers(0, 256, (8, 8, 3), dtype=np.uint8), row % 2


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (Endless(), "can only be read once"),
        (Items([]), "is empty"),
        (Items([(pattern() - 1.5, 0)] * 4), "leave out any normalisation"),
        (Items([(pattern(), 0), (pattern(), "x")] * 4), "several types"),
        (Items([(pattern(), [1])] * 4), "row 0: the label is list"),
        (Items([(pattern(), 5)] * 4, classes=["a"]), "no numbers of the 1 classes"),
        (Items([(np.zeros((5, 5, 7), np.uint8), 1)] * 4), "no axis of"),
    ],
)
def test_data_sets_that_are_none_are_refused(data, reason):
    with pytest.raises(DataError, match=reason):
        read_images(data)


def test_a_random_transform_is_noticed_and_tables_are_left_alone():
    table = assay.read(Random([0] * N))
    assert any("transform is random" in note for note in table.notes)
    assert not is_image_source(TensorDataset(torch.zeros(5, 3), torch.zeros(5)))


def test_time_and_group_settings_come_by_settings_too(tmp_path):
    path = parquet(tmp_path / "x.parquet", label=[0, 1] * 6, who=["a", "b", "c"] * 4)
    source = read_images(path, read=ReadSettings(group="who"))
    assert source.table.group.name == "who"


def test_the_real_cifar_is_read(shared_data):
    frame = pl.read_parquet(shared_data / "cifar10-train.parquet", n_rows=300)
    assert assay.read(frame, target="label").images.shape == (3, 32, 32)
    assert jpeg()[:3] == frame["image"][0][:3]

"""Of test images a run reads name, label and header; their pixels are sealed until `assay test`."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from listener import Listener
from PIL import Image

import assay
from assay.bundle.bundle import Bundle
from assay.core.errors import DataError
from assay.data.images.store import EncodedStore
from images_made import encoded, made_images, make_folder

FAST: dict[str, Any] = {
    "training": {"epochs": 2},
    "network": {"kind": "cnn", "widths": (4, 8)},
    "rounds": 0,
    "learning_curve": False,
}


def folder_of(folder: Path, *parts: str) -> Path:
    """Images in one folder a class, in these parts where there are some."""
    if not parts:
        return make_folder(folder, 90)
    for number, part in enumerate(parts):
        make_folder(folder / part, 30, seed=number)
    return folder


def sealed_files(study: assay.Study, folder: Path) -> list[Path]:
    names = assay.read(folder).frame["image"].to_list()
    return [folder / names[row] for row in study.split.test]


def bundle_bytes(study: assay.Study) -> dict[str, bytes]:
    """The bundle's files, without how long the training took (and the checksum over that)."""
    files = {path.name: path.read_bytes() for path in (study.folder / "bundle").iterdir()}
    assert files.keys() == {"bundle.json", "weights.safetensors"}
    timed = (b'    "seconds": ', b'  "sha256": ')
    lines = files["bundle.json"].splitlines()
    return files | {"bundle.json": b"\n".join(line for line in lines if not line.startswith(timed))}


def cut(path: Path) -> None:
    """Whole in its header, and without the end of its pixels."""
    whole = encoded(np.random.default_rng(3).integers(0, 256, (16, 16, 3), dtype=np.uint8))
    path.write_bytes(whole[: len(whole) // 2])


@pytest.mark.parametrize("parts", [(), ("train", "val", "test")], ids=["drawn", "official"])
@pytest.mark.parametrize("storage", ["memory", "stream"])
def test_noise_of_other_sizes_in_place_of_test_images_changes_no_byte(
    tmp_path: Path, parts: tuple[str, ...], storage: str
) -> None:
    clean, noisy = (folder_of(tmp_path / name / "data", *parts) for name in ("clean", "noisy"))
    choices = FAST | {"images": {"storage": storage, "workers": 0}}
    first = assay.run(clean, out=tmp_path / "first", **choices)
    random = np.random.default_rng(5)
    for path in sealed_files(first, noisy):
        Image.fromarray(random.integers(0, 256, (40, 24), dtype=np.uint8)).save(path)
    second = assay.run(noisy, out=tmp_path / "second", **choices)
    assert bundle_bytes(first) == bundle_bytes(second)
    assert first.bundle.sha256 == second.bundle.sha256
    for file in ("split.json", "inspection.json", "diagnosis.json"):
        assert (first.folder / file).read_bytes() == (second.folder / file).read_bytes(), file
    assert second.bundle.schema.format.shape == (3, 16, 16)
    assert first.test()["test"] != second.test()["test"]


@pytest.mark.parametrize("parts", [(), ("train", "val", "test")], ids=["drawn", "official"])
@pytest.mark.parametrize("storage", ["memory", "stream"])
def test_no_test_image_is_decoded_before_the_test(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parts: tuple[str, ...], storage: str
) -> None:
    asked: list[str] = []
    pixels = EncodedStore.pixels

    def watched(self: EncodedStore, row: int, max_pixels: int) -> Any:
        asked.append(str(self.names[row]))
        return pixels(self, row, max_pixels)

    folder = folder_of(tmp_path / "data", *parts)
    monkeypatch.setattr(EncodedStore, "pixels", watched)
    study = assay.run(folder, out=tmp_path / "study", images={"storage": storage, "workers": 0}, **FAST)
    by_the_run = set(asked)
    sealed = {path.relative_to(folder).as_posix() for path in sealed_files(study, folder)}
    assert len(sealed) == len(study.split.test)
    assert not by_the_run & sealed
    assert len(by_the_run) == len(study.split.open_rows)
    asked.clear()
    study.test()
    assert set(asked) == sealed


def test_a_broken_test_image_is_named_and_the_seal_stays_closed(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "data")
    first = assay.run(folder, out=tmp_path / "whole", **FAST)
    broken = sealed_files(first, folder)[3]
    cut(broken)
    study = assay.run(folder, out=tmp_path / "study", **FAST)
    assert study.bundle.sha256 == first.bundle.sha256
    name = broken.relative_to(folder).as_posix()
    with pytest.raises(DataError, match=rf"1 of 18 images cannot be read: {name}.*damaged or cut off"):
        study.test()
    closed = assay.Study.open(study.folder)
    assert closed.split.openings == []
    assert closed.metrics["test"] is None
    skipping = assay.run(folder, out=tmp_path / "skipping", images={"skip_broken": True}, **FAST)
    (opening,) = skipping.test()["seal"]["opened"]
    assert opening["broken_rows"] == 1


def test_a_broken_training_image_is_refused_or_stands_in_no_part(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "data")
    names = assay.read(folder).frame["image"].to_list()
    whole = assay.run(folder, out=tmp_path / "whole", **FAST)
    row = int(whole.split.train[5])
    cut(folder / names[row])
    with pytest.raises(DataError, match=rf"1 of 72 images cannot be read: {names[row]}"):
        assay.run(folder, out=tmp_path / "study", **FAST)
    assert not (tmp_path / "study").exists()
    choices = FAST | {"images": {"skip_broken": True}}
    cut_short = assay.run(folder, out=tmp_path / "study", progress=Listener(interrupt_after=1), **choices)
    assert cut_short.metrics["stopped"] == "interrupted"
    study = assay.run(folder, out=tmp_path / "study", resume=True)
    assert study.split.train.tolist() == [other for other in whole.split.train if other != row]
    assert study.split.test.tolist() == whole.split.test.tolist()
    assert any("1 broken images were left out" in note for note in study.inspection["notes"])
    again = assay.run(folder, out=tmp_path / "again", **choices)
    assert again.bundle.sha256 == study.bundle.sha256
    assert study.test()["test"] is not None


@pytest.mark.parametrize("parts", [(), ("train", "val", "test"), ("train", "val")])
def test_a_table_that_was_read_goes_the_way_of_its_folder(tmp_path: Path, parts: tuple[str, ...]) -> None:
    folder = folder_of(tmp_path / "data", *parts)
    direct = assay.run(folder, out=tmp_path / "direct", **FAST)
    table = assay.read(folder)
    study = assay.run(table, out=tmp_path / "study", **FAST)
    assert (study.split.method, study.split.hashes) == (direct.split.method, direct.split.hashes)
    assert study.inspection == direct.inspection
    assert study.bundle.sha256 == direct.bundle.sha256
    assert study.test(table)["test"] == direct.test()["test"]


def test_a_table_keeps_the_settings_it_was_read_with(tmp_path: Path) -> None:
    from assay.data.images import ImageSettings

    folder = folder_of(tmp_path / "data", "train", "test")
    table = assay.read(folder, images=ImageSettings(size=12, storage="stream"))
    study = assay.run(table, out=tmp_path / "study", **FAST)
    assert study.recipe.images.size == 12
    assert study.bundle.schema.format.shape == (3, 12, 12)
    other = assay.run(table, out=tmp_path / "other", images={"size": 8}, **FAST)
    assert other.bundle.schema.format.shape == (3, 8, 8)
    assert other.test(table)["test"] is not None


def test_a_validation_part_without_a_test_part_is_told(tmp_path: Path) -> None:
    said = "the official validation images are sealed as the test"
    for parts, expected in ((("train", "val"), True), (("train", "val", "test"), False)):
        listener = Listener()
        folder = folder_of(tmp_path / "-".join(parts), *parts)
        assay.run(folder, out=tmp_path / f"{len(parts)} parts", progress=listener, **FAST)
        assert any(said in text for text in listener.words("read")) is expected


def test_the_free_memory_of_the_moment_changes_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_of(tmp_path / "data")
    records = []
    for free in (3_000_000_000, 3_700_000_000):
        monkeypatch.setattr("assay.data.images.storing.free_memory", lambda free=free: free)
        study = assay.run(folder, out=tmp_path / f"{free}", **FAST)
        records.append((study.folder / "inspection.json").read_bytes())
    assert records[0] == records[1]
    assert b"at most a third of the free memory" in records[0]


def test_arrays_in_memory_are_told_apart_by_their_values() -> None:
    import torch

    from assay.data.images.store import ArrayStore

    images = torch.from_numpy(made_images(3)[0]).movedim(-1, 1)
    contents = {ArrayStore(["a", "b", "c"], images).content(row) for row in range(3)}
    assert len(contents) == 3


def test_the_network_looks_at_each_test_image_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = assay.run(folder_of(tmp_path / "data"), out=tmp_path / "study", **FAST)
    looked_at: list[int] = []
    outputs = Bundle.outputs

    def counted(self: Bundle, raw: Any) -> Any:
        looked_at.append(len(raw))
        return outputs(self, raw)

    monkeypatch.setattr(Bundle, "outputs", counted)
    study.test()
    assert looked_at == [len(study.split.test)]

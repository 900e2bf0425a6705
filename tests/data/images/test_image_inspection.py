"""What `inspect` finds in images."""

import json
import shutil
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from PIL import Image

import assay
from assay.core.errors import RecipeError
from assay.data.images import ImageFormat, ImageSettings, image_facts, read_images
from assay.data.images.as_images import as_images
from assay.data.inspection.images import ImageInspection, inspect_images
from images_made import encoded, made_images, make_parquet
from textures_made import compressed, grey, mirror, save, save_classes, textures

IMAGES = textures(60)


def inspected(folder: Path, **settings: object) -> ImageInspection:
    source = read_images(folder, settings=ImageSettings(**settings))
    return inspect_images(source.table, parts=source.parts, broken=source.broken)


def finding(inspection: ImageInspection, code: str) -> str:
    (found,) = [one for one in inspection.findings if one.code == code]
    return found.message


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return save_classes(tmp_path / "animals", IMAGES)


def test_clean_images_have_no_finding_but_their_number(folder):
    inspection = inspected(folder)
    assert [one.code for one in inspection.findings] == ["A205"]
    assert inspection.classes == {"cat": 30, "dog": 30}
    assert inspection.makeup.to_json()["sizes"]["different"] == 1


def test_a_repeated_image_under_two_labels(folder):
    shutil.copy(folder / "cat" / "000.png", folder / "dog" / "twin.png")
    shutil.copy(folder / "cat" / "002.png", folder / "cat" / "again.png")
    inspection = inspected(folder)
    assert "cat/000.png (cat) is dog/twin.png (dog)" in finding(inspection, "I202")
    assert finding(inspection, "I201").startswith("2 images repeat another pixel by pixel")
    record = inspection.to_json()
    assert record["conflicts"]["unavoidable_errors"] == 1
    assert record["duplicates"]["rows"] == 2
    first = record["images"]["copies"][0]
    assert (first["names"], first["labels"]) == (["cat/000.png", "dog/twin.png"], ["cat", "dog"])


def test_near_copies_are_counted_in_groups(folder):
    save(compressed(IMAGES[0], 60), folder / "cat" / "small.jpg", quality=60)
    save(mirror(IMAGES[0]), folder / "cat" / "turned.png")
    inspection = inspected(folder)
    told = finding(inspection, "I203")
    assert told.startswith("3 images are near copies of others")
    assert "in 1 group, 1 of them mirrored" in told
    assert inspection.to_json()["images"]["near_duplicates"]["images"] == 3


def test_official_parts_that_share_an_image(tmp_path):
    for part, images in (("train", IMAGES[:40]), ("test", IMAGES[38:])):
        save_classes(tmp_path / "set" / part, images)
    told = finding(inspected(tmp_path / "set"), "I204")
    assert told.startswith("2 images stand in more than one part (2 in train and test)")


def test_odd_files_are_named(folder):
    image = Image.fromarray(IMAGES[0])
    save(np.full((32, 32, 3), 7, dtype=np.uint8), folder / "cat" / "blank.png")
    Image.fromarray(np.asarray(image.convert("L"), dtype=np.uint16) * 257).save(folder / "cat" / "deep.png")
    image.convert("RGBA").save(folder / "dog" / "clear.png")
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(textures(1, seed=5)[0]).save(folder / "dog" / "turned.jpg", exif=exif)
    Image.fromarray(textures(1, side=20, seed=6)[0]).save(folder / "dog" / "tiny.png")
    image.save(folder / "dog" / "film.gif", save_all=True, append_images=[Image.fromarray(IMAGES[1])])
    inspection = inspected(folder, size=32)
    assert "(cat/blank.png)" in finding(inspection, "I105")
    assert "1 grey of 16 bits" in finding(inspection, "I103")
    assert "16 bits are scaled to 8" in finding(inspection, "I103")
    assert "(dog/turned.jpg)" in finding(inspection, "I104")
    assert "(dog/tiny.png)" in finding(inspection, "I106")
    assert "(dog/film.gif)" in finding(inspection, "I107")
    assert finding(inspection, "I102").startswith("sizes go from 20 to 32 wide and 20 to 32 high")


def test_broken_files_are_counted_where_they_are_left_out(folder):
    whole = encoded(textures(1, side=64, seed=7)[0])
    (folder / "cat" / "cut.png").write_bytes(whole[: len(whole) // 2])
    inspection = inspected(folder, skip_broken=True)
    assert finding(inspection, "I101").startswith("1 file was left out (cat/cut.png: ")
    assert inspection.to_json()["images"]["broken"]["count"] == 1


def test_a_size_that_gives_the_class_away(tmp_path):
    for number, image in enumerate(IMAGES):
        size = 32 if number % 2 else 28
        save(image[:size, :size], tmp_path / "set" / ("cat", "dog")[number % 2] / f"{number}.png")
    inspection = inspected(tmp_path / "set")
    told = [one.message for one in inspection.findings if one.code == "I301"]
    assert any(message.startswith("the width alone gets 100 %") for message in told)


def test_a_border_that_gives_the_class_away(tmp_path):
    images = IMAGES.copy()
    images[::2, :4], images[::2, -4:], images[::2, :, :4], images[::2, :, -4:] = 250, 250, 250, 250
    inspection = inspected(save_classes(tmp_path / "set", images))
    told = [one.message for one in inspection.findings if one.code in {"I301", "I302"}]
    assert any("the border alone gets" in message for message in told)


def test_the_record_is_the_contract_s_and_plain(folder):
    inspection = assay.inspect(assay.read(folder))
    record = json.loads(json.dumps(inspection.to_json()))
    assert {"rows", "task", "target", "columns", "classes", "findings"} <= set(record)
    assert [column["name"] for column in record["columns"]] == ["image", "label"]
    assert record["classes"]["cat"] == {"count": 30, "share": 0.5}
    for one in record["findings"]:
        assert {"code", "column", "message", "advice", "title", "level"} <= set(one)
    images = record["images"]
    assert images["mean"] == pytest.approx((IMAGES.mean(axis=(0, 1, 2)) / 255).tolist(), rel=1e-3)
    assert images["shape"] == {"channels": 3, "height": 32, "width": 32}
    assert {len(rows) for rows in images["samples"].values()} == {10}
    assert "<table>" in inspection._repr_html_()


def test_the_averages_are_those_of_the_classes(folder):
    inspection = inspected(folder)
    np.testing.assert_allclose(inspection.averages[0].transpose(1, 2, 0), IMAGES[::2].mean(axis=0), atol=0.51)


def test_muted_codes_are_left_out_and_unknown_ones_refused(folder):
    table = assay.read(folder)
    assert assay.inspect(table, muted=("A205",)).findings == ()
    with pytest.raises(RecipeError, match="I999"):
        assay.inspect(table, muted=("I999",))


def test_images_with_a_quantity_have_no_classes(tmp_path):
    ages = np.random.default_rng(0).normal(size=60)
    path = tmp_path / "ages.parquet"
    pl.DataFrame({"image": [encoded(image) for image in IMAGES], "age": ages}).write_parquet(path)
    inspection = inspect_images(assay.read(path, target="age"))
    assert inspection.task == "regression"
    record = inspection.to_json()
    assert record["classes"] == {}
    assert list(record["images"]["samples"]) == [""]


def test_grey_images_have_one_channel(tmp_path):
    for number, image in enumerate(IMAGES[:20]):
        path = tmp_path / "set" / ("a", "b")[number % 2] / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(grey(image)[..., 0]).save(path)
    inspection = inspected(tmp_path / "set")
    assert inspection.images.shape[0] == len(inspection.channel_mean) == 1
    assert not {"I103", "I203"} & {one.code for one in inspection.findings}


def test_flowers(shared_data):
    inspection = inspected(shared_data / "flowers")
    assert inspection.classes == dict.fromkeys(["daisy", "dandelion", "rose", "sunflower", "tulip"], 200)
    told = finding(inspection, "I203")
    assert "dandelion/17161833794_e1d92259d2_m.jpg = dandelion/18304194360_2a4a0be631_m.jpg" in told


def test_what_has_no_file_has_no_length_in_bytes(tmp_path):
    images, _ = made_images(12)
    of_arrays = image_facts(as_images(images, ImageFormat(3, 16, 16)))
    assert of_arrays["bytes"].null_count() == 12
    make_parquet(tmp_path / "made.parquet", 12)
    of_files = image_facts(as_images(tmp_path / "made.parquet", ImageFormat(3, 16, 16)))
    assert of_files["bytes"].to_list() == [len(encoded(image)) for image in images]

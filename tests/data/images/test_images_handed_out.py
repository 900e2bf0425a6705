"""Images from memory, from a stream and for prediction have the same pixels in the same shape."""

from __future__ import annotations

import io
import pickle

import numpy as np
import pytest
import torch
from bad_images import jpeg, pattern, png, smooth
from image_folders import classes, put
from PIL import Image

import assay
from assay.core.errors import BundleError, DataError
from assay.data.images import ImageFormat, ImageSettings, fitted, image_facts, read_images, target_size
from assay.data.images.as_images import as_images
from assay.data.images.fitting import with_channels

MIXED = ((30, 40), (50, 20), (64, 64), (33, 90), (200, 35), (40, 40))


@pytest.fixture
def folder(tmp_path):
    """JPEGs and PNGs of mixed sizes in two classes."""
    for number, (height, width) in enumerate(MIXED):
        image = pattern(height, width, number)
        put(tmp_path, f"{'ab'[number % 2]}/{number}.jpg", data=jpeg(image))
        put(tmp_path, f"{'ab'[number % 2]}/{number}.png", data=png(image))
    return tmp_path


@pytest.mark.parametrize("fit", ["crop", "pad", "squash"])
@pytest.mark.parametrize("channels", [1, 3])
def test_memory_stream_and_prediction_give_the_same_pixels(folder, fit, channels):
    def read(storage):
        settings = ImageSettings(size=(24, 32), channels=channels, fit=fit, storage=storage, workers=2)
        return read_images(folder, settings=settings).table.images

    kept, streamed = read("memory"), read("stream")
    expected = kept.tensor_NCHW
    assert expected.shape == (12, channels, 24, 32)
    assert torch.equal(torch.cat(list(streamed.batches(5))), expected)
    order = np.random.default_rng(0).permutation(12)
    for workers in (0, 1, 3):
        assert torch.equal(torch.cat(list(streamed.loader(order, 5, workers))), expected[order])
    like = kept.format
    assert torch.equal(as_images(folder, like).tensor_NCHW, expected)
    paths = [folder / name for name in kept.names]
    opened = [Image.open(io.BytesIO(path.read_bytes())) for path in paths]
    arrays = [np.asarray(image) for image in opened]
    data = [path.read_bytes() for path in paths]
    for source in (paths, opened, arrays, data, [str(path) for path in paths]):
        assert torch.equal(as_images(source, like).tensor_NCHW, expected)
    assert torch.equal(as_images(paths[3], like).tensor_NCHW, expected[3:4])


def test_taken_images_are_those_of_the_rows(folder):
    for storage in ("memory", "stream"):
        images = read_images(folder, settings=ImageSettings(size=16, storage=storage)).table.images
        mask = np.arange(12) % 3 == 0
        twice = images.take(mask).take([2, 0, -1])
        assert twice.names == [images.names[row] for row in (6, 0, 9)]
        assert torch.equal(twice.batch([0, 1, 2]), images.batch([6, 0, 9]))
        assert torch.equal(twice.batch(torch.tensor([1])), images.batch([0]))
        assert twice.original(0).size == MIXED[int(twice.names[0][2])][::-1]
        assert len(list(images.batches(5))) == 3


def test_another_size_is_made_from_the_originals(folder):
    for storage in ("memory", "stream"):
        settings = ImageSettings(size=16, storage=storage)
        images = read_images(folder, settings=settings).table.images.take([3, 1])
        large = read_images(folder, settings=ImageSettings(size=40)).table.images
        assert torch.equal(images.at_size(40, 40).batch([0, 1]), large.batch([3, 1]))
        assert images.at_size(16, 16).shape == (3, 16, 16)


def test_a_table_hands_its_images_on(folder):
    table = assay.read(folder)
    part = table.take([5, 2])
    assert part.images.names == part.frame["image"].to_list()
    assert part.without(["label"]).images is part.images


def test_stores_survive_pickling(folder):
    images = read_images(folder, settings=ImageSettings(size=16, storage="stream")).table.images
    again = pickle.loads(pickle.dumps(images))
    assert torch.equal(again.batch([4]), images.batch([4]))


def test_a_file_that_goes_away_while_streaming_is_named(folder):
    images = read_images(folder, settings=ImageSettings(size=16, storage="stream")).table.images
    (folder / images.names[7]).unlink()
    for workers in (0, 2):
        with pytest.raises(DataError, match=f"{images.names[7]}: it cannot be opened"):
            list(images.loader(np.arange(12), 4, workers))


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([(32, 32)] * 5, (32, 32)),
        ([(96, 256)] * 5, (96, 256)),
        ([(300, 300)] * 5, (224, 224)),
        ([(100, 200), (110, 90), (500, 400)], (96, 96)),
        ([(20, 30), (25, 40), (21, 21)], (21, 21)),
        ([(1, 5000)], (1, 1)),
        ([], (32, 32)),
    ],
)
def test_the_rule_of_the_size(sizes, expected):
    found, why = target_size(np.array(sizes, dtype=np.int32).reshape(-1, 2))
    assert found == expected
    assert why
    assert target_size(np.zeros((0, 2)), ImageSettings(size=(7, 9)))[0] == (7, 9)


def test_grey_images_have_one_channel_only_when_all_are_grey(tmp_path):
    put(tmp_path, "a/1.png", "b/1.png", data=png(smooth()[..., 0]))
    assert assay.read(tmp_path).images.shape == (1, 24, 32)
    put(tmp_path, "b/2.png", data=png(smooth()))
    assert assay.read(tmp_path).images.shape == (3, 24, 32)


def test_luma_is_pillows():
    image = pattern(40, 40)
    found = with_channels(torch.from_numpy(image).permute(2, 0, 1), 1)
    np.testing.assert_array_equal(found[0], np.asarray(Image.fromarray(image).convert("L")))


@pytest.mark.parametrize("size", [(1, 1), (1, 10_000), (10_000, 1), (13, 500), (300, 7)])
@pytest.mark.parametrize("fit", ["crop", "pad", "squash"])
def test_any_shape_fits(size, fit):
    image = torch.full((1, 3, *size), 200, dtype=torch.uint8)
    found = fitted(image, 24, 32, fit)
    assert found.shape == (1, 3, 24, 32)
    assert found.dtype == torch.uint8
    assert (found == 200).all() if fit != "pad" else (found == 200).any()


def test_a_crop_is_the_centre_and_a_pad_keeps_all():
    image = torch.zeros(1, 1, 10, 30, dtype=torch.uint8)
    image[..., 10:20] = 255
    assert (fitted(image, 10, 10, "crop") == 255).all()
    padded = fitted(image, 30, 30, "pad")
    assert (padded[..., :10, :] == 0).all()
    assert torch.equal(padded[..., 10:20, :], image)


@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
def test_scaling_does_not_depend_on_the_layout_or_the_batch(layout):
    images = torch.from_numpy(np.stack([pattern(50, 41, seed) for seed in range(4)])).permute(0, 3, 1, 2)
    expected = torch.cat([fitted(image[None], 24, 24) for image in images])
    assert torch.equal(fitted(images.contiguous(memory_format=layout), 24, 24), expected)


def test_arrays_and_tensors_of_every_layout():
    stack = np.stack([pattern(8, 9, seed) for seed in range(4)])
    like = ImageFormat(3, 8, 9)
    expected = torch.from_numpy(stack).permute(0, 3, 1, 2)
    for source in (
        stack,
        expected,
        expected.numpy(),
        stack / 255,
        torch.from_numpy(stack),
        stack.astype(int),
    ):
        assert torch.equal(as_images(source, like).tensor_NCHW, expected)
    assert torch.equal(as_images(stack[0], like).tensor_NCHW, expected[:1])
    assert torch.equal(as_images(expected[0], like).tensor_NCHW, expected[:1])
    grey = as_images(stack[..., 0], ImageFormat(1, 8, 9))
    assert torch.equal(grey.tensor_NCHW[:, 0], torch.from_numpy(stack[..., 0].copy()))


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (np.zeros((4, 8, 9, 7), np.uint8), "no axis of"),
        (np.zeros((0, 8, 9, 3), np.uint8), "first axis is 0"),
        (np.zeros((4, 8, 0, 3), np.uint8), "holds no images"),
        (np.zeros((4,), np.uint8), "holds no images"),
        (np.full((4, 8, 8, 3), 1e9), "go from 1e[+]09"),
        (np.full((4, 8, 8, 3), np.nan), "go from nan"),
        (np.full((4, 8, 8, 3), 700), "go from 700"),
        ([], "there are no images"),
        ([b"words"], "image 0: it holds text"),
        ([None], "image 0: NoneType is no image|image 0: "),
        (["gone.png"], "gone.png: it cannot be opened"),
        ("gone.png", "there is no file or folder gone.png"),
        (7, "images cannot be made of int"),
    ],
)
def test_what_holds_no_images_is_refused(source, reason):
    with pytest.raises(DataError, match=reason):
        as_images(source, ImageFormat(3, 8, 8))


def test_predicting_a_folder_takes_every_image_below_it(tmp_path):
    put(classes(tmp_path), "deep/er/x.png", "top.png")
    put(tmp_path, "notes.txt", "cat/list.csv", data=b"words")
    put(tmp_path, "cat/named wrongly", data=png())
    assert len(as_images(tmp_path, ImageFormat(3, 8, 8))) == 9
    put(tmp_path, "cat/broken.png", data=b"words")
    with pytest.raises(DataError, match=r"1 of 10 images cannot be read: cat/broken.png: it holds text"):
        as_images(tmp_path, ImageFormat(3, 8, 8))


def test_the_format_is_plain_json():
    like = ImageFormat(3, 24, 32, "pad")
    assert ImageFormat.from_json(like.to_json()) == like
    for damage in ({"channels": 2}, {"height": 0}, {"fit": "stretch"}, {"width": None}):
        with pytest.raises(BundleError, match="image format"):
            ImageFormat.from_json(like.to_json() | damage)


def test_facts_of_images(tmp_path):
    put(tmp_path, "a/black.png", data=png(np.zeros((8, 16, 3), np.uint8)))
    put(tmp_path, "b/red.png", data=png(np.full((8, 16, 3), (255, 0, 0), np.uint8)))
    put(tmp_path, "b/sharp.jpg", data=jpeg(np.kron(np.indices((4, 8)).sum(0) % 2, np.ones((2, 2)))
                                          .astype(np.uint8) * 255))  # fmt: skip
    table = assay.read(tmp_path)
    facts = image_facts(table)
    assert facts["width"].to_list() == [16] * 3
    assert facts["aspect"].to_list() == [2.0] * 3
    assert facts["format"].to_list() == ["PNG", "PNG", "JPEG"]
    assert facts["mode"].to_list() == ["RGB", "RGB", "L"]
    assert facts["bytes"].to_list() == [(tmp_path / name).stat().st_size for name in table.frame["image"]]
    assert facts["brightness"].to_list() == pytest.approx([0, 0.299, 0.5], abs=0.02)
    assert facts["saturation"].to_list() == pytest.approx([0, 1, 0], abs=1e-6)
    assert facts["sharpness"][2] > 0.5 > facts["sharpness"][1]
    assert facts["contrast"][1] == pytest.approx(0, abs=1e-6)


def test_the_original_is_as_in_the_file(folder):
    images = read_images(folder, settings=ImageSettings(size=8)).table.images
    row = images.names.index("a/2.png")
    assert images.original(row).size == (64, 64)
    np.testing.assert_array_equal(np.asarray(images.original(row)), pattern(64, 64, 2))

"""Every kind of image becomes the same uint8 pixels, and what is no image is refused with its reason."""

from __future__ import annotations

import io

import numpy as np
import pytest
import torch
from bad_images import (
    BROKEN,
    animation,
    bomb_png,
    broken_exif,
    encoded,
    jpeg,
    pattern,
    png,
    smooth,
    with_orientation,
)
from PIL import Image, ImageOps

from assay.core.errors import DataError
from assay.data.images.arrays import one_image
from assay.data.images.decoding import decoded
from assay.data.images.headers import opened, read_header


def pixels(data: bytes) -> np.ndarray:
    """(H, W, C)"""
    return decoded(data).permute(1, 2, 0).numpy()


@pytest.mark.parametrize("name", BROKEN)
def test_broken_files_are_refused_with_the_reason(name):
    data, reason = BROKEN[name]
    with pytest.raises(DataError, match=reason):
        decoded(data)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "HSV", "I;16"])
def test_every_mode_has_eight_bits_and_one_or_three_channels(mode):
    grey = Image.fromarray(smooth()[..., 0])
    image = Image.fromarray(smooth()).convert("RGB")
    if mode == "I;16":
        image = Image.fromarray(smooth()[..., 0].astype(np.uint16) * 257)
    elif mode in {"1", "L", "LA"}:
        image = grey.convert(mode)
    elif mode == "LAB":
        image = Image.new("LAB", (32, 24), (128, 128, 128))
    else:
        image = image.convert(mode)
    kind = "TIFF" if mode in {"CMYK", "YCbCr", "LAB"} else "PNG"
    if mode == "HSV":
        found = one_image(image, 10**6).permute(1, 2, 0).numpy()
    else:
        found = pixels(encoded(image, kind))
    assert found.dtype == np.uint8
    assert found.shape == (24, 32, 1 if mode in {"1", "L", "LA", "I;16"} else 3)
    if mode in {"L", "LA", "I;16"}:
        np.testing.assert_array_equal(found[..., 0], smooth()[..., 0])
    if mode in {"RGB", "RGBA"}:
        np.testing.assert_array_equal(found, smooth())


def test_sixteen_bits_are_scaled_and_not_cut():
    values = np.array([[0, 257, 32896, 65535]], dtype=np.uint16)
    assert pixels(encoded(Image.fromarray(values)))[..., 0].tolist() == [[0, 1, 128, 255]]


@pytest.mark.parametrize("alpha", [0, 255])
def test_transparent_is_white(alpha):
    image = np.dstack([smooth(), np.full((24, 32), alpha, np.uint8)])
    expected = smooth() if alpha else np.full((24, 32, 3), 255)
    np.testing.assert_array_equal(pixels(encoded(Image.fromarray(image))), expected)


def test_a_transparent_palette_colour_is_white():
    image = Image.new("P", (4, 2), 0)
    image.putpalette([10, 20, 30, 200, 100, 50])
    image.putpixel((0, 0), 1)
    found = pixels(encoded(image, transparency=0))
    assert found[0, 0].tolist() == [200, 100, 50]
    assert (found[1] == 255).all()


def test_cmyk_jpeg_is_colour():
    data = encoded(Image.fromarray(smooth()).convert("CMYK"), "JPEG", quality=95)
    assert abs(pixels(data).astype(int) - smooth()).mean() < 12
    assert read_header(data).mode == "CMYK"


@pytest.mark.parametrize("number", range(1, 9))
def test_exif_orientation_is_applied_as_pillow_does(number):
    data = with_orientation(number)
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    np.testing.assert_array_equal(pixels(data), np.asarray(upright))
    header = read_header(data)
    assert (header.width, header.height, header.orientation) == (*upright.size, number)


def test_a_turned_png_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    data = encoded(Image.fromarray(pattern()), exif=exif)
    np.testing.assert_array_equal(pixels(data), np.rot90(pattern(), -1))


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_broken_exif_is_no_reason_to_refuse():
    np.testing.assert_array_equal(pixels(broken_exif()), pixels(jpeg()))


def test_of_an_animation_the_first_frame_counts():
    assert abs(pixels(animation()).astype(int) - 250).max() <= 2
    assert read_header(animation()).frames == 3


@pytest.mark.parametrize("shape", [(1, 1), (1, 5000), (5000, 1), (7, 3)])
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_odd_shapes(shape, kind):
    data = encoded(Image.fromarray(np.full((*shape, 3), 77, np.uint8)), kind)
    assert pixels(data).shape == (*shape, 3)
    assert abs(pixels(data).astype(int) - 77).max() <= 1


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 0}, {"subsampling": 2}])
def test_jpeg_has_pillows_pixels(options):
    data = jpeg(pattern(61, 47), **options)
    image = opened(data)
    image.load()
    np.testing.assert_array_equal(pixels(data), np.asarray(image))


def test_the_pixels_of_a_file_and_of_its_pillow_image_and_array_are_the_same():
    for data in (jpeg(), png(), with_orientation(6)):
        image = Image.open(io.BytesIO(data))
        assert torch.equal(decoded(data), one_image(image, 10**6))
        assert torch.equal(decoded(data), one_image(pixels(data), 10**6))
        assert torch.equal(decoded(data), one_image(decoded(data), 10**6))


def test_a_bomb_of_an_image_in_memory_is_refused_before_it_is_decoded():
    with pytest.raises(DataError, match="more than max_pixels"):
        one_image(opened(bomb_png()), 10**6)


def test_any_cut_and_any_changed_byte_is_an_image_or_a_reason():
    random = np.random.default_rng(0)
    for data in (png(), jpeg(), animation(), encoded(Image.fromarray(pattern()), "TIFF")):
        for _ in range(60):
            damaged = bytearray(data)
            for place in random.integers(0, len(data), 3):
                damaged[place] = random.integers(256)
            damaged = damaged[: random.integers(1, len(data) + 1)]
            try:
                found = decoded(bytes(damaged), 10**6)
            except DataError as error:
                assert error.message
            else:
                assert found.dtype == torch.uint8
                assert found.shape[0] in {1, 3}

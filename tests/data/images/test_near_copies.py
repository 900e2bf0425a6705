"""Which pairs of images are taken for copies of each other."""

import numpy as np
import pytest
import torch

from assay.data.images.fingerprints import Fingerprints
from assay.data.images.near_copies import near_copies
from textures_made import brighter, compressed, grey, mirror, textures

IMAGES = textures(80)


def prints(images: np.ndarray) -> Fingerprints:
    return Fingerprints.of_batch(torch.from_numpy(np.ascontiguousarray(images)).permute(0, 3, 1, 2))


def test_fingerprints_hold_the_channels_statistics():
    found = prints(IMAGES)
    np.testing.assert_allclose(found.channel_mean, IMAGES.mean(axis=(0, 1, 2)) / 255, rtol=1e-5)
    np.testing.assert_allclose(found.channel_std, IMAGES.std(axis=(0, 1, 2)) / 255, rtol=1e-4)
    assert len(set(found.digests.tolist())) == len(IMAGES)
    assert not found.is_blank.any()


@pytest.mark.parametrize("change", [compressed, brighter, grey])
def test_changed_copies_are_found_and_nothing_else(change):
    found = near_copies(prints(np.concatenate([IMAGES, [change(image) for image in IMAGES[:20]]])))
    assert {tuple(pair) for pair in found.pairs.tolist()} == {(row, 80 + row) for row in range(20)}
    assert not found.is_mirrored.any()
    assert (found.likeness >= 0.8).all()


def test_mirrored_copies_are_found_and_named():
    found = near_copies(prints(IMAGES), prints(np.stack([mirror(image) for image in IMAGES[:10]])))
    assert {tuple(pair) for pair in found.pairs.tolist()} == {(row, row) for row in range(10)}
    assert found.is_mirrored.all()


def test_a_copy_at_another_size_is_found():
    large = textures(5, side=64, seed=9)
    small = large.reshape(5, 32, 2, 32, 2, 3).mean(axis=(2, 4)).astype(np.uint8)
    found = near_copies(prints(large), prints(small))
    assert {tuple(pair) for pair in found.pairs.tolist()} == {(row, row) for row in range(5)}
    assert found.is_close.all()


def test_images_with_equal_pixels_are_no_near_copies():
    twice = prints(np.concatenate([IMAGES, IMAGES[:5], [compressed(IMAGES[0])]]))
    assert {tuple(pair) for pair in near_copies(twice).pairs.tolist()} == {(0, 85)}
    assert len(near_copies(prints(IMAGES), prints(IMAGES))) == 0


def test_blank_images_are_like_nothing():
    blank = np.stack([np.full((32, 32, 3), level, dtype=np.uint8) for level in range(0, 200, 5)])
    found = prints(blank)
    assert found.is_blank.all()
    assert len(near_copies(found)) == 0


def test_where_all_images_look_alike_only_close_ones_count():
    random = np.random.default_rng(0)
    template = textures(1, seed=4)[0] * 0.6 + 40
    alike = [np.clip(template + random.normal(0, 14, template.shape), 0, 255) for _ in range(60)]
    images = np.concatenate([alike, [compressed(image.astype(np.uint8), 95) for image in alike[:4]]])
    found = near_copies(prints(images.astype(np.uint8)))
    assert found.look_alikes > 30
    assert {tuple(pair) for pair in found.pairs.tolist()} == {(row, 60 + row) for row in range(4)}

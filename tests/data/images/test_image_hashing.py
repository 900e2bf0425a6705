"""Perceptual hashes, and the search for pairs that nearly agree."""

import numpy as np
import pytest

from assay.data.images import hashing
from assay.data.images.hashing import different_bits, mirrored, perceptual_hashes, similar_pairs
from textures_made import brighter, compressed, textures

IMAGES = textures(60)


def hashes(images: np.ndarray) -> np.ndarray:
    return perceptual_hashes(images.mean(axis=3))


def brute_force(one: np.ndarray, other: np.ndarray, most: int) -> set[tuple[int, int]]:
    differ = np.unpackbits(one[:, None] ^ other[None], axis=2).sum(axis=2)
    return set(zip(*(rows.tolist() for rows in np.nonzero(differ <= most)), strict=True))


@pytest.mark.parametrize("change", [compressed, brighter])
def test_a_copy_keeps_nearly_all_bits_and_another_image_does_not(change):
    own = different_bits(hashes(IMAGES), hashes(np.stack([change(image) for image in IMAGES])))
    others = different_bits(hashes(IMAGES[:-1]), hashes(IMAGES[1:]))
    assert own.max() <= 10
    assert others.min() >= 15
    assert others.mean() == pytest.approx(31.5, abs=3)


def test_the_hash_of_a_mirrored_image_is_known_without_it():
    np.testing.assert_array_equal(mirrored(hashes(IMAGES)), hashes(IMAGES[:, :, ::-1]))
    np.testing.assert_array_equal(mirrored(mirrored(hashes(IMAGES))), hashes(IMAGES))


def planted(seed: int) -> np.ndarray:
    """600 hashes, of which 200 are others with up to 6 bits turned over."""
    random = np.random.default_rng(seed)
    found = random.integers(0, 256, (600, 8), dtype=np.uint8)
    bits = np.unpackbits(found[:200], axis=1)
    for row in bits:
        row[random.choice(64, random.integers(0, 7), replace=False)] ^= 1
    found[400:] = np.packbits(bits, axis=1)
    return found


@pytest.mark.parametrize("seed", range(3))
def test_all_pairs_within_six_bits_are_found(seed):
    found = planted(seed)
    among = {pair for pair in brute_force(found, found, 6) if pair[0] < pair[1]}
    assert len(among) >= 200
    assert set(map(tuple, similar_pairs(found, most=6).tolist())) == among
    across = similar_pairs(found[:400], found[400:], most=6)
    assert set(map(tuple, across.tolist())) == brute_force(found[:400], found[400:], 6)


def test_three_bytes_a_table_find_all_within_five_bits(monkeypatch):
    monkeypatch.setattr(hashing, "_LARGE", 100)
    found = planted(5)
    wanted = {pair for pair in brute_force(found, found, 5) if pair[0] < pair[1]}
    assert set(map(tuple, similar_pairs(found, most=5).tolist())) == wanted


def test_equal_hashes_by_the_thousand_are_paired_but_not_all_with_all(monkeypatch):
    monkeypatch.setattr(hashing, "_COMPARED", 20_000)
    same = np.zeros((2_000, 8), dtype=np.uint8)
    found = similar_pairs(same)
    assert len(found) <= 40_000
    assert set(found.reshape(-1).tolist()) == set(range(2_000))
    assert (found[:, 0] < found[:, 1]).all()


@pytest.mark.parametrize(("one", "other"), [(0, None), (1, None), (0, 3), (3, 0)])
def test_next_to_nothing_has_no_pairs(one, other):
    found = planted(0)
    assert similar_pairs(found[:one], None if other is None else found[300 : 300 + other]).shape == (0, 2)

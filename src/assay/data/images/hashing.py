"""Perceptual hashes: 64 bits that stay nearly the same when an image is compressed, resized or recoloured.

The hash is the signs of the 8 x 8 lowest frequencies of a 32 x 32 grey image's cosine transform but for the
constant (pHash, Zauner 2010, with 0 in the median's place, so that mirroring an image turns known bits over).
Pairs are looked for in tables of whole bytes that two hashes share (multi-index hashing, Norouzi, Punjani and
Fleet 2012), so that no more than a small share of all pairs is ever compared.

Suffixes: N images, P pairs.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

SIDE = 32  # pixels of the grey image that is hashed
_FREQUENCIES = 8
_BYTES = 8
_LARGE = 200_000  # images, from which on a table goes by three bytes: buckets stay small
_MOST_DIFFERENT = 14  # bits: of 331 near copies in CIFAR-10 99 % differ in no more
_COMPARED = (
    5_000_000  # pairs of one table; where buckets are large, each image meets its next neighbours only
)
_FOUND = 1_000_000  # pairs, after which no more tables are made: nearly all images are alike then
_BITS_SET = np.array([number.bit_count() for number in range(1 << 16)], dtype=np.uint8)


def perceptual_hashes(grey_NHW: np.ndarray) -> np.ndarray:
    """(N, 8) uint8, 64 bits an image, of grey images (N, 32, 32)."""
    cosines = _cosines()
    coefficients = np.einsum("ij,njk,lk->nil", cosines, grey_NHW.astype(np.float32), cosines, optimize=True)
    signs = coefficients.reshape(len(grey_NHW), -1) > 0
    signs[:, 0] = False  # the mean, which says nothing
    return np.packbits(signs, axis=1)


def mirrored(hashes: np.ndarray) -> np.ndarray:
    """(N, 8) the hashes of the mirrored images: odd horizontal frequencies change their sign."""
    odd = np.tile(np.arange(_FREQUENCIES) % 2, _FREQUENCIES).astype(np.uint8)
    return hashes ^ np.packbits(odd)


def different_bits(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """(P,) how many of 64 bits differ between hashes (P, 8) and (P, 8)."""
    return np.asarray(_BITS_SET[(one ^ other).view(np.uint16)].sum(axis=1, dtype=np.int64))


def similar_pairs(
    hashes: np.ndarray, others: np.ndarray | None = None, most: int = _MOST_DIFFERENT
) -> np.ndarray:
    """Pairs of hashes that differ in few bits.

    All pairs that differ in six bits or fewer are found (five from 200,000 images on), of the others most.
    Where thousands of hashes share their bytes, each is compared with many, and not with all; and of more
    than a million pairs the most alike are given, which bounds memory and time.

    Args:
        hashes: (N, 8) uint8.
        others: (M, 8); None: pairs among `hashes`.
        most: bits in which a pair may differ.

    Returns:
        (P, 2) int64 row numbers, each pair once and in order; among themselves the smaller number first.
    """
    second = hashes if others is None else others
    num_bytes = 3 if max(len(hashes), len(second)) >= _LARGE else 2
    codes = np.empty(0, dtype=np.int64)
    for places in combinations(range(_BYTES), num_bytes):
        keys = _keys(hashes, places)
        if others is None:
            one, other = _sharing_among(keys)
        else:
            one, other = _sharing(keys, _keys(second, places))
        near = different_bits(hashes[one], second[other]) <= most
        codes = _distinct(np.concatenate([codes, one[near] * len(second) + other[near]]))
        if len(codes) > _FOUND:
            codes = _most_alike(codes, hashes, second)
            break
    return np.stack(np.divmod(codes, max(len(second), 1)), axis=1)


def _most_alike(codes: np.ndarray, hashes: np.ndarray, second: np.ndarray) -> np.ndarray:
    """As many of the pairs as are wanted, those that differ in the fewest bits; in their order."""
    one, other = np.divmod(codes, len(second))
    bits = different_bits(hashes[one], second[other]).astype(np.uint8)
    chosen = np.argsort(bits, kind="stable")[:_FOUND]
    return np.asarray(codes[np.sort(chosen)])


def _distinct(codes: np.ndarray) -> np.ndarray:
    """Ascending, each once; many times as quick as `np.unique`, which hashes."""
    ascending = np.sort(codes)
    distinct: np.ndarray = ascending[np.append(True, ascending[1:] != ascending[:-1])[: len(ascending)]]
    return distinct


def _cosines() -> np.ndarray:
    """(8, 32) the lowest frequencies of the type II cosine transform."""
    frequency, place = np.arange(_FREQUENCIES)[:, None], np.arange(SIDE)
    cosines: np.ndarray = np.cos(np.pi * frequency * (2 * place + 1) / (2 * SIDE)).astype(np.float32)
    return cosines


def _keys(hashes: np.ndarray, places: tuple[int, ...]) -> np.ndarray:
    """(N,) some bytes of each hash as one number."""
    keys = np.zeros(len(hashes), dtype=np.int64)
    for place in places:
        keys = keys << 8 | hashes[:, place]
    return keys


def _sharing_among(keys_N: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Row numbers of pairs with equal keys, the smaller number first."""
    order = np.argsort(keys_N, kind="stable")
    ascending = keys_N[order]
    begin = np.arange(1, len(order) + 1)
    first, second = _paired(begin, np.searchsorted(ascending, ascending, "right") - begin)
    one, other = order[first], order[second]
    return np.minimum(one, other), np.maximum(one, other)


def _sharing(keys_N: np.ndarray, keys_M: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Row numbers of pairs with equal keys."""
    order = np.argsort(keys_M, kind="stable")
    ascending = keys_M[order]
    begin = np.searchsorted(ascending, keys_N, "left")
    first, second = _paired(begin, np.searchsorted(ascending, keys_N, "right") - begin)
    return first, order[second]


def _paired(begin_N: np.ndarray, count_N: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each row with places `begin` to `begin + count`, fewer where there are too many."""
    num_rows = max(len(count_N), 1)
    counts = count_N if count_N.sum() <= _COMPARED else np.minimum(count_N, max(_COMPARED // num_rows, 16))
    rows = np.repeat(np.arange(len(counts)), counts)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    return rows, begin_N[rows] + within

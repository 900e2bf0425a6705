"""Pairs of images that show the same: recompressed, resized, recoloured or mirrored copies.

Candidates are pairs whose perceptual hashes nearly agree. A pair is a copy where both the grey images and
their edges (Laplacian) correlate, at 16 x 16 pixels. The edges tell two ships on the same sea apart from one
ship twice. Among the 50,000 training images of CIFAR-10, pairs with an edge correlation of 0.8 or more are
the same photograph; below 0.5 hardly any are.

Suffixes: N, M images, P pairs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assay.data.images.fingerprints import Fingerprints
from assay.data.images.hashing import SIDE, mirrored, similar_pairs

_GREY = 0.9  # correlation of the grey images from which on they may be the same
_EDGES = {False: 0.8, True: 0.9}  # and of their edges, by whether one is mirrored: chance has twice the tries
_RESIDUAL = 6.0  # grey levels that remain between close copies once brightness and contrast are matched
_COLOUR = 25.0  # levels by which the mean colours of close copies may differ
_MANY = 0.1  # of the images look like another: then it is the nature of these images
_CLOSE_SHARE = 0.25  # unless this share of the pairs is close
_CHUNK = 4096


@dataclass(frozen=True, eq=False)
class NearCopies:
    """Pairs that show the same, the most alike first.

    Attributes:
        pairs: (P, 2) row numbers.
        likeness: (P,) correlation of the edges, 0.8 (mirrored: 0.9) to 1.
        is_mirrored: (P,) whether one is the mirror image of the other.
        is_close: (P,) whether hardly more than compression tells them apart.
        look_alikes: images left out because images of this kind look alike by nature: only close pairs count.
    """

    pairs: np.ndarray
    likeness: np.ndarray
    is_mirrored: np.ndarray
    is_close: np.ndarray
    look_alikes: int = 0

    def __len__(self) -> int:
        return len(self.pairs)

    def take(self, pairs: np.ndarray, look_alikes: int = 0) -> NearCopies:
        """Some of the pairs."""
        return NearCopies(
            self.pairs[pairs],
            self.likeness[pairs],
            self.is_mirrored[pairs],
            self.is_close[pairs],
            look_alikes,
        )


def near_copies(prints: Fingerprints, others: Fingerprints | None = None) -> NearCopies:
    """The near copies among N images, or between N images and M others.

    Images with equal pixels are no near copies of each other; blank ones show nothing and are left out.

    Args:
        prints: of N images.
        others: of M images; None: pairs among the N, the smaller row number first.
    """
    is_among = others is None
    against = prints if others is None else others
    first = _distinct(prints)
    second = first if is_among else np.flatnonzero(~against.is_blank)
    found = []
    for flip in (False, True):
        pairs = _candidates(prints, against, (first, second), flip=flip, is_among=is_among)
        found.append(_verified(prints, against, pairs, flip))
    return _by_nature(_once(_joined(found)), len(against), is_among)


def _joined(found: Sequence[NearCopies]) -> NearCopies:
    return NearCopies(
        pairs=np.concatenate([one.pairs for one in found]),
        likeness=np.concatenate([one.likeness for one in found]),
        is_mirrored=np.concatenate([one.is_mirrored for one in found]),
        is_close=np.concatenate([one.is_close for one in found]),
    )


def _distinct(prints: Fingerprints) -> np.ndarray:
    """Row numbers of images that show something, one of those with equal pixels."""
    seen = np.unique(prints.digests, return_index=True)[1]
    return np.sort(seen[~prints.is_blank[seen]])


def _candidates(
    prints: Fingerprints,
    against: Fingerprints,
    rows: tuple[np.ndarray, np.ndarray],
    *,
    flip: bool,
    is_among: bool,
) -> np.ndarray:
    """(P, 2) row numbers of pairs whose hashes nearly agree, one of them mirrored where `flip` is true."""
    first, second = rows
    hashes, other_hashes = prints.hashes[first], against.hashes[second]
    if is_among and not flip:
        pairs = similar_pairs(hashes)
    else:
        pairs = similar_pairs(hashes, mirrored(other_hashes) if flip else other_hashes)
    found = np.stack([first[pairs[:, 0]], second[pairs[:, 1]]], axis=1)
    is_pair = (
        found[:, 0] < found[:, 1] if is_among else prints.digests[found[:, 0]] != against.digests[found[:, 1]]
    )
    candidates: np.ndarray = found[is_pair]
    return candidates


def _verified(prints: Fingerprints, against: Fingerprints, pairs: np.ndarray, flip: bool) -> NearCopies:
    """The candidates whose pixels say the same."""
    edges, is_close = np.empty(len(pairs)), np.empty(len(pairs), dtype=bool)
    for start in range(0, len(pairs), _CHUNK):
        some = pairs[start : start + _CHUNK]
        one, other = prints.grey[some[:, 0]], against.grey[some[:, 1]]
        other = other[:, :, ::-1] if flip else other
        half_one, half_other = _halved(one), _halved(other)
        grey = _correlation(half_one, half_other)
        edge = _correlation(_laplacian(half_one), _laplacian(half_other))
        edges[start : start + _CHUNK] = np.where(grey >= _GREY, edge, 0.0)
        colour = abs(prints.means[some[:, 0]] - against.means[some[:, 1]]).max(axis=1, initial=0.0)
        spread = one.reshape(len(some), -1).std(axis=1)
        fine = _correlation(one.astype(np.float32), other.astype(np.float32))
        residual = spread * np.sqrt(np.maximum(1.0 - fine**2, 0.0))
        is_close[start : start + _CHUNK] = (residual <= _RESIDUAL) & (colour <= _COLOUR)
    kept = edges >= _EDGES[flip]
    return NearCopies(pairs[kept], edges[kept], np.full(int(kept.sum()), flip), is_close[kept])


def _once(found: NearCopies) -> NearCopies:
    """Each pair once, as it is most alike; the most alike pair first."""
    order = np.lexsort((found.pairs[:, 1], found.pairs[:, 0], found.is_mirrored, -found.likeness.round(6)))
    ordered = found.take(order)
    first = np.unique(ordered.pairs, axis=0, return_index=True)[1] if len(ordered) else np.arange(0)
    return ordered.take(np.sort(first))


def _by_nature(found: NearCopies, num_images: int, is_among: bool) -> NearCopies:
    """Only close pairs where very many images look like another, as digits and X-rays do."""
    involved = found.pairs if is_among else found.pairs[:, 1:]
    alike = len(np.unique(involved))
    if alike < _MANY * num_images or found.is_close.mean() >= _CLOSE_SHARE:
        return found
    return found.take(np.flatnonzero(found.is_close), alike)


def _halved(grey_PHW: np.ndarray) -> np.ndarray:
    """(P, 16, 16) float32."""
    half = SIDE // 2
    return np.asarray(grey_PHW.reshape(-1, half, 2, half, 2).mean(axis=(2, 4), dtype=np.float32))


def _laplacian(grey_PHW: np.ndarray) -> np.ndarray:
    around = np.pad(grey_PHW, ((0, 0), (1, 1), (1, 1)), mode="edge")
    neighbours = around[:, :-2, 1:-1] + around[:, 2:, 1:-1] + around[:, 1:-1, :-2] + around[:, 1:-1, 2:]
    return np.asarray(4.0 * grey_PHW - neighbours)


def _correlation(one_PHW: np.ndarray, other_PHW: np.ndarray) -> np.ndarray:
    """(P,) Pearson's correlation of pixels; 0 where one has no spread."""
    one, other = (values.reshape(len(values), -1) for values in (one_PHW, other_PHW))
    one, other = one - one.mean(axis=1, keepdims=True), other - other.mean(axis=1, keepdims=True)
    spread = np.sqrt((one**2).sum(axis=1) * (other**2).sum(axis=1))
    return np.asarray(np.einsum("ij,ij->i", one, other) / np.maximum(spread, 1e-6))

"""Training images beside held-out images: which of these show what a training image shows.

Suffixes: N training images, M held-out images, P pairs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from assay.core.errors import DataError
from assay.data.images.fingerprints import Fingerprints
from assay.data.images.near_copies import NearCopies, near_copies
from assay.data.table import Table
from assay.diagnosis.leaks.pair import Pair


@dataclass(frozen=True, eq=False)
class ImagePair:
    """Two parts of one set of images.

    Attributes:
        pair: their rows; the name of the part is there.
        train: fingerprints of the training images.
        held_out: fingerprints of the other images, handed out in the same shape.
    """

    pair: Pair
    train: Fingerprints
    held_out: Fingerprints

    @classmethod
    def of(cls, train: Table, held_out: Table, part: str, known: Fingerprints | None = None) -> Self:
        """Look at the images of both parts.

        Args:
            train: the training rows, with images.
            held_out: the other rows, with images; they are looked at in the shape of the training images.
            part: what the others are called.
            known: fingerprints of the training images, where somebody looked at them already.

        Raises:
            DataError: a part has no images, or one can no longer be read.
        """
        if train.images is None or held_out.images is None:
            name = train.name if train.images is None else held_out.name
            raise DataError("there are no images, and the other part has some", where=name)
        alike = held_out.images.at_size(*train.images.shape[1:])
        prints = Fingerprints.of(train.images) if known is None else known
        return cls(Pair.of(train, held_out, part), prints, Fingerprints.of(alike))

    @property
    def is_labelled(self) -> bool:
        """Whether both parts have labels; without, copies are taken to have the same."""
        name, tables = self.pair.target, (self.pair.train, self.pair.held_out)
        return bool(name) and not any(table.frame[name].null_count() for table in tables)

    @property
    def is_same(self) -> bool:
        """Whether both parts hold the same images in the same order."""
        return np.array_equal(self.train.digests, self.held_out.digests)

    @cached_property
    def equal(self) -> Match:
        """Held-out images with the pixels of a training image; blank ones show nothing and are left out."""
        train_N = np.flatnonzero(~self.train.is_blank)
        held_out_M = np.flatnonzero(~self.held_out.is_blank)
        order = train_N[np.argsort(self.train.digests[train_N], kind="stable")]
        ascending = self.train.digests[order]
        wanted = self.held_out.digests[held_out_M]
        begin, end = np.searchsorted(ascending, wanted, "left"), np.searchsorted(ascending, wanted, "right")
        counts = end - begin
        rows = np.repeat(held_out_M, counts)
        within = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
        return self._match(order[np.repeat(begin, counts) + within], rows)

    @cached_property
    def near(self) -> Match:
        """Held-out images that are near copies of training images, the equal ones left out."""
        found = self.near_pairs
        is_new = ~(self.equal.same | self.equal.other)[found.pairs[:, 1]]
        return self._match(found.pairs[is_new, 0], found.pairs[is_new, 1])

    @cached_property
    def near_pairs(self) -> NearCopies:
        """Training images and held-out images that are near copies."""
        return near_copies(self.train, self.held_out)

    @cached_property
    def equal_in_training(self) -> np.ndarray:
        """(N,) training images whose pixels another training image has."""
        _, place, counts = np.unique(self.train.digests, return_inverse=True, return_counts=True)
        return np.asarray((counts[place] > 1) & ~self.train.is_blank)

    @cached_property
    def near_in_training(self) -> NearCopies:
        """Pairs of training images that are near copies."""
        return near_copies(self.train)

    def _match(self, train_P: np.ndarray, held_out_P: np.ndarray) -> Match:
        """Pairs by whether their targets agree; a row that has both kinds agrees."""
        agree = np.ones(len(train_P), dtype=bool)
        if self.is_labelled:
            train_N, held_out_M = self.pair.targets
            agree = train_N[train_P] == held_out_M[held_out_P]
        same, other = (np.zeros(self.pair.num_held_out, dtype=bool) for _ in range(2))
        partners = np.full(self.pair.num_held_out, -1)
        partners[held_out_P[::-1]] = train_P[::-1]  # the first pair of a row, the most alike, is what stays
        other[held_out_P[~agree]] = True
        partners[held_out_P[agree][::-1]] = train_P[agree][::-1]
        same[held_out_P[agree]] = True
        return Match(same, other & ~same, partners)


@dataclass(frozen=True, eq=False)
class Match:
    """Held-out images that show what a training image shows.

    Attributes:
        same: (M,) with the same target.
        other: (M,) with another target only.
        partners: (M,) the training image, or -1.
    """

    same: np.ndarray
    other: np.ndarray
    partners: np.ndarray

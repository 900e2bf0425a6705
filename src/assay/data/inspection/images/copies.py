"""Images that show the same: equal pixels, and near copies; in groups, with their labels and parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from assay.data.images.fingerprints import Fingerprints
from assay.data.images.near_copies import NearCopies, near_copies


@dataclass(frozen=True)
class CopyGroup:
    """Images that show the same.

    Attributes:
        rows: row numbers from 0, ascending.
        is_exact: whether all pixels are equal.
        likeness: of the edges of the most alike pair, 1 for equal pixels.
        is_mirrored: whether a pair among them is each other's mirror image.
    """

    rows: tuple[int, ...]
    is_exact: bool
    likeness: float = 1.0
    is_mirrored: bool = False

    @property
    def repeats(self) -> int:
        """Images that would be left out to keep one."""
        return len(self.rows) - 1


@dataclass(frozen=True, eq=False)
class Copies:
    """All copies in a set of images.

    Attributes:
        exact: groups of equal pixels, the largest first; blank images are in none.
        near: groups of near copies, the most alike first.
        blank: row numbers of images of one colour.
        look_alikes: images that look like another, where that is the nature of the set.
    """

    exact: tuple[CopyGroup, ...]
    near: tuple[CopyGroup, ...]
    blank: tuple[int, ...]
    look_alikes: int = 0

    @property
    def groups(self) -> tuple[CopyGroup, ...]:
        """All groups, the equal ones first."""
        return self.exact + self.near

    def of_other_labels(self, labels: Sequence[Any]) -> tuple[CopyGroup, ...]:
        """The groups that hold more than one label.

        Args:
            labels: of each row.
        """
        return tuple(group for group in self.groups if len({labels[row] for row in group.rows}) > 1)

    def across(self, parts: Mapping[int, str]) -> tuple[CopyGroup, ...]:
        """The groups that stand in more than one part.

        Args:
            parts: name of its part by row number.
        """
        return tuple(
            group for group in self.groups if len({parts[row] for row in group.rows if row in parts}) > 1
        )


def find_copies(prints: Fingerprints) -> Copies:
    """Look for copies among the images that these fingerprints are of."""
    is_blank = prints.is_blank
    order = np.argsort(prints.digests, kind="stable")
    starts = np.flatnonzero(np.append(True, np.diff(prints.digests[order]) != 0))
    groups = [np.sort(rows) for rows in np.split(order, starts[1:]) if len(rows) > 1]
    exact = [CopyGroup(tuple(rows.tolist()), True) for rows in groups if not is_blank[rows[0]]]
    pairs = near_copies(prints)
    return Copies(
        tuple(sorted(exact, key=lambda group: (-len(group.rows), group.rows))),
        _components(pairs, len(prints)),
        tuple(np.flatnonzero(is_blank).tolist()),
        pairs.look_alikes,
    )


def _components(found: NearCopies, num_images: int) -> tuple[CopyGroup, ...]:
    """Near copies of near copies belong together."""
    if not len(found):
        return ()
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ones = np.ones(len(found), dtype=np.int8)
    graph = coo_array((ones, (found.pairs[:, 0], found.pairs[:, 1])), shape=(num_images, num_images))
    number = connected_components(graph, directed=False)[1][found.pairs[:, 0]]
    order = np.argsort(number, kind="stable")  # inside a group the most alike pair stays first
    starts = np.flatnonzero(np.append(True, np.diff(number[order]) != 0))
    groups = [_near_group(found.take(pairs)) for pairs in np.split(order, starts[1:])]
    return tuple(sorted(groups, key=lambda group: (-group.likeness, group.rows)))


def _near_group(found: NearCopies) -> CopyGroup:
    rows = np.unique(found.pairs).tolist()
    return CopyGroup(tuple(rows), False, round(float(found.likeness[0]), 4), bool(found.is_mirrored.any()))

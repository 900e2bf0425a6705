"""What a reader knows of images beside their pixels; it goes with them wherever rows are taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from assay.data.images.image_format import ImageFormat
from assay.data.images.settings import ImageSettings
from assay.data.images.source_parts import Broken

PARTS = ("train", "validation", "test")
_NO_PART = -1


@dataclass(frozen=True, eq=False)
class Origin:
    """Where N images come from.

    Attributes:
        settings: with which they were read.
        is_grey: (N,) bool; whether the file of each has no colour.
        part: (N,) int8; the official part of each as its place in `PARTS`, -1 where it has none.
        notes: what was noticed before the size was decided.
        broken: images that were left out.
        is_checked: whether each was decoded once, so that none fails later.
    """

    settings: ImageSettings
    is_grey: np.ndarray
    part: np.ndarray
    notes: tuple[str, ...] = ()
    broken: tuple[Broken, ...] = ()
    is_checked: bool = False

    @property
    def parts(self) -> dict[str, np.ndarray]:
        """Row numbers of each official part; empty where there are none."""
        rows = {part: np.flatnonzero(self.part == place) for place, part in enumerate(PARTS)}
        return {part: numbers for part, numbers in rows.items() if len(numbers)}

    def take(self, rows: np.ndarray) -> Origin:
        """That of these row numbers."""
        return replace(self, is_grey=self.is_grey[rows], part=self.part[rows])

    def stating(self, format: ImageFormat) -> Origin:
        """The same for images that somebody has brought to this format, which is kept from then on."""
        size = (format.height, format.width)
        changes = {"size": size, "channels": format.channels, "fit": format.fit}
        return replace(self, settings=self.settings.model_copy(update=changes))


def part_numbers(parts: Mapping[str, np.ndarray], count: int) -> np.ndarray:
    """(count,) int8 for `Origin.part` of the row numbers of each part."""
    part_N = np.full(count, _NO_PART, dtype=np.int8)
    for place, name in enumerate(PARTS):
        part_N[parts.get(name, [])] = place
    return part_N

"""What the files say about themselves: sizes, formats, modes, orientation."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

_SIZES = 10  # of the commonest sizes in the record
GREY = frozenset({"1", "L", "LA", "La", "I", "I;16", "I;16B", "I;16L", "F"})
DEEP = frozenset({"I", "I;16", "I;16B", "I;16L", "F"})
_WORDS = {
    "1": "black and white",
    "L": "grey",
    "LA": "grey with transparency",
    "P": "palette",
    "PA": "palette with transparency",
    "RGB": "RGB",
    "RGBA": "RGB with transparency",
    "RGBX": "RGB with padding",
    "CMYK": "CMYK",
    "I": "grey of 32 bits",
    "F": "floating point",
}


@dataclass(frozen=True, eq=False)
class Makeup:
    """Headers of N images.

    Attributes:
        formats: (N,) JPEG, PNG, ...; empty text for arrays.
        modes: (N,) Pillow's modes.
        sizes: (N, 2) width and height as shown, EXIF orientation applied.
        orientations: (N,) EXIF orientation, 1 is upright.
        frames: (N,) of an animation or a file of several pages.
    """

    formats: tuple[str, ...]
    modes: tuple[str, ...]
    sizes: np.ndarray
    orientations: np.ndarray
    frames: np.ndarray

    @classmethod
    def of(cls, facts: pl.DataFrame) -> Makeup:
        """What `image_facts` found in the headers."""
        return cls(
            tuple(facts["format"]),
            tuple(facts["mode"]),
            facts.select("width", "height").to_numpy().astype(np.int64),
            facts["orientation"].to_numpy(),
            facts["frames"].to_numpy(),
        )

    @property
    def is_turned(self) -> np.ndarray:
        """(N,) whether EXIF says that the image is to be turned or mirrored."""
        return np.asarray(self.orientations != 1)

    def rows_of_modes(self, modes: frozenset[str]) -> np.ndarray:
        """Row numbers of images in one of these modes."""
        return np.flatnonzero([mode in modes for mode in self.modes])

    def to_json(self) -> dict[str, Any]:
        """Counts, the commonest first."""
        widths, heights = self.sizes.T
        sizes = Counter(map(tuple, self.sizes.tolist())).most_common()
        return {
            "sizes": {
                "width": _spread(widths),
                "height": _spread(heights),
                "different": len(sizes),
                "commonest": [
                    {"width": width, "height": height, "count": count}
                    for (width, height), count in sizes[:_SIZES]
                ],
            },
            "formats": dict(Counter(self.formats).most_common()),
            "modes": dict(Counter(self.modes).most_common()),
            "orientations": {
                str(number): count for number, count in sorted(Counter(self.orientations.tolist()).items())
            },
        }


def mode_words(mode: str) -> str:
    """A mode as a person says it."""
    return "grey of 16 bits" if mode.startswith("I;16") else _WORDS.get(mode, mode)


def _spread(values: np.ndarray) -> dict[str, float]:
    return {"min": int(values.min()), "median": float(np.median(values)), "max": int(values.max())}

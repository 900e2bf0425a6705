"""The shape that images are handed out in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self, cast, get_args

from assay.core.errors import BundleError
from assay.data.images.settings import Fit


@dataclass(frozen=True)
class ImageFormat:
    """Channels and size of images, and how another size is brought to it.

    Attributes:
        channels: 1 (grey) or 3 (red, green, blue).
        height: pixels.
        width: pixels.
        fit: how an image of another size is made to fit.
        max_pixels: of an image file; larger ones are refused.
    """

    channels: int
    height: int
    width: int
    fit: Fit = "crop"
    max_pixels: int = 89_478_485

    @property
    def shape(self) -> tuple[int, int, int]:
        """(channels, height, width)."""
        return self.channels, self.height, self.width

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """The format that `to_json` wrote.

        Raises:
            BundleError: values are missing or are none that a format has.
        """
        try:
            channels, height, width = (int(values[name]) for name in ("channels", "height", "width"))
            fit, max_pixels = values.get("fit", "crop"), int(values.get("max_pixels", cls.max_pixels))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BundleError("the image format is damaged", where=repr(values)[:200]) from error
        if channels not in {1, 3} or min(height, width) < 1 or fit not in get_args(Fit):
            raise BundleError("the image format has values that no image has", where=repr(values)[:200])
        return cls(channels, height, width, cast(Fit, fit), max_pixels)

"""What an image bundle takes: one image a row, handed out in the form that the network was trained on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from assay.data.images.as_images import as_images
from assay.data.images.image_format import ImageFormat
from assay.data.images.images import Images


@dataclass(frozen=True)
class ImageSchema:
    """The one feature of an image set; the face of `assay.data.schema.Schema`.

    What `encode` gives is not a matrix but `Images`, since all of them at once may not fit into memory.

    Attributes:
        format: channels, height, width, and how another size is brought to these.
    """

    format: ImageFormat
    names: ClassVar[tuple[str, ...]] = ("image",)

    def __len__(self) -> int:
        return len(self.names)

    def encode(self, source: Any) -> Images:
        """The N images of a source, uint8 (channels, height, width) each; decoded when they are asked for.

        Args:
            source: a folder, a file, a list of paths, PIL images, arrays or bytes, an array (N, H, W, C), or
                a `Table` of images.

        Raises:
            DataError: there is no image in it, or one that cannot be read; the message names it.
        """
        return as_images(source, self.format)

    def warnings(self, images: Images) -> list[list[str]]:
        """For each image what no training image had; every image is brought to one form, so nothing."""
        return [[] for _ in range(len(images))]

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return self.format.to_json()

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """The schema that `to_json` wrote."""
        return cls(ImageFormat.from_json(values))

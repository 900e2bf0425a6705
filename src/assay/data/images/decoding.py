"""Decodes image files into pixels: the same pixels whoever asks.

Pillow decodes everything. For a JPEG, the decoder of torchvision takes 0.6 of its time and gives the same
pixels (both are libjpeg-turbo; measured on CIFAR-10 and flowers), but is deprecated since torchvision 0.29.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from assay.core.errors import DataError
from assay.data.images.fitting import upright
from assay.data.images.headers import DAMAGE, opened, orientation_of, said
from assay.data.images.plain_modes import plain

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_PIXELS = 89_478_485


def decoded(data: bytes, max_pixels: int = MAX_PIXELS) -> torch.Tensor:
    """The pixels of an encoded image: uint8 (C, H, W), C = 1 where it is grey, else 3; EXIF applied.

    Transparency becomes white, palettes and CMYK become RGB, 16 bits become 8; of an animation the first
    frame is taken.

    Raises:
        DataError: no image, damaged, cut off, or of more than `max_pixels`; the message is the reason alone.
    """
    image = opened(data)
    check_pixels(*image.size, max_pixels)
    try:
        image.load()
        pixels = pixels_of(image)
    except DAMAGE as error:
        raise DataError(f"the {image.format} image is damaged or cut off ({said(error)})") from error
    return upright(pixels, orientation_of(image))


def check_pixels(width: int, height: int, max_pixels: int) -> None:
    """Refuse an image of too many pixels before one is decoded.

    Raises:
        DataError: it has more than `max_pixels`.
    """
    if width * height > max_pixels:
        raise DataError(f"{width:,} x {height:,} pixels are more than max_pixels = {max_pixels:,} allows")


def pixels_of(image: Image) -> torch.Tensor:
    """The pixels of a Pillow image as it lies: uint8 (C, H, W), C = 1 where it is grey, else 3.

    Raises:
        ValueError: floating point values, whose range nobody knows.
    """
    return _tensor(np.asarray(plain(image)))


def _tensor(values: np.ndarray[Any, Any]) -> torch.Tensor:
    """(C, H, W) of (H, W) or (H, W, C); a copy, since what Pillow lends must not be written to."""
    tensor = torch.from_numpy(values.copy())
    return tensor[None] if tensor.ndim == 2 else tensor.permute(2, 0, 1)

"""Images that somebody holds in memory: Pillow images, NumPy arrays, tensors, encoded bytes."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from assay.core.errors import DataError
from assay.data.images.decoding import check_pixels, decoded, pixels_of
from assay.data.images.fitting import upright
from assay.data.images.headers import DAMAGE, orientation_of

_UINT8 = "give uint8 from 0 to 255, or floating point from 0 to 1"
_CHANNELS = {1, 3}
_UNSIGNED = {torch.uint16, torch.uint32, torch.uint64}


def one_image(image: Any, max_pixels: int) -> torch.Tensor:
    """uint8 (C, H, W) of a Pillow image, an encoded image, an array (H, W[, C]) or a tensor ([C,] H, W).

    Arrays are read with the channels last and tensors with the channels first, as NumPy and torch write them,
    and the other way round where only that gives 1 or 3 channels.

    Raises:
        DataError: it is no image; the message is the reason alone.
    """
    if isinstance(image, bytes | bytearray | memoryview):
        return decoded(bytes(image), max_pixels)
    if hasattr(image, "getexif") and hasattr(image, "convert"):
        check_pixels(int(image.size[0]), int(image.size[1]), max_pixels)
        try:
            return upright(pixels_of(image), orientation_of(image))
        except DAMAGE as error:
            raise DataError(f"the image is damaged ({error})") from error
    values = _values(image)
    if values.ndim not in {2, 3}:
        raise DataError(f"an image has 2 or 3 axes, and this one has the shape {tuple(values.shape)}")
    if 0 in values.shape:
        raise DataError(f"the image has the shape {tuple(values.shape)}: it is empty")
    pixels = values[None] if values.ndim == 2 else channels_first(values, isinstance(image, torch.Tensor))
    check_pixels(pixels.shape[2], pixels.shape[1], max_pixels)
    return pixels


def channels_first(values: torch.Tensor, is_tensor: bool) -> torch.Tensor:
    """(..., C, H, W) of values that may have their channels last; four channels lose their transparency.

    Raises:
        DataError: no axis can be the channels.
    """
    first, last = values.shape[-3] in {*_CHANNELS, 4}, values.shape[-1] in {*_CHANNELS, 4}
    if not first and not last:
        raise DataError(
            f"no axis of {tuple(values.shape)} has 1 or 3 channels", hint="expected is (H, W, C) or (C, H, W)"
        )
    if last and not (first and is_tensor):
        values = values.movedim(-1, -3)
    if values.shape[-3] == 4:
        return _over_white(values)
    return values


def _over_white(values_4HW: torch.Tensor) -> torch.Tensor:
    """RGBA over white, rounded."""
    colour, alpha = values_4HW[..., :3, :, :].to(torch.int32), values_4HW[..., 3:, :, :].to(torch.int32)
    return ((colour * alpha + 255 * (255 - alpha) + 127) // 255).to(torch.uint8)


def _values(image: Any) -> torch.Tensor:
    """The values as uint8, in the shape they came in."""
    if isinstance(image, torch.Tensor):
        values = image.detach().cpu()
    else:
        try:
            array = np.asarray(image)
            values = torch.from_numpy(np.array(array, copy=not array.flags.writeable or None))
        except (TypeError, ValueError) as error:
            raise DataError(f"{type(image).__name__} is no image") from error
    return as_uint8(values)


def as_uint8(values: torch.Tensor) -> torch.Tensor:
    """Values from 0 to 255 as they are, from 0 to 1 as 255 times as much, rounded.

    Raises:
        DataError: others.
    """
    if values.dtype == torch.uint8:
        return values
    if values.dtype == torch.bool:
        return values.to(torch.uint8) * 255
    if values.dtype in _UNSIGNED:  # torch finds no least or largest of these
        values = values.to(torch.int64)
    if values.is_complex() or not values.numel():
        raise DataError(f"an image of {values.dtype} and shape {tuple(values.shape)}", hint=_UINT8)
    low, high = float(values.min()), float(values.max())
    if values.is_floating_point():
        if low >= 0 and high <= 1:
            return (values.to(torch.float32) * 255).round().to(torch.uint8)
        raise DataError(
            f"its values go from {low:g} to {high:g}", hint=f"leave out any normalisation, and {_UINT8}"
        )
    if low >= 0 and high <= 255:
        return values.to(torch.uint8)
    if low >= 0 and high <= 65_535:
        raise DataError(
            f"its values go from {low:g} to {high:g}, as those of 16 bits do",
            hint=f"divide by 257, and {_UINT8}",
        )
    raise DataError(f"its values go from {low:g} to {high:g}", hint=_UINT8)

"""Brings decoded images to one size and to one number of channels."""

from __future__ import annotations

import torch
from torch.nn import functional

from assay.data.images.image_format import ImageFormat
from assay.data.images.settings import Fit


def fitted(images_NCHW: torch.Tensor, height: int, width: int, fit: Fit = "crop") -> torch.Tensor:
    """The images at another size: (N, C, height, width), bilinear with antialiasing, in the same type.

    `crop` takes the largest centred box of the wanted proportions, `pad` keeps all and adds black borders,
    `squash` gives up the proportions. An image that has the size already is returned as it is. The box is
    cut before scaling, so that an image of 1 by 10,000 pixels never grows.

    Args:
        images_NCHW: (N, C, H, W) uint8 or floating point.
        height: wanted, pixels.
        width: wanted, pixels.
        fit: how.
    """
    H, W = images_NCHW.shape[-2:]
    if (height, width) == (H, W):
        return images_NCHW
    if fit == "crop":
        box_height, box_width = _box(H, W, height, width)
        top, left = (H - box_height) // 2, (W - box_width) // 2
        images_NCHW = images_NCHW[..., top : top + box_height, left : left + box_width]
        return _scaled(images_NCHW, height, width)
    if fit == "pad":
        inner_height, inner_width = _box(height, width, H, W)
        scaled = _scaled(images_NCHW, inner_height, inner_width)
        top, left = (height - inner_height) // 2, (width - inner_width) // 2
        borders = (left, width - inner_width - left, top, height - inner_height - top)
        return functional.pad(scaled, borders)
    return _scaled(images_NCHW, height, width)


def _box(outer_height: int, outer_width: int, height: int, width: int) -> tuple[int, int]:
    """The largest box inside of the outer one with the proportions of height and width; never empty."""
    if outer_height * width <= outer_width * height:
        return outer_height, min(max(round(outer_height * width / height), 1), outer_width)
    return min(max(round(outer_width * height / width), 1), outer_height), outer_width


def _scaled(images_NCHW: torch.Tensor, height: int, width: int) -> torch.Tensor:
    if tuple(images_NCHW.shape[-2:]) == (height, width):
        return images_NCHW
    if images_NCHW.dtype == torch.uint8:  # a third of the time, and the same pixels
        images_NCHW = images_NCHW.contiguous(memory_format=torch.channels_last)
    return functional.interpolate(
        images_NCHW, (height, width), mode="bilinear", antialias=True, align_corners=False
    )


def with_channels(images: torch.Tensor, channels: int) -> torch.Tensor:
    """uint8 (..., C, H, W) with 1 or 3 channels: grey is repeated, colour becomes luma as in Pillow.

    The luma is ITU-R 601: 0.299 red + 0.587 green + 0.114 blue, in 16-bit fixed point, rounded.
    """
    found = images.shape[-3]
    if found == channels:
        return images
    if channels == 3:
        return images.expand(*images.shape[:-3], 3, *images.shape[-2:])
    red, green, blue = images.to(torch.int32).unbind(-3)
    luma = (19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16
    return luma.to(torch.uint8).unsqueeze(-3)


def shaped(pixels_CHW: torch.Tensor, format: ImageFormat) -> torch.Tensor:
    """One decoded image (C, H, W) in the format's channels and size."""
    if tuple(pixels_CHW.shape) == format.shape:  # nothing to do: a fifth of a small image's time
        return pixels_CHW
    channelled = with_channels(pixels_CHW, format.channels)
    return fitted(channelled[None], format.height, format.width, format.fit)[0]


def upright(pixels_CHW: torch.Tensor, orientation: int) -> torch.Tensor:
    """The image turned as its EXIF orientation says (EXIF 2.3, tag 0x0112)."""
    if orientation in {5, 6, 7, 8}:
        pixels_CHW = pixels_CHW.transpose(1, 2)
    mirrored = {2: [2], 3: [1, 2], 4: [1], 6: [2], 7: [1, 2], 8: [1]}.get(orientation)
    return pixels_CHW if mirrored is None else pixels_CHW.flip(mirrored)

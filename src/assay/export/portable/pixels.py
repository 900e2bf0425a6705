"""Pixels in the shape that a network takes, by NumPy: bit for bit what torch makes of them.

Shapes: N images, C channels, H rows, W columns of pixels.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from assay.core.errors import DataError

_UINT8 = "give uint8 from 0 to 255, or floating point from 0 to 1"
_CHANNELS = {1, 3, 4}


def shaped(pixels_CHW: np.ndarray, shape: tuple[int, int, int], fit: str) -> np.ndarray:
    """One image uint8 (C, H, W) in the channels and size of `shape`.

    Args:
        pixels_CHW: with 1 or 3 channels.
        shape: channels, height and width that the network takes.
        fit: crop cuts the centre, pad adds black borders, squash distorts.
    """
    channels, height, width = shape
    pixels = _with_channels(pixels_CHW, channels)
    H, W = pixels.shape[1:]
    if (height, width) == (H, W):
        return pixels
    if fit == "pad":
        inner_height, inner_width = _box(height, width, H, W)
        top, left = (height - inner_height) // 2, (width - inner_width) // 2
        framed = np.zeros(shape, dtype=np.uint8)
        framed[:, top : top + inner_height, left : left + inner_width] = _scaled(
            pixels, inner_height, inner_width
        )
        return framed
    if fit == "crop":
        box_height, box_width = _box(H, W, height, width)
        top, left = (H - box_height) // 2, (W - box_width) // 2
        pixels = pixels[:, top : top + box_height, left : left + box_width]
    return _scaled(pixels, height, width)


def channels_first(values: np.ndarray) -> np.ndarray:
    """(..., C, H, W) of values with their channels last, or first where only that gives 1, 3 or 4.

    Raises:
        DataError: no axis can be the channels.
    """
    if values.shape[-1] in _CHANNELS:
        values = np.moveaxis(values, -1, -3)
    elif values.shape[-3] not in _CHANNELS:
        raise DataError(
            f"no axis of {values.shape} has 1 or 3 channels", hint="expected is (H, W, C) or (C, H, W)"
        )
    if values.shape[-3] != 4:
        return values
    colour = values[..., :3, :, :].astype(np.int32)
    alpha = values[..., 3:, :, :].astype(np.int32)
    over_white: np.ndarray = ((colour * alpha + 255 * (255 - alpha) + 127) // 255).astype(np.uint8)
    return over_white


def as_uint8(image: Any) -> np.ndarray:
    """Values from 0 to 255 as they are, from 0 to 1 as 255 times as much, rounded.

    Raises:
        DataError: others.
    """
    values = np.asarray(image)
    if values.dtype == np.uint8:
        return values
    if values.dtype == np.bool_:
        return values.astype(np.uint8) * np.uint8(255)
    if values.dtype.kind not in "iuf" or not values.size:
        raise DataError(f"an image of {values.dtype} and shape {values.shape}", hint=_UINT8)
    low, high = float(values.min()), float(values.max())
    if values.dtype.kind == "f" and low >= 0 and high <= 1:
        return np.round(values.astype(np.float32) * np.float32(255)).astype(np.uint8)
    if values.dtype.kind != "f" and low >= 0 and high <= 255:
        return values.astype(np.uint8)
    raise DataError(f"its values go from {low:g} to {high:g}; leave out any normalisation, and {_UINT8}")


def _with_channels(pixels_CHW: np.ndarray, channels: int) -> np.ndarray:
    """Grey repeated, or colour as luma (ITU-R 601 in 16-bit fixed point, rounded)."""
    if len(pixels_CHW) == channels:
        return pixels_CHW
    if channels == 3:
        return np.repeat(pixels_CHW, 3, axis=0)
    red, green, blue = pixels_CHW.astype(np.int32)
    luma: np.ndarray = ((19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16).astype(np.uint8)
    return luma[None]


def _box(outer_height: int, outer_width: int, height: int, width: int) -> tuple[int, int]:
    """The largest box inside of the outer one with the proportions of height and width; never empty."""
    if outer_height * width <= outer_width * height:
        return outer_height, min(max(round(outer_height * width / height), 1), outer_width)
    return min(max(round(outer_width * height / width), 1), outer_height), outer_width


def _scaled(pixels_CHW: np.ndarray, height: int, width: int) -> np.ndarray:
    """Bilinear with antialiasing: first along the rows, then along the columns, as torch does."""
    wide = _resampled(pixels_CHW, width)
    return _resampled(wide.transpose(0, 2, 1), height).transpose(0, 2, 1)


def _resampled(pixels: np.ndarray, size: int) -> np.ndarray:
    """The last axis at another size, uint8, by whole weights of 16 bits as torch has them for uint8."""
    found = pixels.shape[-1]
    if size == found:
        return pixels
    weights, precision = _weights(found, size)
    half = 1 << (precision - 1)
    sums = pixels.astype(np.float64) @ weights.T  # whole numbers below 2**53: exact, and by BLAS
    scaled: np.ndarray = np.clip((sums.astype(np.int64) + half) >> precision, 0, 255).astype(np.uint8)
    return scaled


def _weights(found: int, size: int) -> tuple[np.ndarray, int]:
    """(size, found) what each old pixel is worth in each new one, and the power of two that scales it.

    From ATen/native/cpu/UpSampleKernel.cpp: triangles as wide as the old pixels of a new one, normalised;
    the power is the largest with which every weight fits into 16 bits.
    """
    scale = found / size
    support, inverse = max(scale, 1.0), 1.0 / max(scale, 1.0)
    weights = np.zeros((size, found))
    for row in range(size):
        centre = scale * (row + 0.5)
        first = max(int(centre - support + 0.5), 0)
        last = min(int(centre + support + 0.5), found)
        near = np.arange(first, last)
        triangle = np.maximum(1.0 - np.abs((near - centre + 0.5) * inverse), 0.0)
        weights[row, first:last] = triangle / triangle.sum()
    largest = float(weights.max())
    precision = 0
    while precision < 22 and int(0.5 + largest * (1 << (precision + 1))) < 1 << 15:
        precision += 1
    return np.floor(weights * (1 << precision) + 0.5), precision

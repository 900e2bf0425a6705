"""Images mirrored, moved and turned."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F  # noqa: N812  (the name that torch's own code uses)
from torch import Tensor

# B images, C channels, H by W pixels.


def flip(images_BCHW: Tensor, chosen_B: Tensor) -> Tensor:
    """The chosen ones (truth values) mirrored left to right."""
    # Bits that differ from the mirror image, kept where chosen: four times as quick as torch.where.
    masks = chosen_B.to(torch.uint8).mul(255).view(-1, 1, 1, 1)
    return (images_BCHW.flip(-1) ^ images_BCHW).bitwise_and_(masks).bitwise_xor_(images_BCHW)


def shift(images_BCHW: Tensor, down_B: Tensor, right_B: Tensor, most: int) -> Tensor:
    """Each image moved by its own whole number of pixels; what comes in at an edge is the reflection of it.

    Args:
        images_BCHW: uint8.
        down_B: pixels, -most to most; the content goes down.
        right_B: the same to the right.
        most: less than height and width.
    """
    height, width = images_BCHW.shape[2:]
    padded = F.pad(images_BCHW, (most,) * 4, mode="reflect")
    windows = padded.unfold(2, height, 1).unfold(3, width, 1).permute(0, 2, 3, 1, 4, 5)  # views: B, y, x, ...
    rows = torch.arange(len(images_BCHW), device=images_BCHW.device)
    y_B, x_B = most - down_B, most - right_B
    if images_BCHW.device.type == "cpu":  # numpy copies whole windows, five times as quick as torch
        return torch.from_numpy(windows.numpy()[rows.numpy(), y_B.numpy(), x_B.numpy()])
    return windows[rows, y_B, x_B]


def rotations(degrees_B: Tensor) -> Tensor:
    """(B, 2, 3) maps for `warp` that turn images anticlockwise."""
    angles = degrees_B * (math.pi / 180)
    cos, sin, zero = angles.cos(), angles.sin(), torch.zeros_like(angles)
    return torch.stack([cos, -sin, zero, sin, cos, zero], dim=1).view(-1, 2, 3)


def warp(images_BCHW: Tensor, maps_B23: Tensor, *, nearest: bool = False, padding: str = "zeros") -> Tensor:
    """Each image as its map shows it: the map gives for a place in the result the place in the image.

    Args:
        images_BCHW: uint8.
        maps_B23: [x, y] in the image = map @ [x, y, 1] in the result, in pixels from the centre.
        nearest: take the nearest pixel, not a mean of four.
        padding: of places outside the image: zeros, border or reflection.

    Returns:
        uint8 of the same shape.
    """
    height, width = images_BCHW.shape[2:]
    device = images_BCHW.device
    y = (torch.arange(height, device=device) - (height - 1) / 2).view(1, -1, 1)
    x = (torch.arange(width, device=device) - (width - 1) / 2).view(1, 1, -1)
    parts = maps_B23.flatten(1).view(-1, 6, 1, 1).unbind(1)
    grid = torch.empty(len(images_BCHW), height, width, 2, device=device)
    grid[..., 0] = (parts[0] * x + (parts[1] * y + parts[2])) * (2 / width)
    grid[..., 1] = (parts[3] * x + (parts[4] * y + parts[5])) * (2 / height)
    mode = "nearest" if nearest else "bilinear"
    pixels = F.grid_sample(images_BCHW.float(), grid, mode=mode, padding_mode=padding, align_corners=False)
    return pixels.round_().to(torch.uint8)

"""Parts of images covered, or taken from other images."""

from __future__ import annotations

import torch
from torch import Tensor

# B images, C channels, H by W pixels.


def random_centres(num_images: int, height: int, width: int, device: torch.device) -> tuple[Tensor, Tensor]:
    """A pixel of each image: its row and its column, (B,) each."""
    y_B = torch.randint(height, (num_images,), device=device)
    return y_B, torch.randint(width, (num_images,), device=device)


def boxes(y_B: Tensor, x_B: Tensor, heights_B: Tensor, widths_B: Tensor, shape: tuple[int, int]) -> Tensor:
    """(B, 1, H, W) uint8: 1 inside a box around each centre, which is cut off at the image's edges.

    Args:
        y_B: row of the centre; the box begins half its height above it.
        x_B: column of the centre.
        heights_B: whole pixels.
        widths_B: whole pixels.
        shape: (H, W).
    """
    inside_y = _inside(y_B, heights_B, shape[0]).view(len(y_B), 1, -1, 1)
    inside_x = _inside(x_B, widths_B, shape[1]).view(len(x_B), 1, 1, -1)
    return inside_y * inside_x


def cutout(images_BCHW: Tensor, side: int, chosen_B: Tensor) -> Tensor:
    """A square of each chosen image covered with the mean colour of the batch (DeVries and Taylor, 2017)."""
    num_images, _, height, width = images_BCHW.shape
    y_B, x_B = random_centres(num_images, height, width, images_BCHW.device)
    sides_B = chosen_B.long() * side
    covered = boxes(y_B, x_B, sides_B, sides_B, (height, width))
    means = images_BCHW.float().mean(dim=(0, 2, 3)).round_().to(torch.uint8).view(1, -1, 1, 1)
    return overlaid(images_BCHW, means, covered)


def overlaid(images_BCHW: Tensor, above: Tensor, where_B1HW: Tensor) -> Tensor:
    """The images, and `above` where the mask is 1; products are quicker than torch.where."""
    return images_BCHW * (1 - where_B1HW) + above * where_B1HW


def _inside(centres_B: Tensor, sizes_B: Tensor, length: int) -> Tensor:
    starts = (centres_B - sizes_B // 2).view(-1, 1)
    places = torch.arange(length, device=centres_B.device)
    return ((places >= starts) & (places < starts + sizes_B.view(-1, 1))).to(torch.uint8)

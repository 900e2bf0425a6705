"""TrivialAugment: one change an image, of any strength (Müller and Hutter, 2021)."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from assay.data.images.augmentation import tones
from assay.data.images.augmentation.geometry import rotations, warp

# B images, C channels, H by W pixels.

_NUM_CHANGES = 14  # of the wide space: none, 5 that move pixels, 8 that change values; all as likely
_NUM_LEVELS = 31
_SHEAR, _PIXELS, _DEGREES, _FACTOR = 0.99, 32.0, 135.0, 0.99  # at the highest level

Change = Callable[[Tensor, Tensor], Tensor]


def trivial(images_BCHW: Tensor) -> Tensor:
    """One random change of each image, its level and its sign drawn evenly: the "wide" space of the paper.

    Shears are about the middle of the image; what comes in at an edge is black.

    Args:
        images_BCHW: uint8.
    """
    num_images, device = len(images_BCHW), images_BCHW.device
    kinds_B = torch.randint(_NUM_CHANGES, (num_images,), device=device)
    levels_B = torch.randint(_NUM_LEVELS, (num_images,), device=device) / (_NUM_LEVELS - 1)
    signed_B = levels_B * (torch.randint(2, (num_images,), device=device) * 2 - 1)
    changed = images_BCHW.clone()
    moved = kinds_B.sub(1).clamp(min=-1)
    rows = ((moved >= 0) & (moved < 5)).nonzero()[:, 0]
    if len(rows):
        maps = _maps(moved[rows], signed_B[rows])
        changed[rows] = warp(images_BCHW[rows], maps, nearest=True)
    for kind, change in enumerate(_TONES, start=6):
        rows = (kinds_B == kind).nonzero()[:, 0]
        if len(rows):
            strengths = levels_B if change in _UNSIGNED else signed_B
            changed[rows] = change(images_BCHW[rows], strengths[rows])
    return changed


def _maps(kinds_B: Tensor, levels_B: Tensor) -> Tensor:
    """(B, 2, 3) maps of shear along x and y, translation along x and y, and rotation."""
    maps = torch.eye(2, 3, device=levels_B.device).repeat(len(kinds_B), 1, 1)
    for kind, (row, column, most) in enumerate(
        ((0, 1, _SHEAR), (1, 0, _SHEAR), (0, 2, _PIXELS), (1, 2, _PIXELS))
    ):
        maps[:, row, column] = torch.where(kinds_B == kind, levels_B * most, maps[:, row, column])
    turned = (kinds_B == 4).view(-1, 1, 1)
    return torch.where(turned, rotations(levels_B * _DEGREES), maps)


def _posterize(images: Tensor, levels: Tensor) -> Tensor:
    return tones.posterize(images, 8 - (levels * 6).round())


def _solarize(images: Tensor, levels: Tensor) -> Tensor:
    return tones.solarize(images, 255 * (1 - levels))


_TONES: tuple[Change, ...] = (
    lambda images, levels: tones.brightness(images, 1 + _FACTOR * levels),
    lambda images, levels: tones.saturation(images, 1 + _FACTOR * levels),
    lambda images, levels: tones.contrast(images, 1 + _FACTOR * levels),
    lambda images, levels: tones.sharpness(images, 1 + _FACTOR * levels),
    _posterize,
    _solarize,
    lambda images, _: tones.autocontrast(images),
    lambda images, _: tones.equalize(images),
)
_UNSIGNED = {_posterize, _solarize}

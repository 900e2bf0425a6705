"""Changes of the values of pixels that are one number strong."""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812  (the name that torch's own code uses)
from torch import Tensor

from assay.data.images.augmentation.colours import luminance

# B images, C channels, H by W pixels. Formulas: PIL's ImageEnhance and ImageOps.

_SMOOTH = ((1, 1, 1), (1, 5, 1), (1, 1, 1))  # PIL's ImageFilter.SMOOTH, in thirteenths


def brightness(images_BCHW: Tensor, factors_B: Tensor) -> Tensor:
    """Between black (factor 0) and the image (1), or beyond."""
    return _away_from(torch.zeros((), device=images_BCHW.device), images_BCHW, factors_B)


def saturation(images_BCHW: Tensor, factors_B: Tensor) -> Tensor:
    """Between grey (factor 0) and the image (1), or beyond."""
    return _away_from(luminance(images_BCHW), images_BCHW, factors_B)


def contrast(images_BCHW: Tensor, factors_B: Tensor) -> Tensor:
    """Between the mean grey (factor 0) and the image (1), or beyond."""
    means = luminance(images_BCHW).mean(dim=(1, 2, 3), keepdim=True)
    return _away_from(means, images_BCHW, factors_B)


def sharpness(images_BCHW: Tensor, factors_B: Tensor) -> Tensor:
    """Between smoothed (factor 0) and the image (1), or beyond; pixels of the edge stay."""
    channels, smooth = images_BCHW.shape[1], images_BCHW.float()
    if min(images_BCHW.shape[2:]) > 2:
        kernel = torch.tensor(_SMOOTH, device=smooth.device).div(13).expand(channels, 1, 3, 3)
        inside = F.conv2d(smooth, kernel, groups=channels)
        smooth[:, :, 1:-1, 1:-1] = inside
    return _away_from(smooth, images_BCHW, factors_B)


def posterize(images_BCHW: Tensor, bits_B: Tensor) -> Tensor:
    """Only the highest bits of each value kept, 1 to 8 of them."""
    masks = 256 - torch.pow(2, 8 - bits_B.long())
    return images_BCHW & masks.to(torch.uint8).view(-1, 1, 1, 1)


def solarize(images_BCHW: Tensor, thresholds_B: Tensor) -> Tensor:
    """Values at or above the threshold inverted."""
    inverted = (images_BCHW >= thresholds_B.view(-1, 1, 1, 1)).to(torch.uint8)
    return images_BCHW ^ inverted.mul_(255)


def autocontrast(images_BCHW: Tensor) -> Tensor:
    """Each channel stretched so that its darkest value is 0 and its brightest 255."""
    flat = images_BCHW.flatten(2).float()
    low, high = flat.amin(dim=2, keepdim=True), flat.amax(dim=2, keepdim=True)
    stretched = (flat - low) * (255 / (high - low).clamp(min=1))
    kept = torch.where(high > low, stretched, flat)  # a channel of one value has no contrast
    return kept.to(torch.uint8).view_as(images_BCHW)


def equalize(images_BCHW: Tensor) -> Tensor:
    """The values of each channel spread so that all are about equally frequent (PIL's ImageOps.equalize)."""
    flat = images_BCHW.flatten(0, 1).flatten(1).long()  # (B * C, H * W)
    firsts = torch.arange(len(flat), device=flat.device).view(-1, 1) * 256
    counts = torch.bincount((flat + firsts).flatten(), minlength=256 * len(flat)).view(-1, 256)
    brightest = flat.amax(dim=1, keepdim=True)
    steps = (flat.shape[1] - counts.gather(1, brightest)) // 255
    below = counts.cumsum(1) - counts
    table = ((below + steps // 2) // steps.clamp(min=1)).clamp_(max=255)
    spread = torch.where(steps > 0, table.gather(1, flat), flat)
    return spread.to(torch.uint8).view_as(images_BCHW)


def _away_from(start: Tensor, images_BCHW: Tensor, factors_B: Tensor) -> Tensor:
    factors = factors_B.view(-1, 1, 1, 1)
    return torch.lerp(start, images_BCHW.float(), factors).clamp_(0, 255).to(torch.uint8)

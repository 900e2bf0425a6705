"""Images in other colours, or in none."""

from __future__ import annotations

import math

import torch
from torch import Tensor

# B images, C channels, H by W pixels.

_LUMINANCE = (0.299, 0.587, 0.114)  # ITU-R BT.601
_MOST_HUE = math.pi / 4  # radians by which hues turn at most, at strength 1

# Hue turned by an angle: EVEN + cos * COS + sin * SIN (W3C, SVG 1.1, feColorMatrix hueRotate).
_EVEN = ((0.213, 0.715, 0.072),) * 3
_COS = ((0.787, -0.715, -0.072), (-0.213, 0.285, -0.072), (-0.213, -0.715, 0.928))
_SIN = ((-0.213, -0.715, 0.928), (0.143, 0.140, -0.283), (-0.787, 0.715, 0.072))


def luminance(images_BCHW: Tensor) -> Tensor:
    """(B, 1, H, W) float32: how bright each pixel is, 0 to 255."""
    if images_BCHW.shape[1] == 1:
        return images_BCHW.float()
    weights = torch.tensor(_LUMINANCE, device=images_BCHW.device).view(1, 1, 3)
    flat = images_BCHW.flatten(2).float()
    return torch.bmm(weights.expand(len(flat), 1, 3), flat).view(-1, 1, *images_BCHW.shape[2:])


def greyscale(images_BCHW: Tensor) -> Tensor:
    """The same without colour: every channel is the luminance."""
    grey = luminance(images_BCHW).round().to(torch.uint8)
    return grey.expand_as(images_BCHW).contiguous()


def jitter(images_BCHW: Tensor, strength: float) -> Tensor:
    """Brightness, contrast, saturation and hue of each image changed at random.

    Each of the first three is multiplied by a factor between 1 - strength and 1 + strength, the hue turned by
    up to strength x 45 degrees. All four are linear, so that one product of matrices does them, with one
    rounding at the end. Source: Howard (2013); the strengths are torchvision's ColorJitter's.
    """
    num_images, channels = images_BCHW.shape[:2]
    brightness, contrast, saturation, turn = torch.rand(4, num_images, device=images_BCHW.device) * 2 - 1
    colour_B33 = (1 + strength * brightness).view(-1, 1, 1) * torch.eye(channels, device=images_BCHW.device)
    flat = images_BCHW.flatten(2).float()
    if channels == 3:
        hue = _hue_turns(turn * (strength * _MOST_HUE))
        colour_B33 = hue @ _saturations(1 + strength * saturation) @ colour_B33
    # Contrast moves every colour away from the mean luminance, or towards it.
    weights = torch.tensor(_LUMINANCE if channels == 3 else [1 / channels] * channels, device=flat.device)
    factor = (1 + strength * contrast).view(-1, 1, 1)
    middle_B11 = weights.view(1, 1, -1) @ (colour_B33 @ flat.mean(dim=2, keepdim=True))
    changed = torch.baddbmm(middle_B11 * (1 - factor), factor * colour_B33, flat)
    return changed.round_().clamp_(0, 255).to(torch.uint8).view_as(images_BCHW)


def _saturations(factors_B: Tensor) -> Tensor:
    """(B, 3, 3): between the luminance (0) and the colour (1), or beyond."""
    factors = factors_B.view(-1, 1, 1)
    grey = torch.tensor((_LUMINANCE,) * 3, device=factors.device)
    return torch.lerp(grey, torch.eye(3, device=factors.device), factors)


def _hue_turns(radians_B: Tensor) -> Tensor:
    """(B, 3, 3): hues turned on the wheel of colours, the luminance as before."""
    even, cos, sin = (torch.tensor(part, device=radians_B.device) for part in (_EVEN, _COS, _SIN))
    angles = radians_B.view(-1, 1, 1)
    return even + angles.cos() * cos + angles.sin() * sin

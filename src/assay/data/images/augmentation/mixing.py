"""Pairs of images made into one, for which a share of either target holds."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from assay.data.images.augmentation.covering import boxes, overlaid, random_centres

# B images, C channels, H by W pixels.


class Mix(NamedTuple):
    """With which image each one was mixed, and how much of it is left.

    Attributes:
        partners: (B,) row in the batch of the other image.
        shares: (B,) float32: of the image's own target; the partner's target has the rest.
    """

    partners: Tensor
    shares: Tensor


def mixup(images_BCHW: Tensor, alpha: float) -> tuple[Tensor, Mix]:
    """Blends of each image and another one, by a share from Beta(alpha, alpha) (Zhang et al., 2018)."""
    mix = _pairs(images_BCHW, alpha)
    own = images_BCHW.float()
    blended = torch.lerp(own[mix.partners], own, mix.shares.view(-1, 1, 1, 1))
    return blended.round_().to(torch.uint8), mix


def cutmix(images_BCHW: Tensor, alpha: float) -> tuple[Tensor, Mix]:
    """Each image with a box of another one in its place; the shares are those of the pixels.

    Centre, and size before it is cut off at the edges, are drawn as in Yun et al. (2019), equation 2.
    """
    num_images, _, height, width = images_BCHW.shape
    partners, shares_B = _pairs(images_BCHW, alpha)
    y_B, x_B = random_centres(num_images, height, width, images_BCHW.device)
    side_B = (1 - shares_B).sqrt()
    taken = boxes(y_B, x_B, (side_B * height).long(), (side_B * width).long(), (height, width))
    mixed = overlaid(images_BCHW, images_BCHW[partners], taken)
    return mixed, Mix(partners, 1 - taken.float().mean(dim=(1, 2, 3)))


def _pairs(images_BCHW: Tensor, alpha: float) -> Mix:
    """Each image and the one before it in the batch, whose order is random already."""
    num_images, device = len(images_BCHW), images_BCHW.device
    shape = torch.tensor(alpha, device=device)
    shares_B = torch.distributions.Beta(shape, shape, validate_args=False).sample((num_images,))
    return Mix(torch.arange(num_images, device=device).roll(1), shares_B)

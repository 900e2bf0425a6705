"""A first layer that makes the numbers of each small patch of an image uncorrelated."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from assay.core.errors import RecipeError

# B images, C channels, k side of a patch, F filters.

_MOST_PATCHES = 2_000_000  # enough to know C*k*k x C*k*k covariances to a thousandth
_SMALLEST_VARIANCE = 5e-4  # of inputs of variance 1: keeps the noise of the last directions from growing


class Whitening(nn.Conv2d):
    """Fixed filters, the principal directions of patches over their deviations, each with both signs.

    The bias is learned. Source: Jordan (2024), "94% on CIFAR-10 in 3.29 seconds on a single GPU", after Page
    (2018), "How to train your ResNet".

    Args:
        channels: C.
        kernel: k; 3 at 32 x 32, 2 makes it quicker.
        filters: F, an even number, the directions of the largest variance first; None: all, 2*C*k*k.
        stride: pixels from one patch to the next.

    Raises:
        RecipeError: more filters than directions with two signs.
    """

    def __init__(self, channels: int, kernel: int, filters: int | None = None, stride: int = 1) -> None:
        most = 2 * channels * kernel**2
        if filters is not None and filters > most:
            raise RecipeError(
                f"network.whitening_filters = {filters}: patches of {kernel}x{kernel}x{channels} have "
                f"{most // 2} directions with two signs each",
                hint=f"take {most} or fewer",
            )
        super().__init__(channels, filters or most, kernel, stride=stride)
        self.weight.requires_grad_(False)

    @torch.no_grad()
    def fit(self, images_BCHW: Tensor) -> None:
        """Take the filters from prepared training images, (B, C, H, W) float32."""
        kernel = self.kernel_size[0]
        patches_PD = _patches(images_BCHW, kernel)
        covariance_DD = patches_PD.T @ patches_PD / len(patches_PD)
        variances, directions = torch.linalg.eigh(covariance_DD.double())  # ascending
        filters_DD = (directions / (variances + _SMALLEST_VARIANCE).sqrt()).T.flip(0)
        half = filters_DD[: self.out_channels // 2].reshape(-1, *self.weight.shape[1:])
        self.weight.copy_(torch.cat([half, -half]))
        if self.bias is not None:
            self.bias.zero_()


def _patches(images_BCHW: Tensor, kernel: int) -> Tensor:
    """(patches, C*k*k), of as many images, evenly chosen, as there is need for."""
    each = (images_BCHW.shape[2] - kernel + 1) * (images_BCHW.shape[3] - kernel + 1)
    step = math.ceil(len(images_BCHW) * each / _MOST_PATCHES)
    windows = images_BCHW[::step].unfold(2, kernel, 1).unfold(3, kernel, 1)  # (B, C, H', W', k, k)
    return windows.permute(0, 2, 3, 1, 4, 5).flatten(3).flatten(0, 2).float()

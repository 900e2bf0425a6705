"""All changes of a batch, in their order."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from assay.data.images.augmentation.colours import greyscale, jitter
from assay.data.images.augmentation.covering import cutout
from assay.data.images.augmentation.geometry import flip, rotations, shift, warp
from assay.data.images.augmentation.mixing import Mix, cutmix, mixup
from assay.data.images.augmentation.settings import AugmentationSettings
from assay.data.images.augmentation.trivial import trivial

# B images, C channels, H by W pixels.


class Augmentation:
    """Changes whole batches of uint8 images at random, on their device, by torch's global generator.

    Args:
        settings: what is done.
    """

    def __init__(self, settings: AugmentationSettings) -> None:
        self.settings = settings

    def __call__(
        self, images_BCHW: Tensor, rows_B: Tensor | None = None, epoch: int = 0
    ) -> tuple[Tensor, Mix | None]:
        """Changed images of the same shape, and with whose target each one's is mixed, if it is.

        Args:
            images_BCHW: uint8; they are left as they are.
            rows_B: their row numbers in the training set, which `alternate` needs.
            epoch: from 1; the same.
        """
        images = images_BCHW
        if self.settings.alternate and rows_B is not None:
            images = flip(images, (_coin(rows_B) + epoch) % 2 == 1)
        images = self.changed(images)
        mixings = [
            (mixing, alpha)
            for mixing, alpha in ((mixup, self.settings.mixup), (cutmix, self.settings.cutmix))
            if alpha
        ]
        if not mixings or len(images) < 2 or float(torch.rand(())) >= self.settings.mix_share:
            return images, None
        mixing, alpha = mixings[int(torch.randint(len(mixings), ()))]
        return mixing(images, alpha)

    def changed(self, images_BCHW: Tensor) -> Tensor:
        """The images after all changes that leave their targets as they are."""
        images, own = images_BCHW, self.settings
        if own.flip:
            images = flip(images, _chosen(images, own.flip))
        if own.crop:
            images = _shifted(images, own.crop, own.crop_share)
        if own.rotation:
            images = _some(images, own.rotation_share, self._turned)
        if own.colour:
            images = _some(images, own.colour_share, lambda some: jitter(some, own.colour))
        if own.greyscale:
            images = _some(images, own.greyscale, greyscale)
        if own.trivial:
            images = trivial(images)
        if own.cutout:
            images = cutout(images, own.cutout, _chosen(images, own.cutout_share))
        return images

    def _turned(self, images_BCHW: Tensor) -> Tensor:
        degrees_B = (torch.rand(len(images_BCHW), device=images_BCHW.device) * 2 - 1) * self.settings.rotation
        return warp(images_BCHW, rotations(degrees_B), padding="reflection")


def _coin(rows_B: Tensor) -> Tensor:
    """0 or 1 for each row number, as by tossing a coin, but always the same (Knuth's multiplicative hash)."""
    return (rows_B * 2_654_435_761 >> 16) & 1


def _chosen(images: Tensor, share: float) -> Tensor:
    """(B,) truth values: each is true with this probability."""
    return torch.rand(len(images), device=images.device) < share


def _shifted(images: Tensor, most: int, share: float) -> Tensor:
    most = min(most, min(images.shape[2:]) - 1)  # a reflection is no longer than what it reflects
    size = (2, len(images))
    down, right = torch.randint(-most, most + 1, size, device=images.device) * _chosen(images, share)
    return shift(images, down, right, most)


def _some(images: Tensor, share: float, change: Callable[[Tensor], Tensor]) -> Tensor:
    """The images, a share of them changed; the others cost nothing but a copy."""
    if share == 1:
        return change(images)
    rows = _chosen(images, share).nonzero()[:, 0]
    if len(rows) == 0:
        return images
    return images.index_copy(0, rows, change(images.index_select(0, rows)))

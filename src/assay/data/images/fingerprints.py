"""What is kept of each image to find its copies: a digest, a hash, a small grey image, mean colours.

Suffixes: N images, B of a batch, C channels.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Self

import numpy as np
import torch
from torch.nn.functional import interpolate

from assay.data.images.hashing import SIDE, perceptual_hashes

if TYPE_CHECKING:
    from assay.data.images.images import Images

_LUMA = (0.299, 0.587, 0.114)  # ITU-R BT.601
_BATCH_BYTES = 4_000_000  # of uint8; four times as much in floating point numbers
_BLANK = 2.0  # standard deviation of grey levels, below which nothing is to be seen


@dataclass(frozen=True, eq=False)
class Fingerprints:
    """The fingerprints of N images, in their order.

    Attributes:
        digests: (N,) uint64, equal where all pixels are.
        hashes: (N, 8) uint8 perceptual hashes.
        grey: (N, 32, 32) uint8.
        means: (N, C) float64, mean of each channel, 0 to 255.
        squares: (N, C) float64, mean square of each channel.
    """

    digests: np.ndarray
    hashes: np.ndarray
    grey: np.ndarray
    means: np.ndarray
    squares: np.ndarray

    def __len__(self) -> int:
        return len(self.digests)

    @classmethod
    def of(cls, images: Images) -> Self:
        """The fingerprints of all images; each is looked at once.

        Raises:
            DataError: an image can no longer be read, with its name.
        """
        return cls.joined((cls.of_batch(batch) for batch in looked_through(images)), len(images))

    @classmethod
    def of_batch(cls, images_BCHW: torch.Tensor) -> Self:
        """The fingerprints of uint8 images (B, C, H, W), C 1 or 3."""
        pixels_BCHW = images_BCHW.float()
        grey_BHW = _small(_grey(pixels_BCHW)).numpy()
        squares_BC = pixels_BCHW.square().mean(dim=(2, 3)).double()
        means_BC = pixels_BCHW.mean(dim=(2, 3)).double()
        digests = [
            int.from_bytes(blake2b(image.tobytes(), digest_size=8).digest(), "big")
            for image in images_BCHW.contiguous().numpy()
        ]
        rounded = np.clip(np.rint(grey_BHW), 0, 255).astype(np.uint8)
        hashes = perceptual_hashes(grey_BHW)
        return cls(np.array(digests, dtype=np.uint64), hashes, rounded, means_BC.numpy(), squares_BC.numpy())

    @classmethod
    def joined(cls, parts: Iterable[Self], count: int) -> Self:
        """The `count` fingerprints of all parts in their order; at least one part.

        Each part is copied at once to where it stays: small arrays that are kept between the large ones of
        the batches would leave holes in the memory, as large as all images.
        """
        columns: list[np.ndarray] = []
        filled = 0
        for part in parts:
            own = (part.digests, part.hashes, part.grey, part.means, part.squares)
            columns = columns or [np.empty((count, *column.shape[1:]), column.dtype) for column in own]
            for column, values in zip(columns, own, strict=True):
                column[filled : filled + len(part)] = values
            filled += len(part)
        return cls(*columns)

    def take(self, rows: np.ndarray) -> Fingerprints:
        """Those of these row numbers."""
        return Fingerprints(
            self.digests[rows],
            self.hashes[rows],
            self.grey[rows],
            self.means[rows],
            self.squares[rows],
        )

    @property
    def is_blank(self) -> np.ndarray:
        """(N,) whether an image has one colour: grey levels differ by less than 2 of 255."""
        return np.asarray(self.grey.reshape(len(self), SIDE * SIDE).std(axis=1) < _BLANK)

    @property
    def channel_mean(self) -> np.ndarray:
        """(C,) mean of each channel over all pixels of all images, 0 to 1."""
        return np.asarray(self.means.mean(axis=0) / 255.0)

    @property
    def channel_std(self) -> np.ndarray:
        """(C,) standard deviation of each channel over all pixels of all images, 0 to 1."""
        variance = self.squares.mean(axis=0) - self.means.mean(axis=0) ** 2
        return np.asarray(np.sqrt(np.maximum(variance, 0.0)) / 255.0)


def looked_through(images: Images) -> Iterator[torch.Tensor]:
    """All images in order, as uint8 batches (B, C, H, W) that fit into the memory."""
    size = max(min(_BATCH_BYTES // int(np.prod(images.shape)), 1024), 1)
    return images.batches(size)


def small(images_BCHW: torch.Tensor) -> torch.Tensor:
    """(B, C, 32, 32) float32, 0 to 255, of uint8 images of any size."""
    return _small(images_BCHW.float())


def _grey(pixels_BCHW: torch.Tensor) -> torch.Tensor:
    """(B, H, W) luminance."""
    if pixels_BCHW.shape[1] == 1:
        return pixels_BCHW[:, 0]
    return torch.einsum("bchw,c->bhw", pixels_BCHW, torch.tensor(_LUMA))


def _small(pixels: torch.Tensor) -> torch.Tensor:
    """The last two dimensions brought to 32 x 32."""
    if pixels.shape[-2:] == (SIDE, SIDE):
        return pixels
    as_batch = pixels if pixels.ndim == 4 else pixels[:, None]
    shrunk = interpolate(as_batch, size=(SIDE, SIDE), mode="bilinear", antialias=True, align_corners=False)
    return shrunk if pixels.ndim == 4 else shrunk[:, 0]

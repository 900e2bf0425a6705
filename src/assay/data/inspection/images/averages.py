"""The average image of each class: what is sharp in it stands in the same place in most images."""

from __future__ import annotations

import numpy as np
import torch

from assay.data.images.fingerprints import small
from assay.data.images.hashing import SIDE


class ClassAverages:
    """Sums images by class, 32 x 32 pixels each.

    Args:
        num_classes: K.
        channels: of the images.
    """

    def __init__(self, num_classes: int, channels: int) -> None:
        self._sums_KCHW = torch.zeros(num_classes, channels, SIDE, SIDE, dtype=torch.float64)
        self._counts_K = torch.zeros(num_classes, dtype=torch.float64)

    def add(self, images_BCHW: torch.Tensor, classes_B: np.ndarray) -> None:
        """Add uint8 images and their class numbers; images of class -1 count nowhere."""
        known = np.flatnonzero(classes_B >= 0)
        classes = torch.from_numpy(classes_B[known].astype(np.int64))
        self._sums_KCHW.index_add_(0, classes, small(images_BCHW)[torch.from_numpy(known)].double())
        self._counts_K += torch.bincount(classes, minlength=len(self._counts_K))

    def images(self) -> np.ndarray:
        """(K, C, 32, 32) uint8."""
        means = self._sums_KCHW / self._counts_K.clamp(min=1)[:, None, None, None]
        return np.asarray(means.round().clamp(0, 255).to(torch.uint8).numpy())

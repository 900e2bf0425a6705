"""The preparation of images: pixels from 0 to 255 in, numbers around 0 out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
import torch
from torch import Tensor, nn

from assay.core.errors import DataError
from assay.data.images.fitting import fitted
from assay.data.images.image_format import ImageFormat
from assay.data.images.images import Images
from assay.data.images.schema import ImageSchema
from assay.data.table import Table

IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
"""Mean and std of ImageNet's 1.28 million training images, from 0 to 1; torchvision's weights expect them."""

_BATCH = 64  # images decoded at once
_MOST_DECODED = 5_000  # images that the mean and std of a streamed set are measured on
_FLAT = 1.0 / 255.0  # the least std: a channel without contrast is not blown up


class ImagePreparation(nn.Module):
    """Scales each channel by its mean and standard deviation. Make one with `ImagePreparation.fit`.

    It exports. The two statistics are buffers; `to_json` and `state_dict` restore it.

    Args:
        image_format: what the network takes.
        mean: (C,) of each channel, pixels counted from 0 to 1.
        std: (C,) the same.
        because: where the two come from, one clause.

    Attributes:
        schema: takes images in.
        steps: what was done and why: `{"column", "did", "because"}`.
        cardinalities: empty: no input is a category.
    """

    def __init__(self, image_format: ImageFormat, mean: Tensor, std: Tensor, *, because: str) -> None:
        super().__init__()
        self.image_format = image_format
        self.schema = ImageSchema(image_format)
        self.because = because
        self.cardinalities: tuple[int, ...] = ()
        self.mean = nn.Buffer(mean.reshape(-1).to(torch.float32))
        self.std = nn.Buffer(std.reshape(-1).to(torch.float32))
        self.eval()  # nothing in it learns

    @classmethod
    def fit(
        cls,
        table: Table,
        *,
        like: tuple[Sequence[float], Sequence[float]] | None = None,
    ) -> Self:
        """Fit to a table of training images.

        Args:
            table: the training images and no others.
            like: the mean and std of the images that a pretrained network has seen; its weights expect these.

        Raises:
            DataError: the table holds no images, or one cannot be decoded.
        """
        if table.images is None or not len(table):
            raise DataError("there are no training images to fit the preparation to", where=table.name)
        image_format = table.images.format
        if like is not None:
            mean, std = (_by_channel(values, image_format.channels) for values in like)
            return cls(image_format, mean, std, because="those of ImageNet, which the pretrained weights saw")
        images = _measured(table.images)
        mean, std = _statistics(images)
        which = "all" if len(images) == len(table) else f"{len(images):,} of the"
        return cls(image_format, mean, std, because=f"of {which} {len(table):,} training images")

    @property
    def output_shape(self) -> tuple[int, int, int]:
        """(C, H, W), what a network gets for one image."""
        return self.image_format.shape

    @property
    def num_outputs(self) -> int:
        """C * H * W, the number of inputs that a network gets."""
        return int(np.prod(self.output_shape))

    @property
    def steps(self) -> list[dict[str, str]]:
        """What was done to the images and why."""
        channels, height, width = self.output_shape
        mean, std = (", ".join(f"{value:.3f}" for value in part.tolist()) for part in (self.mean, self.std))
        return [
            {
                "column": "image",
                "did": f"{channels} x {height} x {width} pixels, less the mean {mean}, over the std {std}",
                "because": f"mean and std by channel, pixels from 0 to 1, {self.because}",
            }
        ]

    def forward(self, images_NChw: Tensor) -> Tensor:
        """Prepare images as `ImageSchema.encode` hands them out.

        Args:
            images_NChw: uint8 from 0 to 255, or floats of that range; another size than the network's is
                brought to it as decoding does: antialiased, by the format's `fit`.

        Returns:
            (N, C, H, W) float32.
        """
        own = self.image_format
        images = fitted(images_NChw, own.height, own.width, own.fit).to(torch.float32)
        shift_C11, scale_C11 = ((255.0 * part).reshape(-1, 1, 1) for part in (self.mean, self.std))
        return (images - shift_C11) / scale_C11

    def prepare(self, source: Any) -> Tensor:
        """(N, C, H, W) float32 of anything that `ImageSchema.encode` takes, all at once."""
        with torch.no_grad():
            batches = [self(batch) for batch in self.schema.encode(source).batches(_BATCH)]
        return torch.cat(batches) if batches else torch.empty(0, *self.output_shape)

    def kept_rows(self, table: Table) -> np.ndarray:
        """Positions of the training images to train on: all of them."""
        return np.arange(len(table))

    def to_json(self) -> dict[str, Any]:
        """All but the tensors; with `state_dict` it restores the preparation exactly."""
        return {"kind": "image", "schema": self.schema.to_json(), "because": self.because}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """The preparation that `to_json` wrote, to be filled by `load_state_dict`."""
        image_format = ImageSchema.from_json(values["schema"]).format
        blank = torch.zeros(image_format.channels)
        return cls(image_format, blank, blank.clone(), because=str(values["because"]))


def _measured(images: Images) -> Images:
    """The images that the statistics are measured on: an even choice where each must be decoded."""
    if images.in_memory or len(images) <= _MOST_DECODED:
        return images
    return images.take(np.linspace(0, len(images) - 1, _MOST_DECODED).astype(np.int64))


def _statistics(images: Images) -> tuple[Tensor, Tensor]:
    """(C,) mean and std of the pixels from 0 to 1, by counts of each brightness: no order changes them."""
    count_CV = torch.zeros(images.shape[0], 256, dtype=torch.int64)
    for batch in images.batches(_BATCH):
        for channel, pixels in enumerate(batch.transpose(0, 1).flatten(1)):
            count_CV[channel] += torch.bincount(pixels, minlength=256)
    value_V = torch.arange(256, dtype=torch.float64) / 255.0
    share_CV = count_CV / count_CV.sum(dim=1, keepdim=True, dtype=torch.float64)
    mean_C = share_CV @ value_V
    variance_C = (share_CV * (value_V - mean_C[:, None]) ** 2).sum(dim=1)
    return mean_C, variance_C.sqrt().clamp(min=_FLAT)


def _by_channel(values: Sequence[float], channels: int) -> Tensor:
    """(C,) for as many channels; one grey channel gets their mean."""
    known = torch.tensor(list(values), dtype=torch.float64)
    return known if len(known) == channels else known.mean().repeat(channels)

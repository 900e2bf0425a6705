"""Images with targets, as `assay.fit` takes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from assay.core.errors import DataError
from assay.training.batches import Batch, Batches
from assay.training.form import Form
from assay.training.tensors import target_tensor

if TYPE_CHECKING:
    from assay.data.images.images import Images
    from assay.training.image_batches import Augment

# Numbers of one evaluation step: on the CPU a third of a thousand images of 32 x 32, whose activations stay
# below 100 MB in all usual networks; a GPU needs more to be busy.
_MAX_NUMBERS = {"cpu": 2**20, "cuda": 2**24}


@dataclass(frozen=True, eq=False)
class ImageRows:
    """What a network is trained or measured on.

    Attributes:
        images: N of them, in memory or streamed.
        targets: N class numbers or quantities.
        prepare: uint8 (B, C, H, W) to what the network takes, e.g. an `ImagePreparation`.
        augment: changes uint8 training batches at random, by torch's global generator: an `Augmentation`,
            or any function that gives images back (or a pair of images and `Mix`). Leave it out for
            validation rows; it would not be called.
        workers: threads that decode streamed images; None: by the number of cores.
    """

    images: Images
    targets: np.ndarray | Tensor
    prepare: Callable[[Tensor], Tensor]
    augment: Augment | None = None
    workers: int | None = None


class ImageSource:
    """The same as a source of batches.

    Raises:
        DataError: no images, or another number of targets.
    """

    def __init__(self, rows: ImageRows, where: str) -> None:
        if not len(rows.images):
            raise DataError("there are no images; at least one is needed", where=where)
        self.rows, self.where = rows, where
        values: Any = rows.targets
        self.targets = target_tensor(values, len(rows.images), where)

    @property
    def num_rows(self) -> int:
        """How many images there are."""
        return len(self.rows.images)

    @property
    def num_places(self) -> int:
        """Pixels of an image."""
        _, height, width = self.rows.images.shape
        return height * width

    def sample(self) -> Batch:
        """A few images as the network takes them, not augmented, on the CPU."""
        few = torch.arange(min(8, self.num_rows))
        return self.rows.prepare(self.rows.images.batch(few)), self.targets[:8].cpu()

    def batches(self, form: Form, batch_size: int) -> Batches:
        """The images in batches."""
        from assay.training.image_batches import ImageBatches

        channels = self.rows.images.shape[0]
        most = _MAX_NUMBERS[form.device.type] // (channels * self.num_places)
        return ImageBatches(
            self.rows.images,
            form.targets(self.targets, self.where),
            form,
            prepare=self.rows.prepare,
            augment=self.rows.augment,
            batch_size=batch_size,
            chunk_size=max(batch_size, most),
            workers=self.rows.workers,
            where=self.where,
        )

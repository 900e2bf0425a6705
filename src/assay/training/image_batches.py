"""Images in batches: whole numbers until the network needs them."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor, nn

from assay.core.errors import RecipeError
from assay.data.images.augmentation.augmentation import Augmentation
from assay.data.images.augmentation.mixing import Mix
from assay.data.images.images import Images, MemoryImages, StreamedImages
from assay.training.batches import Batch, NumberedRows, batch_sizes
from assay.training.form import Form
from assay.training.loader_batches import without_single_rows
from assay.training.soft_targets import mixed

# B images of a batch, C channels, H by W pixels.

Augment = Callable[[Tensor], Tensor | tuple[Tensor, Mix | None]]

_SHARE_OF_DEVICE = 0.5  # of a GPU's free memory that images may fill


class ImageBatches(NumberedRows):
    """Images as a network takes them, prepared batch by batch on the device.

    Images in memory stay uint8, on the device where it has room; a batch is one indexed copy. Others are
    decoded ahead by threads. Both come in the same order, and draw the same random numbers.

    Args:
        images: N of them.
        targets: (N, ...) on the device, as the loss needs them.
        form: what network and loss take.
        prepare: uint8 (B, C, H, W) to what the network takes.
        augment: changes training batches, or None; never called for those that are measured.
        batch_size: images of a training step.
        chunk_size: images at a time when the network is only measured.
        workers: threads that decode; None: by the number of cores.
        where: names the data in messages.
    """

    def __init__(
        self,
        images: Images,
        targets: Tensor,
        form: Form,
        *,
        prepare: Callable[[Tensor], Tensor],
        augment: Augment | None,
        batch_size: int,
        chunk_size: int,
        workers: int | None = None,
        where: str = "",
    ) -> None:
        super().__init__(targets, batch_size, chunk_size, where)
        self.images, self.form, self.augment, self.workers = images, form, augment, workers
        self.prepare = prepare
        if isinstance(prepare, nn.Module) and form.device.type != "cpu":
            self.prepare = copy.deepcopy(prepare).to(form.device)  # the caller's stays where it is
        self._on_device: Tensor | None = None
        if isinstance(images, MemoryImages) and _has_room(images, form.device):
            self._on_device = images.tensor_NCHW.to(form.device)

    @property
    def identity(self) -> dict[str, Any]:
        """The number of rows, and how they are augmented."""
        settings = getattr(self.augment, "settings", None)
        name = None if self.augment is None else type(self.augment).__name__
        return {
            "rows": self.num_rows,
            "augmentation": name if settings is None else settings.model_dump(mode="json"),
        }

    def shuffled(self, seed: int, epoch: int) -> Iterator[Batch]:
        """One pass in the random order that seed and epoch name, augmented."""
        device = self.form.device
        for pixels, numbers in self._pass(self.order(seed, epoch), self.batch_size):
            rows = numbers.to(device)
            images, mix = self._augmented(pixels.to(device, non_blocking=True), rows, epoch)
            targets = self.targets.index_select(0, rows)
            if mix is not None:
                targets = mixed(self.form.objective, targets, *mix)
            yield self.form.inputs(self.prepare(images), self.where), targets

    def in_order(self) -> Iterator[Batch]:
        """One pass in the rows' own order, as the images are."""
        for pixels, rows in self._pass(torch.arange(self.num_rows), self.chunk_size):
            inputs = self.prepare(pixels.to(self.form.device, non_blocking=True))
            yield self.form.inputs(inputs, self.where), self.targets[rows.to(self.form.device)]

    def _augmented(self, pixels: Tensor, rows: Tensor, epoch: int) -> tuple[Tensor, Mix | None]:
        if self.augment is None:
            return pixels, None
        if isinstance(self.augment, Augmentation):
            return self.augment(pixels, rows, epoch)
        changed = self.augment(pixels)
        images, mix = (changed, None) if isinstance(changed, Tensor) else changed
        if images.shape[:2] != pixels.shape[:2]:
            raise RecipeError(
                f"the augmentation gave {tuple(images.shape)} for images of {tuple(pixels.shape)}",
                hint="it must keep the number of images and of channels",
                where=self.where,
            )
        return images, mix

    def _pass(self, order: Tensor, size: int) -> Iterator[tuple[Tensor, Tensor]]:
        """Pixels as uint8, and row numbers, of one batch after the other."""
        if isinstance(self.images, StreamedImages):
            yield from without_single_rows(self._streamed(self.images, order, size))
            return
        for rows in torch.split(order, batch_sizes(len(order), size)):
            if self._on_device is None:
                yield self.images.batch(rows), rows
            else:
                yield self._on_device.index_select(0, rows.to(self.form.device)), rows

    def _streamed(self, images: StreamedImages, order: Tensor, size: int) -> Iterator[tuple[Tensor, Tensor]]:
        loader = iter(images.loader(order, size, self.workers))
        for number, rows in enumerate(torch.split(order, size)):
            if number:
                yield next(loader), rows
                continue
            with torch.random.fork_rng(devices=[]):  # the loader draws a seed for its workers
                pixels = next(loader)
            yield pixels, rows


def _has_room(images: MemoryImages, device: torch.device) -> bool:
    """Whether a GPU holds all the pixels; on the CPU they are there already."""
    if device.type != "cuda":
        return False
    channels, height, width = images.shape
    free, _ = torch.cuda.mem_get_info(device)
    return len(images) * channels * height * width <= _SHARE_OF_DEVICE * free

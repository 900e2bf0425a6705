"""Batches of images that worker threads decode ahead of the training step.

Threads and not processes: libjpeg and the scaling work outside of Python's lock, no image is copied between
processes, and containers with a small /dev/shm do not stop.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import torch

from assay.data.images.filling import num_workers

if TYPE_CHECKING:
    from assay.data.images.images import StreamedImages

_AHEAD = 2  # batches ready or in work for each worker


class StreamLoader:
    """Iterates uint8 batches (B, C, H, W) in a given order, decoded ahead; in pinned memory where CUDA is.

    Args:
        images: what to decode.
        order: (M,) row numbers.
        batch_size: images a batch; the last may be smaller.
        workers: threads; 0 decodes in the caller's, absent: one for each core, at most 8.
    """

    def __init__(
        self, images: StreamedImages, order: np.ndarray, batch_size: int, workers: int | None = None
    ) -> None:
        self.images, self.order, self.batch_size = images, order, batch_size
        self.workers = min(num_workers(workers), len(self))

    def __len__(self) -> int:
        return (len(self.order) + self.batch_size - 1) // self.batch_size

    def __iter__(self) -> Iterator[torch.Tensor]:
        """The batches.

        Raises:
            DataError: an image can no longer be read, with its name.
        """
        starts = range(0, len(self.order), self.batch_size)
        if not self.workers:
            yield from map(self._batch, starts)
            return
        pool = ThreadPoolExecutor(self.workers, thread_name_prefix="decode")
        waiting: deque[Future[torch.Tensor]] = deque()
        try:
            for start in starts:
                waiting.append(pool.submit(self._batch, start))
                if len(waiting) > self.workers * _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _batch(self, start: int) -> torch.Tensor:
        images_BCHW = self.images.batch(self.order[start : start + self.batch_size])
        return images_BCHW.pin_memory() if torch.cuda.is_available() else images_BCHW

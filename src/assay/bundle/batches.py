"""Rows or images in batches of bounded memory, as a deployed network takes them."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
import torch
from torch import Tensor

from assay.data.images.filling import num_workers
from assay.data.images.images import Images

_NUMBERS = 2**20  # of a batch of images, of which a network's first layers make many times as many


def in_batches(raw: np.ndarray | Images, most: int) -> Iterator[Tensor]:
    """Raw rows or images as a schema encodes them, batch by batch; no rows are one batch of none.

    Images that are not in memory are decoded ahead by threads, which draw no random numbers; no more batches
    than threads wait.

    Args:
        raw: as `schema.encode` gives it.
        most: rows of a batch; of large images fewer are taken.

    Raises:
        DataError: an image can no longer be read, with its name.
    """
    if isinstance(raw, np.ndarray):
        return iter(torch.split(torch.from_numpy(raw), most))
    if not len(raw):
        return iter([torch.empty(0, *raw.shape, dtype=torch.uint8)])
    size = max(1, min(most, _NUMBERS // math.prod(raw.shape)))
    return raw.batches(size) if raw.in_memory else _decoded_ahead(raw, size)


def _decoded_ahead(images: Images, size: int) -> Iterator[Tensor]:
    workers = max(1, num_workers(None))
    waiting: deque[Future[Tensor]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        for start in range(0, len(images), size):
            rows = np.arange(start, min(start + size, len(images)))
            waiting.append(pool.submit(images.batch, rows))
            if len(waiting) > workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

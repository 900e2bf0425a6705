"""Images with equal pixels: one photo that stands in the data more than once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from assay.data.images.images import Images

_BATCH = 256


def equal_images(parts: Sequence[Images]) -> np.ndarray:
    """(N,) int64 numbers, equal for equal images, of all parts one after the other.

    Images in memory are compared as a network gets them: equal pixels can't be told apart by any network.
    Images that are decoded when they are asked for are compared by the bytes of their files, which takes a
    fraction of the time and finds fewer; either way an image that is found equal is.

    Raises:
        DataError: a file can no longer be read.
    """
    digests = [digest for images in parts for digest in _digests(images)]
    _, number_N = np.unique(np.array(digests, dtype="S16"), return_inverse=True)
    return np.asarray(number_N, dtype=np.int64)


def _digests(images: Images) -> Iterator[bytes]:
    for start in range(0, len(images), _BATCH):
        rows = range(start, min(start + _BATCH, len(images)))
        encoded = [None if images.in_memory else images.store.encoded(row) for row in rows]
        if any(one is None for one in encoded):
            encoded = [image.tobytes() for image in images.batch(np.array(rows)).numpy()]
        # As hexadecimal digits: numpy's strings of bytes end at the last byte that is not 0.
        yield from (blake2b(one or b"", digest_size=8).hexdigest().encode() for one in encoded)

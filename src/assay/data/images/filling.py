"""Decodes many images at once, by threads: neither libjpeg nor the scaling holds Python's lock."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

import numpy as np
import torch

from assay.core.errors import DataError
from assay.data.images.decoding import check_pixels
from assay.data.images.fitting import shaped
from assay.data.images.image_format import ImageFormat
from assay.data.images.store import Store

Result = TypeVar("Result")
_CHUNK = 128


def num_workers(asked: int | None) -> int:
    """How many decode at once: as asked, or one for each core this process may use, at most 8."""
    if asked is not None:
        return asked
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, 8)


def in_chunks(
    count: int, work: Callable[[range], Result], workers: int | None = None, chunk: int = _CHUNK
) -> Iterator[Result]:
    """`work` on consecutive ranges of row numbers, by threads, with the results in order."""
    ranges = [range(start, min(start + chunk, count)) for start in range(0, count, chunk)]
    threads = min(num_workers(workers), len(ranges))
    if threads <= 1:
        yield from map(work, ranges)
        return
    with ThreadPoolExecutor(threads) as pool:
        try:
            yield from pool.map(work, ranges)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def filled(store: Store, format: ImageFormat, workers: int | None = None) -> torch.Tensor:
    """(N, C, H, W) uint8: all images, decoded and brought to the format.

    Raises:
        DataError: an image cannot be read, with its name.
    """
    images_NCHW, broken = fill(store, format, workers)
    if broken:
        row, reason = next(iter(broken.items()))
        raise DataError(reason, where=str(store.names[row]))
    return images_NCHW


def fill(
    store: Store, format: ImageFormat, workers: int | None = None
) -> tuple[torch.Tensor, dict[int, str]]:
    """(N, C, H, W) uint8, and by row number why an image could not be decoded; its pixels are black."""
    images_NCHW = torch.zeros((len(store), *format.shape), dtype=torch.uint8)

    def decode(rows: range) -> dict[int, str]:
        broken = {}
        for row in rows:
            try:
                images_NCHW[row] = shaped(store.pixels(row, format.max_pixels), format)
            except DataError as error:
                broken[row] = error.message
        return broken

    with _quiet():
        return images_NCHW, _merged(in_chunks(len(store), decode, workers))


def check(store: Store, max_pixels: int, workers: int | None = None) -> dict[int, str]:
    """Decode every image and forget it: by row number, why one could not be decoded."""

    def decode(rows: range) -> dict[int, str]:
        broken = {}
        for row in rows:
            try:
                store.pixels(row, max_pixels)
            except DataError as error:
                broken[row] = error.message
        return broken

    with _quiet():
        return _merged(in_chunks(len(store), decode, workers))


def damaged(
    store: Store, known: Mapping[int, str], max_pixels: int, workers: int | None = None
) -> dict[int, str]:
    """By row number, why images beside the known broken ones cannot be decoded."""
    rows = np.setdiff1d(np.arange(len(store)), np.array(list(known), dtype=np.int64))
    return {int(rows[row]): why for row, why in check(store.take(rows), max_pixels, workers).items()}


@contextmanager
def _quiet() -> Iterator[None]:
    """Without Pillow's warnings about files: what is wrong with them is said by Assay, with their names."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"PIL\.")
        yield


def _merged(found: Iterable[dict[int, str]]) -> dict[int, str]:
    return {row: reason for part in found for row, reason in part.items()}


def sizes_and_modes(
    store: Store, max_pixels: int, workers: int | None = None
) -> tuple[np.ndarray, np.ndarray, dict[int, str]]:
    """What the headers say.

    Returns:
        (N, 2) int32 height and width; (N,) whether the image is grey; and by row number why an image has no
        header, or is too large.
    """
    sizes_N2, is_grey_N = np.zeros((len(store), 2), dtype=np.int32), np.zeros(len(store), dtype=bool)

    def look(rows: range) -> dict[int, str]:
        broken = {}
        for row in rows:
            try:
                header = store.header(row)
                check_pixels(header.width, header.height, max_pixels)
            except DataError as error:
                broken[row] = error.message
                continue
            sizes_N2[row] = header.height, header.width
            is_grey_N[row] = header.is_grey
        return broken

    with _quiet():
        return sizes_N2, is_grey_N, _merged(in_chunks(len(store), look, workers))

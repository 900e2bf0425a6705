"""N images, handed out as uint8 tensors of one shape: from memory, or decoded when they are asked for."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Self

import numpy as np
import torch

from assay.core.errors import DataError
from assay.data.images.filling import filled
from assay.data.images.fitting import shaped
from assay.data.images.image_format import ImageFormat
from assay.data.images.origin import Origin
from assay.data.images.store import Store

if TYPE_CHECKING:
    from PIL.Image import Image

    from assay.data.images.streaming import StreamLoader

Rows = np.ndarray | torch.Tensor


class Images(ABC):
    """Images in one order and one shape.

    Attributes:
        format: channels, height, width, and how other sizes are brought to them.
        sizes_N2: (N, 2) int32, the own height and width of each, before any fitting.
        origin: what the reader knows of them; None where no reader has made them.
    """

    in_memory: bool

    def __init__(
        self, store: Store, format: ImageFormat, sizes_N2: np.ndarray, origin: Origin | None = None
    ) -> None:
        self.store = store
        self.format = format
        self.sizes_N2 = sizes_N2
        self.origin = origin

    def __len__(self) -> int:
        return len(self.store)

    def __repr__(self) -> str:
        where = "in memory" if self.in_memory else "streamed"
        return f"{type(self).__name__}({len(self):,} of {self.shape}, {where})"

    @property
    def shape(self) -> tuple[int, int, int]:
        """(channels, height, width) of every image handed out."""
        return self.format.shape

    @property
    def names(self) -> list[str]:
        """(N,) the path relative to the folder, or "row 17"."""
        return list(self.store.names)

    @abstractmethod
    def take(self, rows: Rows) -> Self:
        """The images of these row numbers, or where a mask is true; no pixel and no file is copied."""

    @abstractmethod
    def batch(self, rows: Rows) -> torch.Tensor:
        """(B, C, H, W) uint8: the images of these row numbers."""

    @abstractmethod
    def at_format(self, format: ImageFormat) -> Images:
        """The same images handed out in another shape, made from the originals again."""

    def at_size(self, height: int, width: int) -> Images:
        """The same images handed out at another size, made from the originals again."""
        return self.at_format(replace(self.format, height=height, width=width))

    def batches(self, size: int) -> Iterator[torch.Tensor]:
        """All images in order, as uint8 batches of at most `size`."""
        for start in range(0, len(self), size):
            yield self.batch(np.arange(start, min(start + size, len(self))))

    def original(self, row: int) -> Image:
        """One image as it is in the file, upright, in mode RGB or L.

        Raises:
            DataError: it can no longer be read, with its name.
        """
        from PIL import Image as Pillow

        pixels = self._named(row, self.format.max_pixels)
        values = np.ascontiguousarray(pixels.permute(1, 2, 0).numpy())
        return Pillow.fromarray(values[..., 0] if values.shape[2] == 1 else values)

    def decoded(self, row: int) -> torch.Tensor:
        """(C, H, W) uint8: one image decoded again from its source and brought to the shape.

        Raises:
            DataError: it can no longer be read, with its name.
        """
        return shaped(self._named(row, self.format.max_pixels), self.format)

    def _origin_of(self, rows: np.ndarray) -> Origin | None:
        return None if self.origin is None else self.origin.take(rows)

    def _origin_at(self, format: ImageFormat) -> Origin | None:
        return None if self.origin is None else self.origin.stating(format)

    def _named(self, row: int, max_pixels: int) -> torch.Tensor:
        try:
            return self.store.pixels(row, max_pixels)
        except DataError as error:
            raise DataError(error.message, hint=error.hint, where=str(self.store.names[row])) from error


def row_numbers(rows: Rows, count: int) -> np.ndarray:
    """(M,) int64 row numbers from 0 of row numbers or a mask."""
    chosen = rows.cpu().numpy() if isinstance(rows, torch.Tensor) else np.asarray(rows)
    numbers: np.ndarray = np.arange(count)[chosen if chosen.dtype == np.bool_ else chosen.astype(np.int64)]
    return numbers


class MemoryImages(Images):
    """Images whose pixels are kept, decoded once.

    Args:
        pixels_MCHW: uint8; what `index` points into.
        index: (N,) int64 row numbers in it, absent: all in order.
    """

    in_memory = True

    def __init__(
        self,
        store: Store,
        format: ImageFormat,
        sizes_N2: np.ndarray,
        pixels_MCHW: torch.Tensor,
        index: np.ndarray | None = None,
        *,
        origin: Origin | None = None,
    ) -> None:
        super().__init__(store, format, sizes_N2, origin)
        self._pixels_MCHW = pixels_MCHW
        self._index = None if index is None else torch.from_numpy(index)

    @property
    def tensor_NCHW(self) -> torch.Tensor:  # noqa: N802
        """(N, C, H, W) uint8; a copy wherever rows were taken, so keep it rather than ask again."""
        if self._index is None:
            return self._pixels_MCHW
        return self._pixels_MCHW.index_select(0, self._index)

    def take(self, rows: Rows) -> MemoryImages:
        """The images of these row numbers, or where a mask is true; they share the pixels."""
        chosen = row_numbers(rows, len(self))
        index = chosen if self._index is None else self._index.numpy()[chosen]
        store, sizes, origin = self.store.take(chosen), self.sizes_N2[chosen], self._origin_of(chosen)
        return MemoryImages(store, self.format, sizes, self._pixels_MCHW, index, origin=origin)

    def batch(self, rows: Rows) -> torch.Tensor:
        """(B, C, H, W) uint8: a copy of the pixels of these row numbers."""
        chosen = torch.from_numpy(row_numbers(rows, len(self)))
        return self._pixels_MCHW.index_select(0, chosen if self._index is None else self._index[chosen])

    def at_format(self, format: ImageFormat) -> MemoryImages:
        """The same images in another shape, decoded from their source again."""
        if format == self.format:
            return self
        pixels = filled(self.store, format)
        return MemoryImages(self.store, format, self.sizes_N2, pixels, origin=self._origin_at(format))


class StreamedImages(Images):
    """Images that are decoded whenever they are asked for."""

    in_memory = False

    def take(self, rows: Rows) -> StreamedImages:
        """The images of these row numbers, or where a mask is true."""
        chosen = row_numbers(rows, len(self))
        store, sizes = self.store.take(chosen), self.sizes_N2[chosen]
        return StreamedImages(store, self.format, sizes, self._origin_of(chosen))

    def batch(self, rows: Rows) -> torch.Tensor:
        """(B, C, H, W) uint8, decoded now.

        Raises:
            DataError: an image can no longer be read, with its name.
        """
        chosen = row_numbers(rows, len(self))
        images_BCHW = torch.empty((len(chosen), *self.shape), dtype=torch.uint8)
        for place, row in enumerate(chosen.tolist()):
            images_BCHW[place] = self.decoded(row)
        return images_BCHW

    def at_format(self, format: ImageFormat) -> StreamedImages:
        """The same images, decoded to another shape from now on."""
        return StreamedImages(self.store, format, self.sizes_N2, self._origin_at(format))

    def loader(self, order: Rows, batch_size: int, workers: int | None = None) -> StreamLoader:
        """Batches of uint8 in this order, decoded ahead by worker threads.

        Args:
            order: (M,) row numbers.
            batch_size: images a batch; the last may be smaller.
            workers: threads; 0 decodes in the caller's, absent: one for each core, at most 8.
        """
        from assay.data.images.streaming import StreamLoader

        return StreamLoader(self, row_numbers(order, len(self)), batch_size, workers)


class UndecodedImages(Images):
    """Images of which only names and headers are known; their pixels are sealed until somebody decodes them.

    The format is not decided yet, and means nothing.
    """

    in_memory = False

    def take(self, rows: Rows) -> UndecodedImages:
        """The images of these row numbers, or where a mask is true."""
        chosen = row_numbers(rows, len(self))
        store, sizes = self.store.take(chosen), self.sizes_N2[chosen]
        return UndecodedImages(store, self.format, sizes, self._origin_of(chosen))

    def batch(self, rows: Rows) -> torch.Tensor:
        """Refused: what decodes these images must be on purpose (`decoded_by`, `decoded_as`).

        Raises:
            RuntimeError: always.
        """
        raise RuntimeError("these images are not decoded yet")

    def at_format(self, format: ImageFormat) -> Images:
        """Refused as well.

        Raises:
            RuntimeError: always.
        """
        raise RuntimeError("these images are not decoded yet")

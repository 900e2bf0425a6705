"""Where images come from: files, encoded bytes, or arrays that are decoded already."""

from __future__ import annotations

import os
import stat
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from assay.core.errors import DataError
from assay.data.images.decoding import check_pixels, decoded
from assay.data.images.headers import Header, image_format, read_header

_HEAD = 64


class Store(ABC):
    """N images in their own sizes. A store is small, can be pickled, and shares what it holds with its parts.

    Attributes:
        names: (N,) strings, by which messages name the images.
    """

    def __init__(self, names: Sequence[str] | np.ndarray) -> None:
        self.names = np.asarray(names, dtype=object)

    def __len__(self) -> int:
        return len(self.names)

    @abstractmethod
    def take(self, rows: np.ndarray) -> Store:
        """The store of these row numbers."""

    @abstractmethod
    def header(self, row: int) -> Header:
        """What the image says about itself; DataError with the reason alone where it is none."""

    @abstractmethod
    def pixels(self, row: int, max_pixels: int) -> torch.Tensor:
        """uint8 (C, H, W), C 1 or 3, in the image's own size; DataError with the reason alone."""

    def encoded(self, row: int) -> bytes | None:
        """The file's bytes; None where there is no file."""
        return None

    @abstractmethod
    def content(self, row: int) -> bytes:
        """What tells the image from another, without decoding: the file's bytes, or the array's."""


class EncodedStore(Store):
    """Images as the bytes of a file."""

    @abstractmethod
    def encoded(self, row: int) -> bytes:
        """The file's bytes; DataError with the reason alone where they cannot be read."""

    def header(self, row: int) -> Header:
        """What the file's first bytes say."""
        return read_header(self.encoded(row))

    def content(self, row: int) -> bytes:
        """The file's bytes."""
        return self.encoded(row)

    def pixels(self, row: int, max_pixels: int) -> torch.Tensor:
        """The file, decoded."""
        return decoded(self.encoded(row), max_pixels)


class FileStore(EncodedStore):
    """Image files.

    Args:
        names: for messages, relative to the folder.
        paths: (N,) what the operating system opens.
    """

    def __init__(self, names: Sequence[str] | np.ndarray, paths: Sequence[str] | np.ndarray) -> None:
        super().__init__(names)
        self.paths = np.asarray(paths, dtype=object)

    def take(self, rows: np.ndarray) -> FileStore:
        """The store of these row numbers."""
        return FileStore(self.names[rows], self.paths[rows])

    def encoded(self, row: int) -> bytes:
        """The file's bytes."""
        return file_bytes(self.paths[row])


def file_bytes(path: str | Path) -> bytes:
    """The bytes of an image file; of any other only the first ones are read.

    Raises:
        DataError: it cannot be opened, is no regular file, or no image; the message is the reason alone.
    """
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116  # a pipe would be waited for
            raise DataError("it is no regular file")
        with open(path, "rb") as stream:  # noqa: PTH123  # a third of pathlib's time for small files
            head = stream.read(_HEAD)
            if head and not image_format(head):
                return head + stream.read(_HEAD * 3)
            return head + stream.read()
    except (OSError, ValueError) as error:
        raise DataError(f"it cannot be opened ({getattr(error, 'strerror', None) or error})") from error
    except MemoryError as error:
        raise DataError("the file is too large for the memory") from error


class BytesStore(EncodedStore):
    """Encoded images one behind the other in one buffer.

    Args:
        names: for messages.
        buffer: (B,) uint8.
        starts: (N,) int64; where each begins, -1 where there is none.
        lengths: (N,) int64.
    """

    def __init__(
        self,
        names: Sequence[str] | np.ndarray,
        buffer: np.ndarray,
        starts: np.ndarray,
        lengths: np.ndarray,
    ) -> None:
        super().__init__(names)
        self.buffer, self.starts, self.lengths = buffer, starts, lengths

    @classmethod
    def of(cls, names: Sequence[str], values: Sequence[bytes | None]) -> BytesStore:
        """The store of these encoded images; None where there is none."""
        lengths = np.array([len(value or b"") for value in values], dtype=np.int64)
        starts = np.cumsum(lengths) - lengths
        starts[np.array([value is None for value in values], dtype=bool)] = -1
        buffer = np.frombuffer(b"".join(value or b"" for value in values), dtype=np.uint8)
        return cls(names, buffer, starts, lengths)

    def take(self, rows: np.ndarray) -> BytesStore:
        """The store of these row numbers."""
        return BytesStore(self.names[rows], self.buffer, self.starts[rows], self.lengths[rows])

    def encoded(self, row: int) -> bytes:
        """A copy of the image's part of the buffer."""
        start = int(self.starts[row])
        if start < 0:
            raise DataError("there is no image (the value is missing)")
        return self.buffer[start : start + int(self.lengths[row])].tobytes()


class ArrayStore(Store):
    """Images that are decoded already.

    Args:
        names: for messages.
        arrays: (M, C, H, W) uint8, or M tensors of (C, H, W), each with 1 or 3 channels.
        index: (N,) which of them; absent: all.
    """

    def __init__(
        self,
        names: Sequence[str] | np.ndarray,
        arrays: torch.Tensor | Sequence[torch.Tensor],
        index: np.ndarray | None = None,
    ) -> None:
        super().__init__(names)
        self.arrays = arrays
        self.index = np.arange(len(self.names)) if index is None else index

    def take(self, rows: np.ndarray) -> ArrayStore:
        """The store of these row numbers."""
        return ArrayStore(self.names[rows], self.arrays, self.index[rows])

    def header(self, row: int) -> Header:
        """The array's shape."""
        channels, height, width = self.arrays[int(self.index[row])].shape
        return Header("", "L" if channels == 1 else "RGB", width, height)

    def content(self, row: int) -> bytes:
        """The array's values."""
        return self.arrays[int(self.index[row])].numpy().tobytes()

    def pixels(self, row: int, max_pixels: int) -> torch.Tensor:
        """The array itself."""
        pixels = self.arrays[int(self.index[row])]
        check_pixels(pixels.shape[2], pixels.shape[1], max_pixels)
        return pixels

"""Images from files, bytes and arrays in the shape that an exported network takes, without torch.

Pillow is needed for encoded images only; arrays go without.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assay.core.errors import DataError, MissingPartError
from assay.data.images.headers import DAMAGE, image_format, opened, orientation_of, read_header, said
from assay.data.images.plain_modes import plain
from assay.data.images.walking import is_named_image, printable, walk
from assay.export.portable.pixels import as_uint8, channels_first, shaped

if TYPE_CHECKING:
    pass

_EXPECTED = "a folder, a file, a list of images or paths, or an array of shape (N, H, W, C) was expected"
_SHOWN = 5
_FIRST_BYTES = 64


class Pictures:
    """The N images of a source, decoded batch by batch; the face of `assay.data.images.schema.ImageSchema`.

    Args:
        source: a folder, a file, a list of paths, Pillow images, arrays or bytes, or one array (N, H, W, C),
            (N, C, H, W) or (N, H, W).
        form: `image` of schema.json: channels, height, width, fit and max_pixels.

    Attributes:
        names: what each is called in messages: a path, or "row 17".

    Raises:
        DataError: there is no image, or one that cannot be read; the message names it.
        MissingPartError: encoded images are given, and Pillow is not installed.
    """

    def __init__(self, source: Any, form: Mapping[str, Any]) -> None:
        self.shape = int(form["channels"]), int(form["height"]), int(form["width"])
        self.fit, self.max_pixels = str(form["fit"]), int(form["max_pixels"])
        self.names, self._decode = self._found(source)
        if not self.names:
            raise DataError("there are no images", hint=_EXPECTED)

    def __len__(self) -> int:
        return len(self.names)

    def batch(self, start: int, stop: int) -> np.ndarray:
        """uint8 (N, C, H, W) of the images from `start` to before `stop`.

        Raises:
            DataError: an image is damaged; the message names it.
        """
        images_NCHW = np.empty((min(stop, len(self)) - start, *self.shape), dtype=np.uint8)
        for row in range(start, start + len(images_NCHW)):
            try:
                images_NCHW[row - start] = shaped(self._decode(row), self.shape, self.fit)
            except DataError as error:
                raise DataError(error.message, hint=error.hint, where=self.names[row]) from error
        return images_NCHW

    def _found(self, source: Any) -> tuple[list[str], Callable[[int], np.ndarray]]:
        if isinstance(source, str | PathLike):
            return self._files(*_paths(Path(source)))
        if isinstance(source, np.ndarray) and source.dtype != object:
            return _stack(source)
        if isinstance(source, bytes | bytearray | memoryview) or hasattr(source, "getexif"):
            source = [source]
        if not isinstance(source, Sequence | np.ndarray):
            raise DataError(f"images cannot be made of {type(source).__name__}", hint=_EXPECTED)
        items = list(source)
        if items and all(isinstance(item, str | PathLike) for item in items):
            return self._files([printable(str(item)) for item in items], [str(item) for item in items])
        return [f"row {row}" for row in range(len(items))], lambda row: self._pixels(items[row])

    def _files(self, names: list[str], paths: list[str]) -> tuple[list[str], Callable[[int], np.ndarray]]:
        need_pillow()
        broken = {}
        for name, path in zip(names, paths, strict=True):
            try:
                header = read_header(_bytes_of(path))
                self._check_size(header.width, header.height)
            except DataError as error:
                broken[name] = error.message
        if broken:
            listed = "; ".join(f"{name}: {why}" for name, why in list(broken.items())[:_SHOWN])
            more = f"; and {len(broken) - _SHOWN:,} more" if len(broken) > _SHOWN else ""
            raise DataError(
                f"{len(broken):,} of {len(names):,} images cannot be read: {listed}{more}",
                hint="remove or repair them",
            )
        return names, lambda row: self._decoded(_bytes_of(paths[row]))

    def _pixels(self, image: Any) -> np.ndarray:
        """uint8 (C, H, W) of a path, bytes, a Pillow image, or an array ([C,] H, W[, C])."""
        if isinstance(image, str | PathLike):
            image = _bytes_of(str(image))
        if isinstance(image, bytes | bytearray | memoryview):
            return self._decoded(bytes(image))
        if hasattr(image, "getexif") and hasattr(image, "convert"):
            self._check_size(int(image.size[0]), int(image.size[1]))
            return _upright(_channels_of(np.asarray(plain(image))), orientation_of(image))
        values = as_uint8(image)
        if values.ndim not in {2, 3}:
            raise DataError(f"an image has 2 or 3 axes, and this one has the shape {values.shape}")
        pixels = values[None] if values.ndim == 2 else channels_first(values)
        self._check_size(pixels.shape[2], pixels.shape[1])
        return pixels

    def _decoded(self, data: bytes) -> np.ndarray:
        """uint8 (C, H, W) of an encoded image, its EXIF orientation applied."""
        need_pillow()
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module=r"PIL\.")
            image = opened(data)
            self._check_size(*image.size)
            try:
                image.load()
                pixels = _channels_of(np.asarray(plain(image)))
            except DAMAGE as error:
                message = f"the {image.format} image is damaged or cut off ({said(error)})"
                raise DataError(message) from error
            return _upright(pixels, orientation_of(image))

    def _check_size(self, width: int, height: int) -> None:
        if width * height > self.max_pixels:
            raise DataError(
                f"{width:,} x {height:,} pixels are more than max_pixels = {self.max_pixels:,} allows"
            )


def need_pillow() -> None:
    """Pillow, or an error that says how to get it.

    Raises:
        MissingPartError: it is not installed.
    """
    try:
        import PIL  # noqa: F401
    except ImportError as error:
        raise MissingPartError(
            "image files are decoded by Pillow, which is not installed",
            hint="pip install pillow, or give arrays of pixels",
        ) from error


def _paths(path: Path) -> tuple[list[str], list[str]]:
    """The names and paths of all images below a folder, or of one file."""
    if not path.is_dir():
        if not path.exists():
            raise DataError(f"there is no file or folder {path}", hint=_EXPECTED)
        return [printable(path.name)], [str(path)]
    root = path.resolve()
    entries = list(walk(root, root))
    refused = next((entry for entry in entries if entry.refused), None)
    if refused is not None:
        raise DataError(refused.refused, hint="remove it", where=f"{path.name}/{refused.name}")
    kept = [entry for entry in entries if is_named_image(entry.path) or _holds_image(entry.path)]
    if not kept:
        raise DataError("the folder holds no images", where=str(path))
    return [entry.name for entry in kept], [entry.path for entry in kept]


def _bytes_of(path: str) -> bytes:
    """The bytes of an image file; of any other only the first ones are read."""
    if not os.path.isfile(path) and os.path.exists(path):  # noqa: PTH110, PTH113  # a pipe would be waited for
        raise DataError("it is no regular file")
    try:
        with Path(path).open("rb") as stream:
            head = stream.read(_FIRST_BYTES)
            return head + (stream.read() if image_format(head) else stream.read(3 * _FIRST_BYTES))
    except (OSError, ValueError) as error:
        raise DataError(f"it cannot be opened ({getattr(error, 'strerror', None) or error})") from error


def _holds_image(path: str) -> bool:
    try:
        return bool(image_format(_bytes_of(path)[:_FIRST_BYTES]))
    except DataError:
        return False


def _stack(values: np.ndarray) -> tuple[list[str], Callable[[int], np.ndarray]]:
    if values.ndim not in {2, 3, 4} or 0 in values.shape[1:]:
        raise DataError(f"an array of shape {values.shape} holds no images", hint=_EXPECTED)
    if not len(values):
        raise DataError("the array holds no images: its first axis is 0", hint=_EXPECTED)
    pixels = as_uint8(values)
    if pixels.ndim == 2:
        stack = pixels[None, None]
    elif pixels.ndim == 3:
        is_one = pixels.shape[-1] in {1, 3, 4}
        stack = channels_first(pixels)[None] if is_one else pixels[:, None]
    else:
        stack = channels_first(pixels)
    return [f"row {row}" for row in range(len(stack))], lambda row: stack[row]


def _channels_of(pixels: np.ndarray) -> np.ndarray:
    return pixels[None] if pixels.ndim == 2 else np.moveaxis(pixels, -1, 0)


def _upright(pixels_CHW: np.ndarray, orientation: int) -> np.ndarray:
    """The image turned as its EXIF orientation says (EXIF 2.3, tag 0x0112)."""
    if orientation in {5, 6, 7, 8}:
        pixels_CHW = pixels_CHW.transpose(0, 2, 1)
    mirrored = {2: (2,), 3: (1, 2), 4: (1,), 6: (2,), 7: (1, 2), 8: (1,)}.get(orientation)
    return pixels_CHW if mirrored is None else np.flip(pixels_CHW, mirrored)

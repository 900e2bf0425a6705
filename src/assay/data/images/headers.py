"""What the first bytes of an image file say: its format, size and mode, before a pixel is decoded."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from assay.core.errors import DataError

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

# What Pillow and its plugins raise at damaged files; warnings, where the user has them raised.
DAMAGE = (
    OSError, SyntaxError, ValueError, ArithmeticError, LookupError, TypeError, AttributeError, EOFError,
    RuntimeError, MemoryError, AssertionError, struct.error, zlib.error, Warning,
)  # fmt: skip
READ = "JPEG, PNG, GIF, BMP, TIFF, WebP, AVIF, JPEG 2000 and PPM are read"

_JPEG = b"\xff\xd8\xff"
_SIGNATURES = (  # offset, bytes, Pillow's name of the format, its plugin
    (0, _JPEG, "JPEG", "JpegImagePlugin"),
    (0, b"\x89PNG\r\n\x1a\n", "PNG", "PngImagePlugin"),
    (0, b"GIF87a", "GIF", "GifImagePlugin"),
    (0, b"GIF89a", "GIF", "GifImagePlugin"),
    (0, b"BM", "BMP", "BmpImagePlugin"),
    (0, b"II*\0", "TIFF", "TiffImagePlugin"),
    (0, b"MM\0*", "TIFF", "TiffImagePlugin"),
    (0, b"II+\0", "TIFF", "TiffImagePlugin"),
    (8, b"WEBP", "WEBP", "WebPImagePlugin"),
    (4, b"ftypavi", "AVIF", "AvifImagePlugin"),
    (0, b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG2000", "Jpeg2KImagePlugin"),
    (0, b"\xff\x4f\xff\x51", "JPEG2000", "Jpeg2KImagePlugin"),
    *((0, b"P%d" % number, "PPM", "PpmImagePlugin") for number in range(1, 7)),
)
_TURNED = range(5, 9)  # EXIF orientations that swap height and width
_FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ORIENTATION = 0x0112


@dataclass(frozen=True)
class Header:
    """What an image file says about itself.

    Attributes:
        format: Pillow's name: JPEG, PNG, ...; "" for an array.
        mode: Pillow's name of what a pixel is: 1, L, P, RGB, RGBA, CMYK, I;16, ...
        width: pixels, with the EXIF orientation applied.
        height: pixels, likewise.
        orientation: EXIF orientation 1 to 8; 1 is upright.
        frames: of an animation or a file of several pages.
        bytes: length of the file; 0 for an array.
    """

    format: str
    mode: str
    width: int
    height: int
    orientation: int = 1
    frames: int = 1
    bytes: int = 0

    @property
    def is_grey(self) -> bool:
        """Whether it has no colour: one channel, with transparency or without."""
        return self.mode in {"1", "L", "LA", "La", "I", "I;16", "I;16B", "I;16L", "I;16N"}


def image_format(head: bytes) -> str:
    """The format that the first bytes (32 are enough) announce; "" where it is none that is read."""
    return next((form for at, sign, form, _ in _SIGNATURES if head.startswith(sign, at)), "")


def read_header(data: bytes) -> Header:
    """The header of an encoded image.

    Raises:
        DataError: the bytes are no image, or its header is damaged; the message is the reason alone.
    """
    plain = _jpeg_header(data) if data.startswith(_JPEG) else None
    if plain is not None:
        return plain
    image = opened(data)
    orientation = orientation_of(image)
    width, height = image.size
    if orientation in _TURNED:
        width, height = height, width
    try:
        frames = int(getattr(image, "n_frames", 1))
    except DAMAGE:
        frames = 1
    return Header(str(image.format), image.mode, width, height, orientation, frames, len(data))


def opened(data: bytes) -> ImageFile:
    """Pillow's image of which only the header is read.

    The plugin is asked directly: `Image.open` tries all of them, some of which start other programs, and it
    warns about large images in its own way.

    Raises:
        DataError: the bytes are no image, or its header is damaged.
    """
    from PIL import Image

    for at, sign, form, plugin in _SIGNATURES:
        if data.startswith(sign, at):
            if form not in Image.OPEN:
                import_module(f"PIL.{plugin}")
            if form not in Image.OPEN:
                raise DataError(f"{form} is not read by the Pillow that is installed")
            try:
                image = Image.OPEN[form][0](io.BytesIO(data), "")
                if min(image.size) < 1:
                    raise DataError(f"the image has {image.size[0]} x {image.size[1]} pixels")
            except DAMAGE as error:
                raise DataError(f"the header of the {form} image is damaged ({said(error)})") from error
            return image
    raise DataError(_no_image(data[:256]))


def orientation_of(image: ImageFile) -> int:
    """The EXIF orientation 1 to 8; 1 where there is none, or none that can be read."""
    if not {"exif", "xmp", "XML:com.adobe.xmp", "Raw profile type exif"} & image.info.keys() and (
        image.format != "TIFF"
    ):
        return 1
    try:
        found = image.getexif().get(_ORIENTATION, 1)
    except DAMAGE:
        return 1
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def _jpeg_header(data: bytes) -> Header | None:
    """The header of a usual JPEG (8 bits, grey or colour), faster than by Pillow; None for others."""
    at, end, orientation = 2, len(data) - 9, 1
    while at < end and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        length = data[at + 2] << 8 | data[at + 3]
        if marker in _FRAME_MARKERS:
            height, width = data[at + 5] << 8 | data[at + 6], data[at + 7] << 8 | data[at + 8]
            mode = {1: "L", 3: "RGB"}.get(data[at + 9])
            if data[at + 4] != 8 or mode is None or not height or not width:
                return None
            if orientation in _TURNED:
                width, height = height, width
            return Header("JPEG", mode, width, height, orientation, 1, len(data))
        if marker == 0xE1:
            body = data[at + 4 : at + 2 + length]
            if body.startswith(b"Exif\0\0"):
                orientation = _exif_orientation(body)
            elif body.startswith(b"http://ns.adobe.com/xap") and b"Orientation" in body:
                return None
        if marker == 0xDA or length < 2:
            return None
        at += 2 + length
    return None


def _exif_orientation(body: bytes) -> int:
    from PIL.Image import Exif

    try:
        exif = Exif()
        exif.load(body)
        found = exif.get(_ORIENTATION, 1)
    except DAMAGE:
        return 1
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def _no_image(head: bytes) -> str:
    if not head:
        return "the file is empty (0 bytes)"
    try:
        head.decode("utf-8")
        is_text = b"\0" not in head
    except UnicodeDecodeError as error:
        is_text = error.start > len(head) - 4 and len(head) == 256
    return "it holds text and no image" if is_text else f"it is no image of a known kind ({READ})"


def said(error: BaseException) -> str:
    """The first line of what a library says, or the name of its error."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:120]

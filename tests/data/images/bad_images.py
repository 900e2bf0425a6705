"""Image files as they should not be, and some that only look so."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
from PIL import Image


def pattern(height: int = 12, width: int = 16, seed: int = 0) -> np.ndarray:
    """uint8 (H, W, 3) without symmetry."""
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def smooth(height: int = 24, width: int = 32) -> np.ndarray:
    """uint8 (H, W, 3) that JPEG hardly changes."""
    y, x = np.mgrid[:height, :width]
    return np.stack([y * 8, x * 6, (x + y) * 3], -1).astype(np.uint8)


def encoded(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def png(image: np.ndarray | None = None) -> bytes:
    return encoded(Image.fromarray(pattern() if image is None else image))


def jpeg(image: np.ndarray | None = None, **options: object) -> bytes:
    return encoded(Image.fromarray(smooth() if image is None else image), "JPEG", quality=95, **options)


def with_orientation(number: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = number
    return jpeg(exif=exif.tobytes())


def bomb_png(width: int = 60_000, height: int = 60_000) -> bytes:
    """A PNG of a few hundred bytes that says it has 3.6 billion pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 10_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def bomb_jpeg() -> bytes:
    """A JPEG whose header says 65,500 x 65,500 pixels."""
    data = bytearray(jpeg())
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", 65_500, 65_500)
    return bytes(data)


def broken_exif() -> bytes:
    """A good JPEG whose EXIF block is rubbish."""
    body = b"Exif\0\0MM\0*\xff\xff\xff\xff" + b"\xfe" * 40
    data = jpeg()
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + data[2:]


def animation() -> bytes:
    frames = [Image.fromarray(np.full((10, 10, 3), value, np.uint8)) for value in (250, 120, 10)]
    return encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])


# Name: what the file holds, and what the error must say.
BROKEN: dict[str, tuple[bytes, str]] = {
    "empty.jpg": (b"", r"is empty \(0 bytes\)"),
    "one_byte.png": (b"\x89", "no image"),
    "text.jpg": (b"this is no image at all, whatever its name is\n" * 20, "holds text"),
    "unicode_text.png": ("übermäßig größer\n".encode() * 40, "holds text"),
    "html.jpg": (b"<!DOCTYPE html><html>404 Not Found</html>", "holds text"),
    "zeros.jpg": (bytes(5000), "no image of a known kind"),
    "pdf.png": (b"%PDF-1.7\n\xe2\xe3\xcf\xd3", "no image of a known kind"),
    "zip.png": (b"PK\x03\x04" + bytes(range(256)), "no image of a known kind"),
    "script.jpg": (b"%!PS-Adobe-3.0 EPSF-3.0\n(x) run\n", "holds text"),
    "svg.png": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "holds text"),
    "truncated.jpg": (jpeg()[:-300], "damaged"),
    "half.jpg": (jpeg(pattern(200, 200))[:5000], "damaged or cut off"),
    "only_header.jpg": (jpeg()[:30], "damaged"),
    "signature.jpg": (b"\xff\xd8\xff", "damaged"),
    "lost_tables.jpg": (
        jpeg().replace(b"\xff\xdb", b"\xff\xfe").replace(b"\xff\xc4", b"\xff\xfe"),
        "damaged",
    ),
    "truncated.png": (png()[:-200], "damaged or cut off"),
    "signature.png": (b"\x89PNG\r\n\x1a\n", "damaged"),
    "wrong_sum.png": (png()[:60] + bytes([png()[60] ^ 255]) + png()[61:], "damaged"),
    "zero_width.png": (bomb_png(0, 10), "damaged|0 x 10"),
    "truncated.gif": (animation()[:40], "damaged"),
    "truncated.webp": (encoded(Image.fromarray(pattern()), "WEBP", lossless=True)[:60], "damaged"),
    "truncated.bmp": (encoded(Image.fromarray(pattern()), "BMP")[:100], "damaged"),
    "truncated.tif": (encoded(Image.fromarray(pattern()), "TIFF")[:100], "damaged"),
    "truncated.ppm": (b"P6 100 100 255\n" + bytes(300), "damaged"),
    "nonsense.ppm": (b"P6 many pixels", "damaged"),
    "bomb.png": (bomb_png(), "60,000 x 60,000 pixels are more than max_pixels"),
    "bomb.jpg": (bomb_jpeg(), "65,500 x 65,500 pixels are more than max_pixels"),
    "float.tif": (encoded(Image.fromarray(np.ones((5, 5), np.float32)), "TIFF"), "floating point"),
}

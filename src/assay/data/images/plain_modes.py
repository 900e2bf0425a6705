"""Modes of Pillow images brought to grey or RGB of 8 bits; without torch, as the exported reader needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image


def plain(image: Image) -> Image:
    """The image in mode L or RGB, transparency over white.

    Raises:
        ValueError: floating point values, whose range nobody knows.
    """
    from PIL import Image as Pillow

    if image.mode in {"L", "RGB"} and "transparency" not in image.info:
        return image
    if image.mode == "1":
        return image.convert("L")
    if image.mode.startswith("I"):  # 16 bits as 8: 0 to 65,535 becomes 0 to 255, rounded
        values = np.clip(np.asarray(image, dtype=np.int64), 0, 65535)
        return Pillow.fromarray(((values + 128) // 257).astype(np.uint8))
    if image.mode == "F":
        raise ValueError("its values are floating point numbers, and what they range over is not said")
    is_grey = image.mode in {"L", "LA", "La"}
    if image.mode in {"LA", "La", "RGBA", "RGBa", "PA"} or "transparency" in image.info:
        over = image.convert("RGBA")
        white = Pillow.new("RGBA", over.size, (255, 255, 255, 255))
        return Pillow.alpha_composite(white, over).convert("L" if is_grey else "RGB")
    return image.convert("RGB")

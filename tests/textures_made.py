"""Images that all differ, as photos do, and copies of them."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image


def textures(num_images: int, side: int = 32, seed: int = 0) -> np.ndarray:
    """uint8 (N, side, side, 3): random patches, blown up smoothly, with a little noise."""
    random = np.random.default_rng(seed)
    images = []
    for _ in range(num_images):
        patch = Image.fromarray(random.integers(0, 256, (9, 9, 3), dtype=np.uint8))
        values = np.asarray(patch.resize((side, side), Image.Resampling.BICUBIC), dtype=np.float64)
        images.append(np.clip(values + random.normal(0, 4, values.shape), 0, 255).astype(np.uint8))
    return np.stack(images)


def compressed(image: np.ndarray, quality: int = 40) -> np.ndarray:
    """What JPEG leaves of an image (H, W, 3)."""
    stream = io.BytesIO()
    Image.fromarray(image).save(stream, "JPEG", quality=quality)
    return np.asarray(Image.open(stream))


def brighter(image: np.ndarray) -> np.ndarray:
    """With less contrast, and lighter."""
    return np.clip(image * 0.8 + 40, 0, 255).astype(np.uint8)


def mirror(image: np.ndarray) -> np.ndarray:
    """Left is right."""
    return np.ascontiguousarray(image[:, ::-1])


def grey(image: np.ndarray) -> np.ndarray:
    """Without colour, in three channels."""
    return np.asarray(Image.fromarray(image).convert("L").convert("RGB"))


def save(image: np.ndarray, path: Path, **choices: object) -> Path:
    """Write an image file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(image).save(path, **choices)
    return path


def save_classes(folder: Path, images: np.ndarray, classes: tuple[str, ...] = ("cat", "dog")) -> Path:
    """One folder a class, in turn, as PNG files named by number."""
    for number, image in enumerate(images):
        save(image, folder / classes[number % len(classes)] / f"{number:03d}.png")
    return folder

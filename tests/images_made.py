"""Small image sets that a network can learn, made from a seed."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import polars as pl
from PIL import Image

CLASSES = ("disc", "square", "stripes")


def made_images(num_rows: int, size: int = 16, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """uint8 (N, size, size, 3) and int64 (N,): a disc, a square or stripes in random colours."""
    random = np.random.default_rng(seed)
    labels = np.arange(num_rows) % len(CLASSES)
    random.shuffle(labels)
    return np.stack([_drawn(int(label), size, random) for label in labels]), labels.astype(np.int64)


def make_folder(
    folder: Path, num_rows: int = 60, size: int = 16, seed: int = 0, suffix: str = ".png"
) -> Path:
    """One folder a class with the images in it."""
    images, labels = made_images(num_rows, size, seed)
    for number, (image, label) in enumerate(zip(images, labels, strict=True)):
        path = folder / CLASSES[label] / f"{number:04d}{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(path)
    return folder


def make_parquet(path: Path, num_rows: int = 60, size: int = 16, seed: int = 0) -> Path:
    """A Parquet file with the columns `image` (PNG bytes) and `label` (class numbers)."""
    images, labels = made_images(num_rows, size, seed)
    pl.DataFrame({"image": [encoded(image) for image in images], "label": labels}).write_parquet(path)
    return path


def encoded(image: np.ndarray, kind: str = "PNG") -> bytes:
    """The bytes of an image file."""
    stream = io.BytesIO()
    Image.fromarray(image).save(stream, kind)
    return stream.getvalue()


def _drawn(label: int, size: int, random: np.random.Generator) -> np.ndarray:
    """(size, size, 3) uint8."""
    background, colour = random.integers(0, 100, 3), random.integers(150, 256, 3)
    y, x = np.mgrid[:size, :size]
    middle_y, middle_x = random.uniform(0.4, 0.6, 2) * size
    radius = random.uniform(0.25, 0.35) * size
    shapes = (
        (y - middle_y) ** 2 + (x - middle_x) ** 2 < radius**2,
        np.maximum(abs(y - middle_y), abs(x - middle_x)) < radius,
        (y + int(middle_y)) % 4 < 2,
    )
    image = np.where(shapes[label][..., None], colour, background) + random.normal(0, 8, (size, size, 3))
    return np.clip(image, 0, 255).astype(np.uint8)

"""What the augmentation does to training images, as images and in words."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assay.core.files import atomic_path
from assay.core.seeds import child_seed

if TYPE_CHECKING:
    from PIL.Image import Image
    from torch import Tensor

    from assay.data.images.augmentation import AugmentationSettings
    from assay.data.images.images import Images

_SIDE, _QUALITY = 96, 85
_IMAGES, _TIMES = 4, 7


def show_augmentation(
    folder: Path, images: Images, rows_N: np.ndarray, settings: AugmentationSettings, *, seed: int
) -> dict[str, Any] | None:
    """Write some training images as the network gets them, and as several epochs may see them.

    Args:
        folder: of the thumbnails.
        images: the training images.
        rows_N: (N,) their numbers in the data, from 1.
        settings: what is done.
        seed: names the choice of images and their changes.

    Returns:
        `{"did", "images": [{"row", "file", "changed": [file, ...]}]}`; None of fewer than two images.
    """
    import torch

    from assay.data.images.augmentation import Augmentation

    if len(images) < 2:
        return None
    rng = np.random.default_rng(child_seed(seed, "shown images"))
    places = rng.choice(len(images), min(_IMAGES, len(images)), replace=False)
    batch, augment = images.batch(places), Augmentation(settings)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(child_seed(seed, "shown augmentation"))
        changed = [augment(batch, torch.from_numpy(places), epoch)[0] for epoch in range(1, _TIMES + 1)]
    shown = []
    for number, place in enumerate(places):
        row = int(rows_N[place])
        files = [f"{row}-{time}.jpg" for time in range(_TIMES + 1)]
        for file, pixels in zip(files, [batch, *changed], strict=True):
            save_thumbnail(folder / file, as_image(pixels[number]))
        shown.append({"row": row, "file": files[0], "changed": files[1:]})
    return {"did": "; ".join(augmentation_words(settings)), "images": shown}


def save_thumbnail(path: Path, image: Image) -> None:
    """Write an image as a JPEG of at most 96 pixels a side; a smaller one keeps its size."""
    small = image.copy() if image.mode in {"RGB", "L"} else image.convert("RGB")
    small.thumbnail((_SIDE, _SIDE))
    stream = io.BytesIO()
    small.save(stream, "JPEG", quality=_QUALITY)
    with atomic_path(path) as temporary:
        temporary.write_bytes(stream.getvalue())


def as_image(pixels_CHW: Tensor) -> Image:
    """A PIL image of uint8 pixels, grey or RGB."""
    from PIL import Image

    values = np.ascontiguousarray(pixels_CHW.permute(1, 2, 0).numpy())
    return Image.fromarray(values[..., 0] if values.shape[2] == 1 else values)


def augmentation_words(settings: AugmentationSettings) -> Iterator[str]:
    """What is done, each with its share of the images."""
    own = settings
    if own.flip:
        yield f"{own.flip:.0%} mirrored"
    if own.alternate:
        yield "all mirrored in every other epoch"
    if own.crop:
        yield f"{own.crop_share:.0%} moved by up to {own.crop} pixels"
    if own.rotation:
        yield f"{own.rotation_share:.0%} turned by up to {own.rotation:g} degrees"
    if own.colour:
        yield f"{own.colour_share:.0%} in other colours (strength {own.colour:g})"
    if own.greyscale:
        yield f"{own.greyscale:.0%} without colour"
    if own.trivial:
        yield "100% changed by TrivialAugment"
    if own.cutout:
        yield f"{own.cutout_share:.0%} with a square of {own.cutout} pixels covered"
    if own.mixup or own.cutmix:
        names = " or ".join(name for name, on in (("mixup", own.mixup), ("cutmix", own.cutmix)) if on)
        yield f"{own.mix_share:.0%} of the batches mixed by {names}"

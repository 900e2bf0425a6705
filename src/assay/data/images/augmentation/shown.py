"""What each change does to a few images: a sheet for the report."""

from __future__ import annotations

import torch
from torch import Tensor

from assay.core.seeds import child_seed
from assay.data.images.augmentation.augmentation import Augmentation
from assay.data.images.augmentation.settings import AugmentationSettings

# N images, C channels, H by W pixels.


def shown(
    images_NCHW: Tensor, seed: int = 0, settings: AugmentationSettings | None = None
) -> list[tuple[str, Tensor]]:
    """The images as they are, and after each change.

    Args:
        images_NCHW: uint8, a few.
        seed: of the random choices; torch's global generator stays as it was.
        settings: whose changes are shown, each by itself and then all together; None: every change that
            there is, by itself, in a usual strength.

    Returns:
        pairs (name with strength, uint8 images of the same shape); every image of a row is changed, so that
        there is something to see, except in the last row ("all together"), which is as in training.
    """
    everything = settings is None
    own = _usual(min(images_NCHW.shape[2:])) if settings is None else settings
    rows = [("as it is", images_NCHW)]
    alone = [(name, _alone(own, fields)) for name, fields in _names(own)]
    if not everything:
        alone.append(("all together", own))
    with torch.random.fork_rng(devices=[]):
        for name, part in alone:
            torch.manual_seed(child_seed(seed, "shown", name))
            rows.append((name, Augmentation(part)(images_NCHW.cpu())[0]))
    return rows


def _usual(side: int) -> AugmentationSettings:
    return AugmentationSettings(
        flip=0.5,
        crop=max(1, side // 8),
        rotation=15,
        greyscale=0.1,
        colour=0.4,
        trivial=True,
        cutout=max(1, side // 4),
        mixup=0.2,
        cutmix=1,
    )


def _names(own: AugmentationSettings) -> list[tuple[str, dict[str, float | bool]]]:
    """The name of each change that is on, and the settings that do it to every image."""
    named: list[tuple[str, bool | float, dict[str, float | bool]]] = [
        ("flip", own.flip or own.alternate, {"flip": 1}),
        (f"crop, up to {own.crop} pixels", own.crop, {"crop": own.crop}),
        (f"rotation, up to {own.rotation:g} degrees", own.rotation, {"rotation": own.rotation}),
        (f"colour, {own.colour:g} strong", own.colour, {"colour": own.colour, "colour_share": 1}),
        ("greyscale", own.greyscale, {"greyscale": 1}),
        ("TrivialAugment", own.trivial, {"trivial": True}),
        (f"cutout, {own.cutout} pixels", own.cutout, {"cutout": own.cutout}),
        (f"mixup, alpha {own.mixup:g}", own.mixup, {"mixup": own.mixup}),
        (f"cutmix, alpha {own.cutmix:g}", own.cutmix, {"cutmix": own.cutmix}),
    ]
    return [(name, fields) for name, strength, fields in named if strength]


def _alone(own: AugmentationSettings, fields: dict[str, float | bool]) -> AugmentationSettings:
    return type(own)(**fields)

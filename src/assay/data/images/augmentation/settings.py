"""Which changes training images go through."""

from __future__ import annotations

from assay.core.settings import Settings, setting

_CHANGES = (
    "flip",
    "alternate",
    "crop",
    "rotation",
    "greyscale",
    "colour",
    "trivial",
    "cutout",
    "mixup",
    "cutmix",
)
_FEW_PIXELS = 16  # below, an image is too small to be moved without losing what it shows


class AugmentationSettings(Settings):
    """What is done to training images at random, anew in each epoch; all of it is off unless it is asked for.

    Validation and test images are never changed.
    """

    flip: float = setting(0.0, "share of the images that are mirrored left to right", ge=0, le=1)
    alternate: bool = setting(
        False, "mirror half of the images in odd epochs and the other half in even ones (Jordan, 2024)"
    )
    crop: int = setting(
        0, "pixels by which images are moved at most, in both directions; the edge is reflected", ge=0
    )
    crop_share: float = setting(1.0, "share of the images that are moved", ge=0, le=1)
    rotation: float = setting(0.0, "degrees by which images are turned at most, either way", ge=0, le=180)
    rotation_share: float = setting(1.0, "share of the images that are turned", ge=0, le=1)
    greyscale: float = setting(0.0, "share of the images that lose their colour", ge=0, le=1)
    colour: float = setting(
        0.0, "strength of changes of brightness, contrast, saturation and hue; 0.4 is much", ge=0, le=1
    )
    colour_share: float = setting(
        0.8, "share of the images whose colours change", "as in SimCLR (Chen et al., 2020)", ge=0, le=1
    )
    trivial: bool = setting(
        False, "TrivialAugment: one of 14 changes an image, of any strength (Müller and Hutter, 2021)"
    )
    cutout: int = setting(0, "side in pixels of a square that is covered (DeVries and Taylor, 2017)", ge=0)
    cutout_share: float = setting(1.0, "share of the images of which a square is covered", ge=0, le=1)
    mixup: float = setting(
        0.0, "alpha of mixup: blends of two images and their targets (Zhang et al., 2018); 0.2 is usual", ge=0
    )
    cutmix: float = setting(
        0.0, "alpha of cutmix: a box of another image, and its target (Yun et al., 2019); 1 is usual", ge=0
    )
    mix_share: float = setting(
        1.0, "share of the batches that are mixed; with both mixup and cutmix, half of them each", ge=0, le=1
    )

    @property
    def is_on(self) -> bool:
        """Whether anything is done at all."""
        return any(getattr(self, name) for name in _CHANGES)


def first_augmentation(
    num_rows: int, shape: tuple[int, int, int]
) -> tuple[AugmentationSettings | None, dict[str, str]]:
    """What to begin with, and the reason of each setting.

    Mirror images and small shifts are the two changes that nearly all photos bear (He et al., 2016, section
    4.2: 4 pixels at 32 x 32); whatever goes further costs accuracy while the network still under-fits, and
    is left to the remedies.

    Args:
        num_rows: of training.
        shape: (channels, height, width).

    Returns:
        None where nothing suits.
    """
    channels, height, width = shape
    side = min(height, width)
    if side < _FEW_PIXELS:
        return None, {"augmentation": f"images of {height} x {width} pixels are too small to be moved"}
    grey = channels == 1
    crop = max(1, side // (16 if grey else 8))
    reasons = {
        "flip": "grey images are often letters or digits, whose mirror image is another sign"
        if grey
        else f"a mirrored photo shows the same; {num_rows:,} images count as twice as many",
        "crop": f"a sixteenth of the side of {side} pixels, as little of a sign may be lost"
        if grey
        else f"an eighth of the side of {side} pixels, as is usual for photos",
    }
    return AugmentationSettings(flip=0.0 if grey else 0.5, crop=crop), reasons

"""Random changes of training images that leave their class as it is, on whole uint8 batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.data.images.augmentation.settings import AugmentationSettings, first_augmentation

if TYPE_CHECKING:
    from assay.data.images.augmentation.augmentation import Augmentation

__all__ = ["Augmentation", "AugmentationSettings", "first_augmentation"]


def __getattr__(name: str) -> Any:
    if name == "Augmentation":  # needs torch, which the settings don't
        from assay.data.images.augmentation.augmentation import Augmentation

        return Augmentation
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

"""At which size images are handed out."""

from __future__ import annotations

import numpy as np

from assay.data.images.settings import ImageSettings

_SMALL = 256  # a common size up to this is kept
_LARGEST = 224  # what ImageNet networks are trained with
_STEP = 32  # what five halvings of height and width divide


def target_size(sizes_N2: np.ndarray, settings: ImageSettings | None = None) -> tuple[tuple[int, int], str]:
    """The size for images of these sizes, and the reason, one clause.

    One common size of up to 256 pixels a side is kept. Otherwise images are square, with the median of their
    shorter sides, at most 224, in steps of 32 (shorter than 32: as it is).

    Args:
        sizes_N2: (N, 2) height and width of each.
        settings: a stated size goes before the rule.

    Returns:
        (height, width) and the reason.
    """
    stated = None if settings is None else settings.size
    if stated is not None:
        height, width = (stated, stated) if isinstance(stated, int) else stated
        return (height, width), "as the recipe states"
    if not len(sizes_N2):
        return (_STEP, _STEP), "there is no image to go by"
    low, high = sizes_N2.min(axis=0), sizes_N2.max(axis=0)
    if (low == high).all() and high.max() <= _SMALL:
        return (int(high[0]), int(high[1])), "the size of every image"
    shorter = float(np.median(sizes_N2.min(axis=1)))
    side = int(min(shorter, _LARGEST))
    if side > _STEP:
        side -= side % _STEP
    spread = (
        f"{low[0]} x {low[1]} to {high[0]} x {high[1]}" if (low != high).any() else f"{high[0]} x {high[1]}"
    )
    return (max(side, 1),) * 2, (
        f"sizes go from {spread} (height x width); the median of the shorter sides is {shorter:g}, "
        f"at most {_LARGEST}, a multiple of {_STEP}"
        if side >= _STEP
        else f"the median of the shorter sides is {shorter:g}"
    )

"""Whether images are kept in memory or decoded whenever they are needed."""

from __future__ import annotations

from typing import Literal

from assay.data.images.image_format import ImageFormat
from assay.data.images.memory import free_memory

_SHARE = 3  # decoded images may take one part in so many of the free memory


def choose_storage(
    count: int, format: ImageFormat, asked: Literal["auto", "memory", "stream"]
) -> tuple[Literal["memory", "stream"], str]:
    """Memory where the decoded images take at most a third of what is free; and a note on it.

    The note does not say how much that is: it would be another number each time.

    Args:
        count: images.
        format: the shape they are handed out in, one byte a value.
        asked: "auto" goes by the rule.
    """
    channels, height, width = format.shape
    needed = count * channels * height * width
    chosen: Literal["memory", "stream"] = (
        asked if asked != "auto" else "memory" if needed * _SHARE <= free_memory() else "stream"
    )
    how = "kept in memory" if chosen == "memory" else "decoded whenever they are needed (streamed)"
    compared = "at most" if chosen == "memory" else "more than"
    why = "as you stated" if asked != "auto" else f"{compared} a third of the free memory"
    return chosen, f"images are {how}: decoded they take {_size(needed)}, {why}"


def _size(number: float) -> str:
    return f"{number / 1e9:,.1f} GB" if number >= 1e9 else f"{number / 1e6:,.1f} MB"

"""What may be said about images: their size, their channels, and how they are read."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from assay.core.settings import Settings, setting

Fit = Literal["squash", "crop", "pad"]
Side = Annotated[int, Field(ge=1, le=4096)]


class ImageSettings(Settings):
    """How images are read and which shape they are handed out in."""

    size: Side | tuple[Side, Side] | None = setting(
        None,
        "pixels: one number for a square, or [height, width]",
        "the common size where all have one of up to 256, else the median of the shorter sides up to 224",
        example=(64, 96),
    )
    channels: Literal[1, 3] | None = setting(
        None, "1 for grey, 3 for colour", "1 where every image is grey, else 3"
    )
    fit: Fit = setting(
        "crop",
        "how another size is reached: crop cuts the centre, pad adds black borders, squash distorts",
        "keeps proportions, as ImageNet networks are trained",
    )
    skip_broken: bool = setting(
        False,
        "leave out files that are no image, broken, or larger than max_pixels, instead of refusing them",
        "a file that cannot be read is a mistake until somebody has looked at it",
    )
    storage: Literal["auto", "memory", "stream"] = setting(
        "auto",
        "memory: decode once and keep the pixels; stream: decode whenever a batch needs them",
        "memory where the decoded images take at most a third of the free memory",
    )
    workers: int | None = setting(
        None, "how many decode at once", "one for each processor core, at most 8", ge=0, le=256
    )
    max_pixels: int = setting(
        89_478_485,
        "larger images are refused: a small file can be made to decode to gigabytes",
        "Pillow's own limit against decompression bombs",
        ge=1,
    )

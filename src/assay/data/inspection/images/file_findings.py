"""What is worth saying about the files of an image set: broken ones, sizes, modes, orientation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np

from assay.core.finding import Finding
from assay.data.inspection.images.makeup import DEEP, GREY, Makeup, mode_words
from assay.data.inspection.wording import listed, percent

_NAMED = 3


class NotRead(Protocol):
    """A file that is no image that can be read."""

    @property
    def name(self) -> str:
        """Relative to the folder."""

    @property
    def reason(self) -> str:
        """Why, one clause."""


def images_are(count: int, verb: str = "is/are") -> str:
    """`1 image is`, `12 images are`."""
    one, many = verb.split("/")
    return f"{count:,} image" + (f" {one}" if count == 1 else f"s {many}")


def named(names: Sequence[str], rows: Sequence[int] | np.ndarray) -> str:
    """`(a.png, b.png, c.png and 4 more)`."""
    return f"({listed([names[row] for row in rows[:_NAMED]], of=len(rows))})"


def file_findings(
    makeup: Makeup, names: Sequence[str], shape: tuple[int, int, int], fit: str, broken: Sequence[NotRead]
) -> Iterator[Finding]:
    """Findings about files.

    Args:
        makeup: of the images.
        names: of each.
        shape: (channels, height, width) that they are handed out in.
        fit: how another size is brought to it.
        broken: files that were left out.
    """
    if broken:
        yield _broken(broken)
    yield from _sizes(makeup, names, shape, fit)
    if len(set(makeup.modes)) > 1 or makeup.rows_of_modes(DEEP).size:
        yield _modes(makeup, shape[0])
    turned = np.flatnonzero(makeup.is_turned)
    if turned.size:
        message = f"{images_are(len(turned), 'lies/lie')} on the side or upside down in the file "
        message += f"{named(names, turned)} and EXIF says how to turn them; Assay does"
        yield Finding("I104", "image", message, "if other programs draw boxes or label, see that they do too")
    moving = np.flatnonzero(makeup.frames > 1)
    if moving.size:
        message = f"{images_are(len(moving), 'has/have')} several frames or pages {named(names, moving)}"
        yield Finding(
            "I107", "image", message, "the first one is taken; save the others as files to use them"
        )


def _broken(broken: Sequence[NotRead]) -> Finding:
    shown = listed((f"{one.name}: {one.reason}" for one in broken[:_NAMED]), of=len(broken))
    files = "1 file was" if len(broken) == 1 else f"{len(broken):,} files were"
    return Finding(
        "I101", "image", f"{files} left out ({shown})", "look at them: save them again, or delete them"
    )


def _sizes(makeup: Makeup, names: Sequence[str], shape: tuple[int, int, int], fit: str) -> Iterator[Finding]:
    low, high = makeup.sizes.min(axis=0), makeup.sizes.max(axis=0)
    _, height, width = shape
    if (low != high).any():
        how = {"crop": "scaled and cut to the centre", "pad": "scaled and padded", "squash": "squashed"}[fit]
        message = f"sizes go from {low[0]} to {high[0]} wide and {low[1]} to {high[1]} high; all are {how}: "
        message += f"{width} x {height}"
        advice = "look at the contact sheet whether what matters is still seen; images.size and images.fit"
        yield Finding("I102", "image", message, f"{advice} change it")
    small = np.flatnonzero((makeup.sizes < (width, height)).any(axis=1))
    if small.size:
        message = (
            f"{images_are(len(small))} smaller than {width} x {height} {named(names, small)} and blown up"
        )
        yield Finding("I106", "image", message, "a smaller images.size, or larger originals, if there are")


def _modes(makeup: Makeup, channels: int) -> Finding:
    counted = Counter(makeup.modes).most_common()
    total = len(makeup.modes)
    shares = listed(f"{count:,} {mode_words(mode)} ({percent(count / total)})" for mode, count in counted)
    told = [f"{shares}; all become {'grey' if channels == 1 else 'RGB'} of 8 bits"]
    if makeup.rows_of_modes(DEEP).size:
        told.append("16 bits are scaled to 8")
    is_mixed = 0 < len(makeup.rows_of_modes(GREY)) < total
    advice = (
        "see that grey images aren't all of one class: a network would learn the camera"
        if is_mixed
        else "nothing, as long as new images are read by Assay too"
    )
    return Finding("I103", "image", ", ".join(told), advice)

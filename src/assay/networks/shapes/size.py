"""What goes from layer to layer: a volume of height x width x channels, or a row of numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assay.core.errors import RecipeError

_LARGEST = 10**9


@dataclass(frozen=True, slots=True)
class Volume:
    """An image, or the maps of a convolution; written height x width x channels, as the field draws it."""

    height: int
    width: int
    channels: int

    @property
    def count(self) -> int:
        """How many numbers it is."""
        return self.height * self.width * self.channels

    def __str__(self) -> str:
        return f"{self.height}x{self.width}x{self.channels}"


@dataclass(frozen=True, slots=True)
class Vector:
    """Numbers without a place: what flatten and linear give."""

    count: int

    def __str__(self) -> str:
        return str(self.count)


Shape = Volume | Vector


def read_size(size: str | Sequence[int] | Shape) -> Shape:
    """The size of an input.

    Args:
        size: ``"256x256x3"`` or ``(256, 256, 3)``: height, width, channels; ``"22"`` or ``(22,)``: numbers.

    Raises:
        RecipeError: it is neither, a side is 0, or the channels seem to stand first.
    """
    if isinstance(size, Volume | Vector):
        return size
    sides = _numbers(size) if isinstance(size, str) else list(size)
    if len(sides) == 2:
        raise RecipeError(
            f"the input {_shown(size)!r} has two sides, and no channels",
            hint=f"height x width x channels, e.g. {sides[0]}x{sides[1]}x3 for colour, "
            f"{sides[0]}x{sides[1]}x1 for grey",
        )
    if len(sides) not in {1, 3} or not all(_is_size(side) for side in sides):
        raise RecipeError(
            f"the input {_shown(size)!r} is no size: three numbers from 1 on are expected",
            hint="height x width x channels, e.g. 256x256x3; or one number for a row of a table, e.g. 22",
        )
    return Vector(sides[0]) if len(sides) == 1 else Volume(*sides)


def _numbers(text: str) -> list[int]:
    words = re.split(r"\s*[x\u00d7*]\s*", text.strip().lower())
    if not all(re.fullmatch(r"\d{1,10}", word) for word in words):
        return []
    sides = [int(word) for word in words]
    if len(sides) == 3 and sides[0] in {1, 3} and sides[1] == sides[2] >= 16:
        raise RecipeError(
            f"the input {text!r} has the channels first: it is {sides[0]} high, with {sides[2]} channels",
            hint=f"height x width x channels: {sides[1]}x{sides[2]}x{sides[0]}",
        )
    return sides


def _is_size(side: object) -> bool:
    return isinstance(side, int) and not isinstance(side, bool) and 1 <= side <= _LARGEST


def _shown(size: str | Sequence[int]) -> str:
    return size if isinstance(size, str) else "x".join(map(str, size))

"""Which part of the input one number of a layer is made from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assay.networks.shapes.layers import Flatten, GlobalPool, Layer, Linear
from assay.networks.shapes.size import Shape, Volume

_Pair = tuple[int, int]  # height, width


@dataclass(frozen=True, slots=True)
class ReceptiveField:
    """The receptive field after some layers (Araujo, Norris and Sim, 2019).

    Attributes:
        size: pixels of the input that one number sees, padding counted in.
        jump: pixels of the input from one number to its neighbour.
        grid: places that the numbers stand at; flatten keeps them, and a linear layer sees them all.
    """

    size: _Pair
    jump: _Pair
    grid: _Pair

    @classmethod
    def of(cls, shape: Shape) -> ReceptiveField:
        """That of the input itself."""
        return cls((1, 1), (1, 1), _grid(shape))

    def after(self, layer: Layer, output: Shape) -> ReceptiveField:
        """That after one more layer, which gives `output`."""
        size, jump = self.size, self.jump
        if layer.windows:
            windows = layer.windows
            size = _by_side(lambda side: self.size[side] + (windows[side].reach - 1) * self.jump[side])
            jump = _by_side(lambda side: self.jump[side] * windows[side].stride)
        elif isinstance(layer, GlobalPool | Linear):
            size = _by_side(lambda side: self.size[side] + (self.grid[side] - 1) * self.jump[side])
        keeps = isinstance(layer, Flatten) or (
            not isinstance(output, Volume) and not isinstance(layer, Linear)
        )
        return ReceptiveField(size, jump, self.grid if keeps else _grid(output))


def _grid(shape: Shape) -> _Pair:
    return (shape.height, shape.width) if isinstance(shape, Volume) else (1, 1)


def _by_side(value: Callable[[int], int]) -> _Pair:
    return value(0), value(1)

"""What each kind of layer does to a shape, and what it holds and costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from assay.core.errors import RecipeError
from assay.networks.shapes.size import Shape, Vector, Volume
from assay.networks.shapes.window import Window

ACTIVATIONS = ("relu", "gelu", "silu", "tanh", "sigmoid")
Windows = tuple[Window, Window]  # of the height and of the width


class Layer:
    """One layer; the methods take the shape that comes in.

    Attributes:
        windows: the kernels of height and width, for layers that slide one.
    """

    windows: Windows | None = None

    def output(self, shape: Shape) -> Shape:
        """The shape that goes out.

        Raises:
            RecipeError: the layer does not take the shape.
        """
        return shape

    def formula(self, shape: Shape) -> str:
        """How the output's size comes about, with numbers; empty where the size stays."""
        del shape
        return ""

    def parameter_formula(self, shape: Shape) -> str:
        """The number of trained numbers as a sum of products; empty where there are none."""
        del shape
        return ""

    def parameters(self, shape: Shape) -> int:
        """Trained numbers."""
        del shape
        return 0

    def multiply_adds(self, shape: Shape) -> int:
        """Multiplications that are summed up, for one input; those of norms are not counted."""
        del shape
        return 0


@dataclass(frozen=True, slots=True)
class Conv(Layer):
    """A convolution of `filters` filters, each over all channels of its group."""

    filters: int
    windows: Windows
    groups: int = 1
    bias: bool = True

    def output(self, shape: Shape) -> Shape:
        """(H, W, C) -> (H', W', filters)."""
        volume = _volume(shape, "conv")
        for what, size in [("channels of the input", volume.channels), ("filters", self.filters)]:
            if size % self.groups:
                raise RecipeError(
                    f"{self.groups} groups do not divide the {size} {what}", hint=f"change g{self.groups}"
                )
        height, width = _slid(self.windows, volume)
        return Volume(height, width, self.filters)

    def formula(self, shape: Shape) -> str:
        """By side."""
        return _sides(self.windows, _volume(shape, "conv"), padded=True)

    def parameter_formula(self, shape: Shape) -> str:
        """Kernel x channels x filters + biases."""
        height, width = self.windows
        channels = _volume(shape, "conv").channels // self.groups
        bias = f" + {self.filters}" if self.bias else ""
        return f"{height.kernel}*{width.kernel}*{channels}*{self.filters}{bias}"

    def parameters(self, shape: Shape) -> int:
        """Weights and biases."""
        return self._weights(shape) + self.filters * self.bias

    def multiply_adds(self, shape: Shape) -> int:
        """Each weight once at each place."""
        output = _volume(self.output(shape), "conv")
        return output.height * output.width * self._weights(shape)

    def _weights(self, shape: Shape) -> int:
        height, width = self.windows
        return height.kernel * width.kernel * _volume(shape, "conv").channels // self.groups * self.filters


@dataclass(frozen=True, slots=True)
class Pool(Layer):
    """The largest or the mean of each window; the depth stays."""

    windows: Windows
    average: bool = False

    def output(self, shape: Shape) -> Shape:
        """(H, W, C) -> (H', W', C)."""
        volume = _volume(shape, "avgpool" if self.average else "pool")
        height, width = _slid(self.windows, volume)
        return Volume(height, width, volume.channels)

    def formula(self, shape: Shape) -> str:
        """By side."""
        return _sides(self.windows, _volume(shape, "pool"), padded=False)


@dataclass(frozen=True, slots=True)
class GlobalPool(Layer):
    """The mean (or largest) of each channel over the whole image."""

    average: bool = True

    def output(self, shape: Shape) -> Shape:
        """(H, W, C) -> (1, 1, C)."""
        return Volume(1, 1, _volume(shape, "globalpool").channels)


@dataclass(frozen=True, slots=True)
class Flatten(Layer):
    """All numbers of the volume in one row."""

    def output(self, shape: Shape) -> Shape:
        """(H, W, C) -> H*W*C numbers."""
        return Vector(shape.count)

    def formula(self, shape: Shape) -> str:
        """The product."""
        if isinstance(shape, Vector):
            return ""
        return f"{shape.height}*{shape.width}*{shape.channels} = {shape.count}"


@dataclass(frozen=True, slots=True)
class Linear(Layer):
    """Each output is a weighted sum of all numbers."""

    units: int
    bias: bool = True

    def output(self, shape: Shape) -> Shape:
        """Numbers -> `units` numbers."""
        if isinstance(shape, Volume):
            raise RecipeError(
                f"a linear layer takes a row of numbers, and gets {shape}",
                hint=f"put flatten before it, which makes {shape.count} numbers of it",
            )
        return Vector(self.units)

    def parameter_formula(self, shape: Shape) -> str:
        """Inputs x outputs + biases."""
        return f"{shape.count}*{self.units}" + (f" + {self.units}" if self.bias else "")

    def parameters(self, shape: Shape) -> int:
        """Weights and biases."""
        return shape.count * self.units + self.units * self.bias

    def multiply_adds(self, shape: Shape) -> int:
        """Each weight once."""
        return shape.count * self.units


@dataclass(frozen=True, slots=True)
class BatchNorm(Layer):
    """Mean 0 and variance 1 over the batch, then a trained scale and shift for each channel."""

    def parameter_formula(self, shape: Shape) -> str:
        """Scale and shift."""
        return f"2*{_depth(shape)}"

    def parameters(self, shape: Shape) -> int:
        """Scale and shift."""
        return 2 * _depth(shape)


@dataclass(frozen=True, slots=True)
class Pointwise(Layer):
    """An activation or dropout: number by number."""

    name: str
    share: float = 0.0
    names: ClassVar[tuple[str, ...]] = (*ACTIVATIONS, "dropout")


def _depth(shape: Shape) -> int:
    return shape.channels if isinstance(shape, Volume) else shape.count


def _volume(shape: Shape, name: str) -> Volume:
    if isinstance(shape, Vector):
        raise RecipeError(
            f"{name} takes an image, and gets {shape} numbers without height and width",
            hint="put it before flatten",
        )
    return shape


def _slid(windows: Windows, volume: Volume) -> tuple[int, int]:
    height, width = windows
    for name, window, side in [("height", height, volume.height), ("width", width, volume.width)]:
        if not window.output(side):
            raise _too_large(window, side, name)
    return height.output(volume.height), width.output(volume.width)


def _too_large(window: Window, side: int, name: str) -> RecipeError:
    padded = f"padded {name} {side} + 2*{window.padding} = {side + 2 * window.padding}"
    kernel = f"kernel of {window.kernel}"
    if window.dilation > 1:
        kernel += f" with dilation {window.dilation}, which reaches over {window.reach},"
    fits = (side + 2 * window.padding - 1) // window.dilation + 1
    needed = -((side - window.reach) // 2)  # half of what is missing, rounded up
    return RecipeError(
        f"a {kernel} is larger than the {padded if window.padding else f'{name} {side}'}",
        hint=f"take k{fits} or less, or p{needed} or more",
    )


def _sides(windows: Windows, volume: Volume, *, padded: bool) -> str:
    height = windows[0].formula(volume.height, padded=padded)
    width = windows[1].formula(volume.width, padded=padded)
    return height if height == width else f"height {height}; width {width}"

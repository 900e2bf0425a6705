"""A kernel that slides along one side: the formula of every convolution and pooling."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Window:
    """A kernel along one side of an image.

    The size of the output is (W - F + 2P)/S + 1, rounded down, where W is the side, F the kernel, P the
    padding and S the stride; a dilated kernel reaches over D(F - 1) + 1 pixels. Source: Dumoulin and Visin
    (2016), "A guide to convolution arithmetic for deep learning"; rounded as torch does.

    Args:
        kernel: F, pixels that the kernel takes.
        stride: S, pixels from one place to the next.
        padding: P, zeros put on at either end.
        dilation: D, distance of the pixels that the kernel takes.
        same: pad (unevenly where needed) so that the size stays; needs stride 1.
    """

    kernel: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1
    same: bool = False

    @property
    def reach(self) -> int:
        """Pixels from the first to the last that the kernel takes."""
        return self.dilation * (self.kernel - 1) + 1

    def output(self, side: int) -> int:
        """Places that the kernel has on `side` pixels; 0 where it does not fit."""
        if self.same:
            return side
        return max((side - self.reach + 2 * self.padding) // self.stride + 1, 0)

    def least(self, output: int) -> int:
        """The smallest side that gives `output` places."""
        return output if self.same else max((output - 1) * self.stride + self.reach - 2 * self.padding, 1)

    def formula(self, side: int, *, padded: bool = True) -> str:
        """The formula with its numbers, e.g. ``(64 - 8 + 2*3)/3 + 1 = 21.67, down to 21``.

        Args:
            side: W.
            padded: whether to write a padding of 0 too, as for convolutions.
        """
        if self.same:
            return f"same: {side}"
        kernel = str(self.kernel) if self.dilation == 1 else f"{self.dilation}*({self.kernel} - 1) - 1"
        padding = f" + 2*{self.padding}" if padded or self.padding else ""
        rest = (side - self.reach + 2 * self.padding) % self.stride
        output = self.output(side)
        result = f"{output + rest / self.stride:.2f}, down to {output}" if rest else f"{output}"
        return f"({side} - {kernel}{padding})/{self.stride} + 1 = {result}"

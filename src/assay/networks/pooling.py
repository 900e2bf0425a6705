"""Poolings that compiled training is quick and safe with."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional


class HalvingMaxPool(nn.MaxPool2d):
    """2 x 2 maxima; an odd last row or column is left out, as torch's own does.

    While a compiled network is trained, it takes the maximum of four slices, which becomes one loop with
    what stands around it: 7 % of a training step of `ResidualCNN` on a CPU. Where numbers are equal, the
    slices share the gradient that torch's own gives to the first.
    """

    def __init__(self) -> None:
        super().__init__(2)

    def forward(self, x_BCHW: Tensor) -> Tensor:
        """(B, C, H, W) -> (B, C, H // 2, W // 2)."""
        if torch.jit.is_scripting():  # type: ignore[attr-defined]
            return functional.max_pool2d(x_BCHW, 2)
        else:  # noqa: RET505  (TorchScript leaves out the else of is_scripting, and only that)
            is_quicker = self.training and torch.compiler.is_compiling()
            return _largest_of_four(x_BCHW) if is_quicker else functional.max_pool2d(x_BCHW, 2)


def _largest_of_four(x_BCHW: Tensor) -> Tensor:
    height, width = x_BCHW.shape[2] // 2 * 2, x_BCHW.shape[3] // 2 * 2
    rows = torch.maximum(x_BCHW[:, :, 0:height:2, :width], x_BCHW[:, :, 1:height:2, :width])
    return torch.maximum(rows[..., 0::2], rows[..., 1::2])


def final_pooling(how: str, height: int, width: int) -> nn.Module:
    """(B, C, height, width) -> (B, C) by "average" or "max", or (B, C*height*width) by "none".

    The maximum is a pooling with a window of the whole map: `amax` gives gradients that are not numbers when
    it is compiled in bfloat16 behind a GELU, as the recomputed values are no longer equal to the maximum.
    """
    if how == "none":
        return nn.Flatten()
    pool = nn.AdaptiveAvgPool2d(1) if how == "average" else nn.MaxPool2d((height, width))
    return nn.Sequential(pool, nn.Flatten())

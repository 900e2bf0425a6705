"""Rows drawn in proportion to their weights."""

from __future__ import annotations

import torch
from torch import Tensor


def draw(weights: Tensor, generator: torch.Generator) -> Tensor:
    """Row numbers of one pass in random order, (N,) int64, each drawn in proportion to its weight.

    Systematic sampling: a row's expected number of draws is exact, and its draws differ from it by less than
    one; with equal weights each row is drawn once. The loss over a pass is the weighted mean, and needs no
    step that treats rows differently.
    """
    num_rows = len(weights)
    start = torch.rand(1, generator=generator, dtype=torch.float64)
    points = (torch.arange(num_rows, dtype=torch.float64) + start) * (weights.sum() / num_rows)
    rows = torch.searchsorted(weights.cumsum(0), points, right=True)
    last = int(weights.nonzero()[-1])  # rounding may leave a point beyond the sum
    return rows.clamp_(max=last)[torch.randperm(num_rows, generator=generator)]

"""Missing values: a constant for each column, or a regression on the other numbers.

Shapes: N rows, C raw columns.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

LARGEST = 1e100  # raw numbers are held at this, so that no later step overflows
NO_CODE = -LARGEST  # a missing category: a code that no category has


class Filling(nn.Module):
    """Fills missing values with constants and holds numbers within bounds.

    Buffers, each (C,): `is_step` marks text levels in an order, whose unseen level (-1) counts as missing;
    `fill` the constant; `low` and `high` the bounds (where outliers are kept: plus and minus LARGEST).
    """

    def __init__(self, is_step: Tensor, fill: Tensor, low: Tensor, high: Tensor) -> None:
        super().__init__()
        self.is_step = nn.Buffer(is_step)
        self.fill = nn.Buffer(fill)
        self.low = nn.Buffer(low)
        self.high = nn.Buffer(high)
        self.has_steps = True

    def derive(self) -> None:
        """See whether any column has steps; to be called again when the buffers were loaded."""
        self.has_steps = bool(self.is_step.any())

    def forward(self, raw_NC: Tensor) -> tuple[Tensor, Tensor]:
        """The raw matrix without NaN, and (N, C) booleans of what was missing."""
        missing_NC = torch.isnan(raw_NC)
        if self.has_steps:
            missing_NC = missing_NC | (self.is_step & (raw_NC < 0))
        filled_NC = torch.where(missing_NC, self.fill, raw_NC)
        return torch.minimum(torch.maximum(filled_NC, self.low), self.high), missing_NC

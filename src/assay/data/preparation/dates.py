"""Dates: rhythms on a circle, so that 23:59 lies beside 0:00, and a trend.

Shapes: N rows, C raw columns, Q outputs of the group. A missing date is 0, the centre of the circle.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

DAY = 86_400.0
YEAR = 365.2425 * DAY  # mean length of a Gregorian year
MONDAY = 4 * DAY  # 1970-01-05


class Cycles(nn.Module):
    """Sine and cosine of the phase of each date in its period; all buffers are (Q,), times in seconds.

    The phase is reduced in float64 (float32 would round seconds since 1970 to minutes); its sine and cosine
    are taken in float32. `step` rounds down first: a weekday stays the same all day.
    """

    def __init__(self, index: Tensor, origin: Tensor, step: Tensor, period: Tensor) -> None:
        super().__init__()
        self.index = nn.Buffer(index)
        self.origin = nn.Buffer(origin)
        self.step = nn.Buffer(step)
        self.period = nn.Buffer(period)

    def forward(self, filled_NC: Tensor, missing_NC: Tensor) -> Tensor:
        """(N, 2 Q) float32: all sines, then all cosines."""
        since_NQ = filled_NC.index_select(1, self.index) - self.origin
        turns_NQ = torch.floor(since_NQ / self.step) * self.step / self.period
        phase_NQ = (turns_NQ - torch.floor(turns_NQ)).to(torch.float32) * (2 * math.pi)
        present_NQ = (~missing_NC.index_select(1, self.index)).to(torch.float32)
        return torch.cat([torch.sin(phase_NQ) * present_NQ, torch.cos(phase_NQ) * present_NQ], dim=1)


class Trend(nn.Module):
    """From -1 at the first training date to +1 at the last, and held there; all buffers are (Q,)."""

    def __init__(self, index: Tensor, centre: Tensor, rate: Tensor) -> None:
        super().__init__()
        self.index = nn.Buffer(index)
        self.centre = nn.Buffer(centre)
        self.rate = nn.Buffer(rate)

    def forward(self, filled_NC: Tensor, missing_NC: Tensor) -> Tensor:
        """(N, Q) float32."""
        trend_NQ = (filled_NC.index_select(1, self.index) - self.centre) * self.rate
        present_NQ = ~missing_NC.index_select(1, self.index)
        return torch.clamp(trend_NQ, -1.0, 1.0).to(torch.float32) * present_NQ.to(torch.float32)

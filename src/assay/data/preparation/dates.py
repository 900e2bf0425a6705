"""Dates: rhythms on a circle, so that 23:59 lies beside 0:00, and a trend.

Shapes: N rows, C raw columns, Q outputs of the part. A missing date is 0, the centre of the circle.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from assay.data.preparation.part import Part

DAY = 86_400.0
YEAR = 365.2425 * DAY  # mean length of a Gregorian year
MONDAY = 4 * DAY  # 1970-01-05


class Cycles(Part):
    """Sine and cosine of the phase of each date in its period; all buffers are (Q,), times in seconds.

    The phase is reduced in float64 (float32 would round seconds since 1970 to minutes); its sine and cosine
    are taken in float32. `step` rounds down first: a weekday stays the same all day.
    """

    def __init__(self, index: Tensor, origin: Tensor, step: Tensor, period: Tensor) -> None:
        super().__init__(index)
        self.origin = nn.Buffer(origin)
        self.step = nn.Buffer(step)
        self.period = nn.Buffer(period)

    def forward(self, filled_NC: Tensor, missing_NC: Tensor) -> Tensor:
        """(N, 2 Q) float32: all sines, then all cosines."""
        since_NQ = self.picked(filled_NC) - self.origin
        turns_NQ = torch.floor(since_NQ / self.step) * self.step / self.period
        phase_NQ = (turns_NQ - torch.floor(turns_NQ)).to(torch.float32) * (2 * math.pi)
        present_NQ = (~self.picked(missing_NC)).to(torch.float32)
        return torch.cat([torch.sin(phase_NQ) * present_NQ, torch.cos(phase_NQ) * present_NQ], dim=1)


class Trend(Part):
    """From -1 at the first training date to +1 at the last, and held there; all buffers are (Q,)."""

    def __init__(self, index: Tensor, centre: Tensor, rate: Tensor) -> None:
        super().__init__(index)
        self.centre = nn.Buffer(centre)
        self.rate = nn.Buffer(rate)

    def forward(self, filled_NC: Tensor, missing_NC: Tensor) -> Tensor:
        """(N, Q) float32."""
        trend_NQ = (self.picked(filled_NC) - self.centre) * self.rate
        present_NQ = ~self.picked(missing_NC)
        return torch.clamp(trend_NQ, -1.0, 1.0).to(torch.float32) * present_NQ.to(torch.float32)

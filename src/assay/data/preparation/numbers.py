"""Numbers: standardised, min-max, as they are, or by quantile.

Shapes: N rows, C raw columns, Q columns of the group, K knots.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from assay.data.preparation.bisection import last_not_above

_LARGEST_OUTPUT = 1e30  # far above any training value, and far below the end of float32


class Scaled(nn.Module):
    """(value - centre) * rate for the columns in `index`; all buffers are (Q,)."""

    def __init__(self, index: Tensor, centre: Tensor, rate: Tensor) -> None:
        super().__init__()
        self.index = nn.Buffer(index)
        self.centre = nn.Buffer(centre)
        self.largest = _LARGEST_OUTPUT
        self.rate = nn.Buffer(rate)

    def forward(self, filled_NC: Tensor, missing_NC: Tensor) -> Tensor:
        """(N, Q) float32."""
        scaled_NQ = (filled_NC.index_select(1, self.index) - self.centre) * self.rate
        return torch.clamp(scaled_NQ, -self.largest, self.largest).to(torch.float32)


class Quantiles(nn.Module):
    """A piecewise-linear curve for each column; flat outside the training range, so outliers stay bounded.

    Buffers: `index` (Q,); `knots` (Q, K) training values ascending; `height` (Q, K) the output at a knot;
    `slope` (Q, K) up to the next knot, 0 at the last.
    """

    def __init__(self, index: Tensor, knots: Tensor, height: Tensor, slope: Tensor) -> None:
        super().__init__()
        self.index = nn.Buffer(index)
        self.knots = nn.Buffer(knots)
        self.height = nn.Buffer(height)
        self.slope = nn.Buffer(slope)
        self.first_step = knots.shape[1] // 2

    def forward(self, filled_NC: Tensor, missing_NC: Tensor) -> Tensor:
        """(N, Q) float32."""
        values_NQ = torch.maximum(filled_NC.index_select(1, self.index), self.knots[:, 0])
        left_NQ = last_not_above(values_NQ, self.knots, self.first_step)
        beyond_NQ = values_NQ - self.knots.reshape(-1)[left_NQ]
        output_NQ = self.height.reshape(-1)[left_NQ] + self.slope.reshape(-1)[left_NQ] * beyond_NQ
        return output_NQ.to(torch.float32)

"""Numbers: standardised, min-max, as they are, or by quantile.

Shapes: N rows, C raw columns, Q columns of the part, K knots.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own name for it
from torch import Tensor, nn

from assay.data.preparation.categories import Booleans
from assay.data.preparation.part import Part, derived
from assay.data.preparation.search import PADDING, first_places, num_not_above

_LARGEST_OUTPUT = 1e30  # far above any training value, and far below the end of float32


class Scaled(Part):
    """(value - centre) * rate for the columns in `index`; all buffers are (Q,)."""

    def __init__(self, index: Tensor, centre: Tensor, rate: Tensor) -> None:
        super().__init__(index)
        self.centre = nn.Buffer(centre)
        self.largest = _LARGEST_OUTPUT
        self.rate = nn.Buffer(rate)

    def forward(self, filled_NC: Tensor, missing_NC: Tensor) -> Tensor:
        """(N, Q) float32."""
        scaled_NQ = (self.picked(filled_NC) - self.centre) * self.rate
        return torch.clamp(scaled_NQ, -self.largest, self.largest).to(torch.float32)


class Quantiles(Part):
    """A piecewise-linear curve for each column; flat outside the training range, so outliers stay bounded.

    Buffers: `index` (Q,); `knots` (Q, K) training values ascending; `height` (Q, K) the output at a knot;
    `slope` (Q, K) up to the next knot, 0 at the last.
    Derived, of Q columns or, with B booleans that were joined, of Q + B: `columns` their index; `limits`
    (Q + B, K) their knots; `piece_knot`, `piece_height`, `piece_slope`, (Q + B, K + 1), the same behind the
    flat piece below the first knot; `first` where the pieces of each begin when all stand in one row.
    """

    def __init__(self, index: Tensor, knots: Tensor, height: Tensor, slope: Tensor) -> None:
        super().__init__(index)
        self.knots = nn.Buffer(knots)
        self.height = nn.Buffer(height)
        self.slope = nn.Buffer(slope)
        self.columns = derived()
        self.limits = derived()
        self.piece_knot = derived()
        self.piece_height = derived()
        self.piece_slope = derived()
        self.first = derived()

    def derive(self, num_columns: int) -> None:
        """Put the flat piece first: the number of knots that are not above a value is then its piece."""
        super().derive(num_columns)
        self.columns, self.limits = self.index.detach(), self.knots.detach()  # plain: no buffers to store
        self.piece_knot = F.pad(self.knots, (1, 0))
        self.piece_height = torch.cat([self.height[:, :1], self.height], dim=1)
        self.piece_slope = F.pad(self.slope, (1, 0))
        self._count_pieces()

    def join(self, booleans: Booleans) -> None:
        """Answer for booleans too, behind the columns of its own: as curves of flat pieces.

        A value equals a code from the code up to the next float64 above it; above 0 that is the first normal
        one, as a processor that flushes denormal numbers takes the others for 0.
        """
        self.takes_all = False
        codes_B2, order_B2 = torch.stack([booleans.no, booleans.yes], dim=1).sort(dim=1)
        sign_B2 = 2.0 * order_B2.to(torch.float64) - 1.0  # -1 at `no`, 1 at `yes`
        ends_B2 = torch.nextafter(codes_B2, torch.full_like(codes_B2, float("inf")))
        ends_B2 = torch.where(codes_B2 == 0, torch.finfo(torch.float64).tiny, ends_B2)
        knots_B4 = torch.stack([codes_B2, ends_B2], dim=2).flatten(1)
        height_B4 = torch.stack([sign_B2, torch.zeros_like(sign_B2)], dim=2).flatten(1)
        self.columns = torch.cat([self.index, booleans.index])
        self.limits = _below(self.limits, knots_B4, PADDING)
        self.piece_knot = _below(self.piece_knot, F.pad(knots_B4, (1, 0)), 0.0)
        self.piece_height = _below(self.piece_height, F.pad(height_B4, (1, 0)), 0.0)
        self.piece_slope = _below(self.piece_slope, torch.zeros_like(F.pad(knots_B4, (1, 0))), 0.0)
        self._count_pieces()

    def _count_pieces(self) -> None:
        self.first = first_places(self.piece_knot.shape[0], self.piece_knot.shape[1], self.limits.device)

    def forward(self, filled_NC: Tensor, missing_NC: Tensor) -> Tensor:
        """(N, Q) float32, or with booleans (N, Q + B)."""
        values_NQ = filled_NC if self.takes_all else filled_NC.index_select(1, self.columns)
        piece_NQ = num_not_above(values_NQ, self.limits) + self.first
        beyond_NQ = values_NQ - torch.take(self.piece_knot, piece_NQ)
        output_NQ = (
            torch.take(self.piece_height, piece_NQ) + torch.take(self.piece_slope, piece_NQ) * beyond_NQ
        )
        return output_NQ.to(torch.float32)


def _below(upper_QK: Tensor, lower_BL: Tensor, padding: float) -> Tensor:
    """One table above the other, the narrower filled up."""
    width = max(upper_QK.shape[1], lower_BL.shape[1])
    tables = [F.pad(table, (0, width - table.shape[1]), value=padding) for table in (upper_QK, lower_BL)]
    return torch.cat(tables)

"""Categories: two values to one input, few to one-hot, many to integer codes.

Shapes: N rows, C raw columns, Q outputs of the group, K the longest table.
A missing category has the code NO_CODE, which no table holds, unless the most frequent one fills it.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from assay.data.preparation.bisection import first_places, last_not_above


class Booleans(nn.Module):
    """+1 for `yes`, -1 for `no`, 0 for a missing or unseen value; all buffers are (Q,)."""

    def __init__(self, index: Tensor, no: Tensor, yes: Tensor) -> None:
        super().__init__()
        self.index = nn.Buffer(index)
        self.no = nn.Buffer(no)
        self.yes = nn.Buffer(yes)

    def forward(self, filled_NC: Tensor, missing_NC: Tensor) -> Tensor:
        """(N, Q) float32."""
        values_NQ = filled_NC.index_select(1, self.index)
        return torch.eq(values_NQ, self.yes).to(torch.float32) - torch.eq(values_NQ, self.no).to(
            torch.float32
        )


class OneHot(nn.Module):
    """1 where the column in `index` has the category `code`, else 0; all buffers are (Q,).

    A category that no training row had is 0 everywhere.
    """

    def __init__(self, index: Tensor, code: Tensor) -> None:
        super().__init__()
        self.index = nn.Buffer(index)
        self.code = nn.Buffer(code)

    def forward(self, filled_NC: Tensor, missing_NC: Tensor) -> Tensor:
        """(N, Q) float32."""
        return torch.eq(filled_NC.index_select(1, self.index), self.code).to(torch.float32)


class Indicators(nn.Module):
    """1 where the column in `index`, (Q,), was missing."""

    def __init__(self, index: Tensor) -> None:
        super().__init__()
        self.index = nn.Buffer(index)

    def forward(self, filled_NC: Tensor, missing_NC: Tensor) -> Tensor:
        """(N, Q) float32."""
        return missing_NC.index_select(1, self.index).to(torch.float32)


class Codes(nn.Module):
    """Place of the category in its table, counted from 1; 0 for a missing or unseen one.

    Buffers: `index` (Q,); `table` (Q, K) raw codes of the training rows, ascending.
    """

    def __init__(self, index: Tensor, table: Tensor) -> None:
        super().__init__()
        self.index = nn.Buffer(index)
        self.table = nn.Buffer(table)
        self.first_step = table.shape[1] // 2

    def forward(self, filled_NC: Tensor, missing_NC: Tensor) -> Tensor:
        """(N, Q) float32 of whole numbers."""
        values_NQ = filled_NC.index_select(1, self.index)
        place_NQ = last_not_above(values_NQ, self.table, self.first_step)
        is_known_NQ = self.table.reshape(-1)[place_NQ] == values_NQ
        return torch.where(is_known_NQ, place_NQ - first_places(self.table) + 1, 0).to(torch.float32)

"""Categories: two values to one input, few to one-hot, many to integer codes.

Shapes: N rows, C raw columns, Q outputs of the part, K the longest table.
A missing category has the code NO_CODE, which no table holds, unless the most frequent one fills it.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own name for it
from torch import Tensor, nn

from assay.data.preparation.part import Part, derived
from assay.data.preparation.search import first_places, num_not_above


class Booleans(Part):
    """+1 for `yes`, -1 for `no`, 0 for a missing or unseen value; all buffers are (Q,)."""

    def __init__(self, index: Tensor, no: Tensor, yes: Tensor) -> None:
        super().__init__(index)
        self.no = nn.Buffer(no)
        self.yes = nn.Buffer(yes)

    def forward(self, filled_NC: Tensor, missing_NC: Tensor) -> Tensor:
        """(N, Q) float32."""
        values_NQ = self.picked(filled_NC)
        is_yes_NQ, is_no_NQ = torch.eq(values_NQ, self.yes), torch.eq(values_NQ, self.no)
        return is_yes_NQ.to(torch.float32) - is_no_NQ.to(torch.float32)


class OneHot(Part):
    """1 where the column in `index` has the category `code`, else 0; all buffers are (Q,).

    A category that no training row had is 0 everywhere.
    """

    def __init__(self, index: Tensor, code: Tensor) -> None:
        super().__init__(index)
        self.code = nn.Buffer(code)

    def forward(self, filled_NC: Tensor, missing_NC: Tensor) -> Tensor:
        """(N, Q) float32."""
        return torch.eq(self.picked(filled_NC), self.code).to(torch.float32)


class Indicators(Part):
    """1 where the column in `index`, (Q,), was missing."""

    def __init__(self, index: Tensor) -> None:
        super().__init__(index)

    def forward(self, filled_NC: Tensor, missing_NC: Tensor) -> Tensor:
        """(N, Q) float32."""
        return self.picked(missing_NC).to(torch.float32)


class Codes(Part):
    """Place of the category in its table, counted from 1; 0 for a missing or unseen one.

    Buffers: `index` (Q,); `table` (Q, K) raw codes of the training rows, ascending.
    Derived: `entries` (Q, K + 1), each table behind a NaN, which equals no value; `first` (Q,) where each
    begins.
    """

    def __init__(self, index: Tensor, table: Tensor) -> None:
        super().__init__(index)
        self.table = nn.Buffer(table)
        self.entries = derived()
        self.first = derived()

    def derive(self, num_columns: int) -> None:
        """Put the NaN before each table."""
        super().derive(num_columns)
        num_tables, size = self.table.shape
        self.entries = F.pad(self.table, (1, 0), value=float("nan"))
        self.first = first_places(num_tables, size + 1, self.table.device)

    def forward(self, filled_NC: Tensor, missing_NC: Tensor) -> Tensor:
        """(N, Q) float32 of whole numbers."""
        values_NQ = self.picked(filled_NC)
        code_NQ = num_not_above(values_NQ, self.table)
        is_known_NQ = torch.take(self.entries, code_NQ + self.first) == values_NQ
        return torch.where(is_known_NQ, code_NQ, 0).to(torch.float32)

"""One part of a preparation: what becomes of the columns of one form."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Part(nn.Module):
    """Takes some columns of the raw matrix; `index`, (Q,), says which.

    What follows from the buffers is worked out once, by `derive`, and stands beside them in buffers that are
    not stored: a bundle holds the fitted numbers and nothing else.
    """

    def __init__(self, index: Tensor) -> None:
        super().__init__()
        self.index = nn.Buffer(index)
        self.takes_all = False

    def derive(self, num_columns: int) -> None:
        """Work out what follows from the buffers; to be called again when these were loaded.

        Args:
            num_columns: C of the raw matrix.
        """
        every = torch.arange(num_columns, device=self.index.device)
        self.takes_all = torch.equal(self.index, every)  # picking them would copy the matrix

    def picked(self, matrix_NC: Tensor) -> Tensor:
        """(N, Q): the columns of this part."""
        if self.takes_all:
            return matrix_NC
        return matrix_NC.index_select(1, self.index)


def derived() -> Tensor:
    """A buffer that is no part of the state, to be filled by `derive`."""
    return nn.Buffer(torch.empty(0), persistent=False)

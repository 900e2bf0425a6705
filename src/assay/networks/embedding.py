"""Categories as learned vectors."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn


def embedding_width(cardinality: int) -> int:
    """Numbers that stand for one of `cardinality` categories: 1.6 n^0.56, at most 50.

    The rule of thumb of fastai's tabular learner (Howard and Gugger, 2020).
    """
    return min(50, math.ceil(1.6 * math.pow(cardinality, 0.56)))


class Embeddings(nn.Module):
    """Replaces the last columns of the input, which hold category numbers, by learned vectors.

    Args:
        num_inputs: columns of the input, P.
        cardinalities: for each of the last columns, how many numbers it takes: 0 .. cardinality - 1.
            Number 0 stands for a category never seen in training; its vector starts, and without
            training rows stays, at zero.
        width: length of the vectors; None: by `embedding_width`.
    """

    def __init__(self, num_inputs: int, cardinalities: Sequence[int], width: int | None = None) -> None:
        super().__init__()
        self.num_numbers = num_inputs - len(cardinalities)
        widths = [width or embedding_width(cardinality) for cardinality in cardinalities]
        self.tables = nn.ModuleList(map(nn.Embedding, cardinalities, widths))
        self.num_outputs = self.num_numbers + sum(widths)
        self._start()

    @torch.no_grad()
    def _start(self) -> None:
        for table in self.tables:
            assert isinstance(table, nn.Embedding)
            table.weight.uniform_(-1, 1).div_(math.sqrt(table.embedding_dim))  # vectors of length about 1/2
            table.weight[0] = 0

    def forward(self, x_BP: Tensor) -> Tensor:
        """(B, P) float32, numbers then category numbers -> (B, numbers + widths) float32."""
        parts = [x_BP[:, : self.num_numbers]]
        for index, table in enumerate(self.tables):
            parts.append(table(x_BP[:, self.num_numbers + index].long()))
        return torch.cat(parts, dim=1)

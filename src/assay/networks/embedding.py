"""Categories and numbers as learned vectors."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from assay.networks.number_embedding import EmbeddedNumbers


def embedding_width(cardinality: int) -> int:
    """Numbers that stand for one of `cardinality` categories: 1.6 n^0.56, at most 50.

    The rule of thumb of fastai's tabular learner (Howard and Gugger, 2020).
    """
    return min(50, math.ceil(1.6 * math.pow(cardinality, 0.56)))


class Embeddings(nn.Module):
    """Replaces the last columns of the input, which hold category numbers, and some numbers by vectors.

    Args:
        num_inputs: columns of the input, P.
        cardinalities: for each of the last columns, how many numbers it takes: 0 .. cardinality - 1.
            Number 0 stands for a category never seen in training; its vector starts, and without
            training rows stays, at zero.
        width: length of the vectors of categories; None: by `embedding_width`.
        numbers: which of the other columns become vectors, and how; None: none.

    Attributes:
        widths: outputs that stand for each column: plain numbers, embedded numbers, categories.
        num_outputs: their sum.
    """

    def __init__(
        self,
        num_inputs: int,
        cardinalities: Sequence[int],
        width: int | None = None,
        numbers: EmbeddedNumbers | None = None,
    ) -> None:
        super().__init__()
        self.num_numbers = num_inputs - len(cardinalities)
        self.numbers = None if numbers is None else NumberVectors(self.num_numbers, numbers)
        widths = [width or embedding_width(cardinality) for cardinality in cardinalities]
        self.tables = nn.ModuleList(map(nn.Embedding, cardinalities, widths))
        plain = [1] * self.num_numbers if self.numbers is None else self.numbers.widths
        self.widths = plain + widths
        self.num_outputs = sum(self.widths)
        self._start()

    @torch.no_grad()
    def _start(self) -> None:
        for table in self.tables:
            assert isinstance(table, nn.Embedding)
            table.weight.uniform_(-1, 1).div_(math.sqrt(table.embedding_dim))  # vectors of length about 1/2
            table.weight[0] = 0

    def forward(self, x_BP: Tensor) -> Tensor:
        """(B, P) float32, numbers then category numbers -> (B, num_outputs) float32."""
        numbers_BM = x_BP[:, : self.num_numbers]
        parts = [numbers_BM if self.numbers is None else self.numbers(numbers_BM)]
        for index, table in enumerate(self.tables):
            parts.append(table(x_BP[:, self.num_numbers + index].long()))
        return torch.cat(parts, dim=1)


class NumberVectors(nn.Module):
    """Replaces some numbers by vectors; the others come first, as they are.

    Args:
        num_numbers: M, columns of the input.
        numbers: which ones become vectors, and how.
    """

    def __init__(self, num_numbers: int, numbers: EmbeddedNumbers) -> None:
        super().__init__()
        others = sorted(set(range(num_numbers)) - set(numbers.columns))
        self.plain = nn.Buffer(torch.tensor(others, dtype=torch.int64))
        self.embedded = nn.Buffer(torch.tensor(numbers.columns, dtype=torch.int64))
        self.vectors = numbers.module()
        self.widths = [1] * len(others) + [numbers.width] * len(numbers.columns)

    def forward(self, x_BM: Tensor) -> Tensor:
        """(B, M) -> (B, numbers that stay + width of a vector for each other)."""
        vectors_BCD: Tensor = self.vectors(x_BM.index_select(1, self.embedded))
        return torch.cat([x_BM.index_select(1, self.plain), vectors_BCD.flatten(1)], dim=1)

"""Where the rows of a step come from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import torch
from torch import Tensor

from assay.core.seeds import child_seed
from assay.training.drawing import draw

Batch = tuple[Tensor, Tensor]


class Batches(Protocol):
    """Rows in batches, on the training's device."""

    where: str  # names the data in messages

    @property
    def num_rows(self) -> int | None:
        """Rows of one pass, or None where only a pass can tell."""

    @property
    def num_steps(self) -> int | None:
        """Batches of one pass at most, or None where only a pass can tell."""

    @property
    def identity(self) -> dict[str, Any]:
        """What a training may not go on without: plain values by name."""

    def shuffled(self, seed: int, epoch: int) -> Iterator[Batch]:
        """One pass in the random order that seed and epoch name."""

    def in_order(self) -> Iterator[Batch]:
        """One pass in the rows' own order, for measuring: batches may be larger than in training."""


class NumberedRows:
    """Rows of which any can be had by its number: each pass has an order of its own.

    Args:
        targets: (N, ...), as the loss needs them.
        batch_size: rows of a training step.
        chunk_size: rows at a time when the network is only measured.
        where: names the data in messages.
    """

    def __init__(self, targets: Tensor, batch_size: int, chunk_size: int, where: str) -> None:
        self.targets, self.where = targets, where
        self.batch_size, self.chunk_size = batch_size, chunk_size
        self.weights: Tensor | None = None  # (N,) how often each row is drawn; None: all the same

    @property
    def num_rows(self) -> int:
        """Rows of one pass."""
        return len(self.targets)

    @property
    def num_steps(self) -> int:
        """Batches of one pass."""
        return len(batch_sizes(self.num_rows, self.batch_size))

    @property
    def identity(self) -> dict[str, Any]:
        """The number of rows."""
        return {"rows": self.num_rows}

    def order(self, seed: int, epoch: int) -> Tensor:
        """(N,) row numbers of one pass, by seed and epoch."""
        generator = torch.Generator().manual_seed(child_seed(seed, "shuffle", epoch))
        if self.weights is None:
            return torch.randperm(self.num_rows, generator=generator)
        return draw(self.weights, generator)


class TensorBatches(NumberedRows):
    """Rows that lie in memory, on the device: a batch is one indexed copy, and no row is touched in Python.

    Args:
        inputs: (N, ...), on the device.
        targets: as `NumberedRows` takes them; the others too.
    """

    def __init__(
        self, inputs: Tensor, targets: Tensor, batch_size: int, chunk_size: int, where: str = ""
    ) -> None:
        super().__init__(targets, batch_size, chunk_size, where)
        self.inputs = inputs

    def shuffled(self, seed: int, epoch: int) -> Iterator[Batch]:
        """One pass in the random order that seed and epoch name."""
        order = self.order(seed, epoch).to(self.inputs.device)
        for rows in torch.split(order, batch_sizes(self.num_rows, self.batch_size)):
            yield self.inputs.index_select(0, rows), self.targets.index_select(0, rows)

    def in_order(self) -> Iterator[Batch]:
        """One pass in the rows' own order."""
        chunks = torch.split(self.inputs, self.chunk_size), torch.split(self.targets, self.chunk_size)
        yield from zip(*chunks, strict=True)


def batch_sizes(num_rows: int, batch_size: int) -> list[int]:
    """Rows of each batch of one pass; a last row that would be alone joins the batch before it.

    A batch of one row has no variance, and batch norm refuses it.
    """
    full, rest = divmod(num_rows, batch_size)
    sizes = [batch_size] * full + ([rest] if rest else [])
    if rest == 1 and full:
        sizes[-2:] = [batch_size + 1]
    return sizes

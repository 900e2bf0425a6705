"""Where the rows of a step come from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import torch
from torch import Tensor
from torch.utils.data import DataLoader

from assay.core.errors import DataError
from assay.core.seeds import child_seed
from assay.training.objective import Objective

Batch = tuple[Tensor, Tensor]


class Batches(Protocol):
    """Rows in batches, on the training's device."""

    @property
    def num_rows(self) -> int | None:
        """Rows of one pass, or None where only a pass can tell."""

    @property
    def num_steps(self) -> int | None:
        """Batches of one pass, or None where only a pass can tell."""

    def shuffled(self, seed: int, epoch: int) -> Iterator[Batch]:
        """One pass in the random order that seed and epoch name."""

    def in_order(self) -> Iterator[Batch]:
        """One pass in the rows' own order, for measuring: batches may be larger than in training."""


class TensorBatches:
    """Rows that lie in memory, on the device: a batch is one indexed copy, and no row is touched in Python.

    Args:
        inputs: (N, ...), on the device.
        targets: (N, ...), as the loss needs them.
        batch_size: rows of a training step.
        chunk_size: rows at a time when the network is only measured.
    """

    def __init__(self, inputs: Tensor, targets: Tensor, batch_size: int, chunk_size: int) -> None:
        self.inputs, self.targets = inputs, targets
        self.batch_size, self.chunk_size = batch_size, chunk_size

    @property
    def num_rows(self) -> int:
        """Rows of one pass."""
        return len(self.inputs)

    @property
    def num_steps(self) -> int:
        """Batches of one pass."""
        return len(self._sizes())

    def shuffled(self, seed: int, epoch: int) -> Iterator[Batch]:
        """One pass in the random order that seed and epoch name."""
        generator = torch.Generator().manual_seed(child_seed(seed, "shuffle", epoch))
        order = torch.randperm(self.num_rows, generator=generator).to(self.inputs.device)
        for rows in torch.split(order, self._sizes()):
            yield self.inputs.index_select(0, rows), self.targets.index_select(0, rows)

    def in_order(self) -> Iterator[Batch]:
        """One pass in the rows' own order."""
        chunks = torch.split(self.inputs, self.chunk_size), torch.split(self.targets, self.chunk_size)
        yield from zip(*chunks, strict=True)

    def _sizes(self) -> list[int]:
        full, rest = divmod(self.num_rows, self.batch_size)
        sizes = [self.batch_size] * full + ([rest] if rest else [])
        if rest == 1 and full:  # a batch of one row has no variance, and batch norm refuses it
            sizes[-2:] = [self.batch_size + 1]
        return sizes


class LoaderBatches:
    """Rows that a `DataLoader` brings."""

    def __init__(
        self, loader: DataLoader[Any], device: torch.device, objective: Objective, where: str
    ) -> None:
        self.loader, self.device, self.objective, self.where = loader, device, objective, where

    @property
    def num_rows(self) -> int | None:
        """Rows of one pass, where the data set knows."""
        dataset = self.loader.dataset
        return len(dataset) if hasattr(dataset, "__len__") else None

    @property
    def num_steps(self) -> int | None:
        """Batches of one pass, where the loader knows."""
        try:
            return len(self.loader)
        except TypeError:
            return None

    def shuffled(self, seed: int, epoch: int) -> Iterator[Batch]:
        """One pass in the loader's own order; its random choices are named by seed and epoch.

        The loader draws them from torch's global generator, which the trainer seeds for each epoch, or
        from a generator of its own, which is seeded here.
        """
        if self.loader.generator is not None:
            self.loader.generator.manual_seed(child_seed(seed, "shuffle", epoch))
        return self.in_order()

    def in_order(self) -> Iterator[Batch]:
        """One pass in the loader's own order."""
        for batch in self.loader:
            inputs, targets = pair(batch, self.where)
            targets = self.objective.adapt(targets, self.where)
            yield inputs.to(self.device, non_blocking=True), targets.to(self.device, non_blocking=True)


def pair(batch: Any, where: str) -> Batch:
    """Inputs and targets of a loader's batch.

    Raises:
        DataError: the batch is something else than two tensors.
    """
    if (
        isinstance(batch, list | tuple)
        and len(batch) == 2
        and all(isinstance(part, Tensor) for part in batch)
    ):
        return batch[0], batch[1]
    raise DataError(
        f"a batch of the data loader is {_shape(batch)}; a pair (inputs, targets) of tensors is needed",
        where=where,
    )


def _shape(batch: Any) -> str:
    if isinstance(batch, list | tuple):
        return f"a {type(batch).__name__} of {', '.join(type(part).__name__ for part in batch) or 'nothing'}"
    return f"a {type(batch).__name__}"

"""Rows that a torch data loader brings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch.utils.data import DataLoader, Sampler

from assay.core.errors import DataError
from assay.core.seeds import child_seed
from assay.training.batches import Batch, batch_sizes
from assay.training.form import Form


class LoaderBatches:
    """Rows that a `DataLoader` brings.

    Args:
        loader: brings pairs (inputs, targets).
        form: what network and loss take.
        where: names the data in messages.
    """

    def __init__(self, loader: DataLoader[Any], form: Form, where: str) -> None:
        self.loader, self.form, self.where = loader, form, where

    @property
    def num_rows(self) -> int | None:
        """Rows of one pass, where the data set knows."""
        return length(self.loader.dataset)

    @property
    def num_steps(self) -> int | None:
        """Batches of one pass at most, where the loader knows."""
        return length(self.loader)

    @property
    def identity(self) -> dict[str, Any]:
        """The number of rows, where it is known."""
        return {"rows": self.num_rows}

    def shuffled(self, seed: int, epoch: int) -> Iterator[Batch]:
        """One pass in the loader's own order; its random choices are named by seed and epoch.

        The loader draws them from torch's global generator, which the trainer seeds for each epoch, or
        from a generator of its own or of its sampler, which are seeded here.
        """
        yield from without_single_rows(self._pass(child_seed(seed, "shuffle", epoch)))

    def in_order(self) -> Iterator[Batch]:
        """One pass in the loader's own order; generators of its own draw the same in every pass."""
        return self._pass(0)

    def _pass(self, seed: int) -> Iterator[Batch]:
        for generator in _generators(self.loader):
            generator.manual_seed(seed)
        for batch in self.loader:
            inputs, targets = pair(batch, self.where)
            yield self.form.inputs(inputs, self.where), self.form.targets(targets, self.where)


class RowBatches(Sampler[list[int]]):
    """The row numbers of each batch of one pass, in random order, by a generator of its own."""

    def __init__(self, num_rows: int, batch_size: int) -> None:
        self.num_rows, self.sizes = num_rows, batch_sizes(num_rows, batch_size)
        self.generator = torch.Generator()

    def __len__(self) -> int:
        return len(self.sizes)

    def __iter__(self) -> Iterator[list[int]]:
        order = torch.randperm(self.num_rows, generator=self.generator)
        for rows in torch.split(order, self.sizes):
            yield rows.tolist()


def length(sized: Any) -> int | None:
    """How many there are; None where that is not known."""
    try:
        return len(sized)
    except TypeError:
        return None


def pair(batch: Any, where: str) -> Batch:
    """Inputs and targets of a loader's batch.

    Raises:
        DataError: the batch is something else than two tensors.
    """
    if (
        isinstance(batch, list | tuple)
        and len(batch) == 2
        and all(isinstance(part, torch.Tensor) for part in batch)
    ):
        return batch[0], batch[1]
    raise DataError(
        f"a batch of the data loader is {_shape(batch)}; a pair (inputs, targets) of tensors is needed",
        where=where,
    )


def without_single_rows(batches: Iterator[Batch]) -> Iterator[Batch]:
    """The same rows; a row that is alone in its batch joins the one before, as in `batch_sizes`."""
    held: Batch | None = None
    for batch in batches:
        if held is None:
            held = batch
        elif len(batch[0]) == 1 < len(held[0]) and batch[0].shape[1:] == held[0].shape[1:]:
            held = torch.cat([held[0], batch[0]]), torch.cat([held[1], batch[1]])
        else:
            yield held
            held = batch
    if held is not None:
        yield held


def _generators(loader: DataLoader[Any]) -> list[torch.Generator]:
    owners = (loader, loader.sampler, loader.batch_sampler, getattr(loader.batch_sampler, "sampler", None))
    found = [getattr(owner, "generator", None) for owner in owners]
    return [generator for generator in found if isinstance(generator, torch.Generator)]


def _shape(batch: Any) -> str:
    if isinstance(batch, list | tuple):
        return f"a {type(batch).__name__} of {', '.join(type(part).__name__ for part in batch) or 'nothing'}"
    return f"a {type(batch).__name__}"

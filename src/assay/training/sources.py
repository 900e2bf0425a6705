"""The kinds of data that a training takes."""

from __future__ import annotations

import math
from typing import Any, Protocol

import torch
from torch.utils.data import DataLoader, Dataset, TensorDataset

from assay.core.errors import DataError
from assay.training.batches import Batch, Batches, TensorBatches
from assay.training.form import Form
from assay.training.image_source import ImageRows, ImageSource
from assay.training.loader_batches import LoaderBatches, RowBatches, length, pair
from assay.training.tensors import input_tensor, target_tensor
from assay.training.view_source import ViewRows, ViewSource

_MAX_NUMBERS = 2**18  # inputs of one evaluation step: small enough for the cache, large enough to be quick


class Source(Protocol):
    """Rows that a network can be trained or measured on."""

    where: str  # names the data in messages

    @property
    def num_rows(self) -> int | None:
        """How many, where that is known before a pass."""

    @property
    def num_places(self) -> int:
        """Pixels of an image, each of which a filter is applied to; 1 where the rows are no images."""

    def sample(self) -> Batch:
        """A few rows, on the CPU."""

    def batches(self, form: Form, batch_size: int) -> Batches:
        """The rows in batches, as network and loss take them."""


def open_source(data: Any, where: str, number_type: torch.dtype) -> Source:
    """The source that `data` is.

    Args:
        data: (inputs, targets), `ImageRows`, `ViewRows`, a Dataset or a DataLoader.
        where: "training data" or "validation data", for messages.
        number_type: of inputs in memory that are no whole numbers.

    Raises:
        DataError: it is something else, or holds rows that cannot be trained on.
    """
    if isinstance(data, ImageRows):
        return ImageSource(data, where)
    if isinstance(data, ViewRows):
        return ViewSource(data, where)
    if isinstance(data, DataLoader):
        return _LoaderSource(data, where)
    if isinstance(data, TensorDataset) and len(data.tensors) == 2:
        inputs, targets = data.tensors
        return _MemorySource(inputs, targets, where, number_type)
    if isinstance(data, Dataset):
        return _DatasetSource(data, where)
    if isinstance(data, tuple | list) and len(data) == 2:
        inputs, targets = data
        return _MemorySource(inputs, targets, where, number_type)
    raise DataError(
        f"got a {type(data).__name__}",
        hint="give (inputs, targets), a torch Dataset of such pairs, or a DataLoader",
        where=where,
    )


class _MemorySource:
    """Inputs and targets that are in memory."""

    def __init__(self, inputs: Any, targets: Any, where: str, number_type: torch.dtype) -> None:
        self.inputs = input_tensor(inputs, where, number_type)
        self.targets = target_tensor(targets, len(self.inputs), where)
        self.where = where

    @property
    def num_rows(self) -> int:
        return len(self.inputs)

    @property
    def num_places(self) -> int:
        return math.prod(self.inputs.shape[2:]) if self.inputs.dim() == 4 else 1

    def sample(self) -> Batch:
        return self.inputs[:8].cpu(), self.targets[:8].cpu()

    def batches(self, form: Form, batch_size: int) -> Batches:
        inputs, targets = form.inputs(self.inputs, self.where), form.targets(self.targets, self.where)
        chunk_size = max(batch_size, _MAX_NUMBERS // max(1, inputs[0].numel()))
        return TensorBatches(inputs, targets, batch_size, chunk_size, self.where)


class _LoaderSource:
    """Pairs that a data loader brings."""

    def __init__(self, loader: DataLoader[Any], where: str) -> None:
        self.loader, self.where = loader, where

    @property
    def num_rows(self) -> int | None:
        return length(self.loader.dataset)

    @property
    def num_places(self) -> int:
        return 1

    def sample(self) -> Batch:
        for batch in self.loader:
            inputs, targets = pair(batch, self.where)
            return inputs[:8].cpu(), targets[:8].cpu()
        raise DataError("the data loader brings no batch; at least one row is needed", where=self.where)

    def batches(self, form: Form, batch_size: int) -> Batches:
        return LoaderBatches(self.loader, form, self.where)


class _DatasetSource(_LoaderSource):
    """Pairs that a data set makes one by one; batched by a loader, shuffled where it has a length."""

    def __init__(self, dataset: Dataset[Any], where: str) -> None:
        super().__init__(DataLoader(dataset, batch_size=8), where)

    def batches(self, form: Form, batch_size: int) -> Batches:
        dataset, num_rows = self.loader.dataset, self.num_rows
        if num_rows is None:
            loader = DataLoader(dataset, batch_size=batch_size)
        else:
            loader = DataLoader(dataset, batch_sampler=RowBatches(num_rows, batch_size))
        return LoaderBatches(loader, form, self.where)

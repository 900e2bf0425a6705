"""Rows of which each is known from several sides, e.g. the features of a photo and of its mirror image."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from assay.core.errors import DataError
from assay.core.seeds import child_seed
from assay.training.batches import Batch, Batches, NumberedRows, batch_sizes
from assay.training.form import Form
from assay.training.tensors import target_tensor

# V views, N rows, F features, B rows of a batch.

_MAX_NUMBERS = 2**18  # inputs of one evaluation step


@dataclass(frozen=True, eq=False)
class ViewRows:
    """What a network is trained or measured on, where each row has the same number of views.

    A training step sees one view of a row, drawn anew in each epoch; the first one is what is measured.

    Attributes:
        views_VNF: (V, N, F) float32; or (V, N, C, H, W), maps of a network's first stages.
        targets: (N,) class numbers or quantities.
        made_by: how the views were made, in plain values; a training may not go on with others.
    """

    views_VNF: Tensor  # noqa: N815
    targets: np.ndarray | Tensor
    made_by: Mapping[str, Any] = field(default_factory=dict)


class ViewSource:
    """The same as a source of batches.

    Raises:
        DataError: no rows, no views, or another number of targets.
    """

    def __init__(self, rows: ViewRows, where: str) -> None:
        if rows.views_VNF.dim() < 2 or not all(rows.views_VNF.shape[:2]):
            raise DataError(
                f"got views of the shape {tuple(rows.views_VNF.shape)}",
                hint="(views, rows, features) is expected, at least 1 of each",
                where=where,
            )
        self.rows, self.where = rows, where
        values: Any = rows.targets
        self.targets = target_tensor(values, self.num_rows, where)

    @property
    def num_rows(self) -> int:
        """How many rows, each counted once."""
        return self.rows.views_VNF.shape[1]

    @property
    def num_places(self) -> int:
        """Places of a map; 1 where the views are rows of features."""
        return math.prod(self.rows.views_VNF.shape[3:])

    def sample(self) -> Batch:
        """The first view of a few rows, on the CPU."""
        return self.rows.views_VNF[0, :8].cpu(), self.targets[:8].cpu()

    def batches(self, form: Form, batch_size: int) -> Batches:
        """The rows in batches."""
        targets = form.targets(self.targets, self.where)
        views = self.rows.views_VNF.to(form.input_type).to(form.device)
        return ViewBatches(replace(self.rows, views_VNF=views, targets=targets), form, batch_size, self.where)


class ViewBatches(NumberedRows):
    """Batches that take one view of each row.

    Args:
        rows: views and targets on the device, as network and loss take them.
        form: what the network takes.
        batch_size: rows of a training step.
        where: names the data in messages.
    """

    def __init__(self, rows: ViewRows, form: Form, batch_size: int, where: str) -> None:
        views_VNF, targets = rows.views_VNF, torch.as_tensor(rows.targets)
        per_row = max(1, views_VNF[0, 0].numel())
        super().__init__(targets, batch_size, max(batch_size, _MAX_NUMBERS // per_row), where)
        self.views_VNF, self.form, self.made_by = views_VNF, form, dict(rows.made_by)

    @property
    def identity(self) -> dict[str, Any]:
        """The number of rows and views, and how these were made."""
        return {"rows": self.num_rows, "views": len(self.views_VNF), **self.made_by}

    def shuffled(self, seed: int, epoch: int) -> Iterator[Batch]:
        """One pass in the random order, and with the views, that seed and epoch name."""
        device = self.views_VNF.device
        order_N = self.order(seed, epoch)
        generator = torch.Generator().manual_seed(child_seed(seed, "views", epoch))
        view_N = torch.randint(len(self.views_VNF), (self.num_rows,), generator=generator).to(device)
        for rows_B in torch.split(order_N.to(device), batch_sizes(self.num_rows, self.batch_size)):
            inputs = self.form.inputs(self.views_VNF[view_N[rows_B], rows_B], self.where)
            yield inputs, self.targets.index_select(0, rows_B)

    def in_order(self) -> Iterator[Batch]:
        """One pass over the first views in the rows' own order."""
        for inputs, targets in zip(
            torch.split(self.views_VNF[0], self.chunk_size),
            torch.split(self.targets, self.chunk_size),
            strict=True,
        ):
            yield self.form.inputs(inputs, self.where), targets

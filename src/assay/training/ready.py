"""Rows, loss and random numbers made ready for a training."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from assay.core.seeds import child_seed
from assay.training.batches import Batches
from assay.training.class_weights import class_weight_tensor
from assay.training.form import Form
from assay.training.probe import (
    check_single_rows,
    check_validation,
    choose_objective,
    input_type,
    number_type,
)
from assay.training.settings import TrainingSettings
from assay.training.sources import Source, open_source
from assay.training.tensors import typed


def training_batches(
    network: nn.Module,
    rows: Source,
    settings: TrainingSettings,
    device: torch.device,
    class_weights: Sequence[float] | np.ndarray | Tensor | None,
) -> tuple[Form, Batches]:
    """The form that fits the network, by a look at a few rows, and the rows in it."""
    weights = None if class_weights is None else class_weight_tensor(class_weights).to(device)
    inputs, targets = rows.sample()
    kind = input_type(network, inputs.to(device))
    inputs = typed(inputs, kind, rows.where).to(device)
    objective = choose_objective(
        network, inputs, targets, settings.loss, weights, label_smoothing=settings.label_smoothing
    )
    form = Form(objective, kind, device, channels_last=bool(settings.channels_last))
    batches = rows.batches(form, settings.batch_size or 1)
    check_single_rows(network, batches, inputs)
    return form, batches


def validation_batches(
    network: nn.Module, data: Any, form: Form, settings: TrainingSettings
) -> Batches | None:
    """The validation rows in the same form; None where there are none."""
    if data is None:
        return None
    rows = open_source(data, "validation data", number_type(network))
    inputs, _ = rows.sample()
    check_validation(network, form.inputs(inputs, rows.where), form.objective)
    return rows.batches(form, settings.batch_size or 1)


@contextmanager
def own_randomness(seed: int, device: torch.device) -> Iterator[None]:
    """Random numbers named by `seed`; afterwards the caller's generators stand where they stood."""
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        torch.manual_seed(child_seed(seed, "start"))
        yield

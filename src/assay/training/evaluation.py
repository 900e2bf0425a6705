"""The loss and one metric on rows that are not trained on."""

from __future__ import annotations

import torch
from torch import nn

from assay.training.batches import Batches
from assay.training.forward import call
from assay.training.objective import Objective


@torch.inference_mode()
def evaluate(network: nn.Module, batches: Batches, objective: Objective) -> dict[str, float]:
    """Exact means over all rows, the network in evaluation mode and its own precision.

    Returns:
        ``{"loss", "accuracy"}`` for classes, ``{"loss", "rmse"}`` for quantities, in the targets' unit.
    """
    network.eval()
    losses, metrics, counts = [], [], []
    for inputs, targets in batches.in_order():
        outputs = call(network, inputs, batches.where).to(objective.dtype)
        counts.append(targets.numel())
        losses.append(objective(outputs, targets).double() * targets.numel())
        metrics.append(objective.measure(outputs, targets).double())
    count = sum(counts)
    loss, metric = float(torch.stack(losses).sum()), float(torch.stack(metrics).sum())
    return {"loss": loss / count, objective.metric: objective.finish(metric, count)}

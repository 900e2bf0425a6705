"""The last module of what is deployed, by what the network answers to one row."""

from __future__ import annotations

import torch
from torch import nn

from assay.bundle.decision import Decision
from assay.bundle.deployed import OneLogit, Probabilities, Quantity
from assay.bundle.target_scale import TargetScale
from assay.core.errors import BundleError
from assay.core.task import Task
from assay.data.images.preparation import ImagePreparation
from assay.data.preparation import Preparation
from assay.data.target import Target


def output_module(
    preparation: Preparation | ImagePreparation,
    network: nn.Module,
    target: Target,
    scale: TargetScale | None,
    decision: Decision,
) -> nn.Module:
    """What turns the network's outputs into values in the user's unit or into probabilities.

    Raises:
        BundleError: the network does not take what the preparation gives, or has another number of outputs.
    """
    num_outputs = _num_outputs(preparation, network)
    if (target.task, num_outputs) == (Task.BINARY, 1):
        return OneLogit(decision)
    if num_outputs != target.num_outputs:
        raise BundleError(
            f"the network has {num_outputs} outputs where {target.num_outputs} are wanted for "
            f"{target.name!r} ({target.task.value})"
        )
    return Probabilities(num_outputs, decision) if target.task.is_classification else Quantity(scale)


def _num_outputs(preparation: Preparation | ImagePreparation, network: nn.Module) -> int:
    """What the network answers to one prepared row of zeros, which is a row that it may get."""
    try:
        with torch.inference_mode():
            answer = network(torch.zeros(1, *_shape(preparation)))
    except (RuntimeError, IndexError, TypeError, ValueError) as error:
        raise BundleError(
            f"the network does not take the {preparation.num_outputs} inputs of the preparation: {error}"
        ) from error
    return int(answer.numel())


def _shape(preparation: Preparation | ImagePreparation) -> tuple[int, ...]:
    """Of one prepared row."""
    if isinstance(preparation, ImagePreparation):
        return preparation.output_shape
    return (preparation.num_outputs,)

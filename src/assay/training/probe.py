"""One look at what a network gives for a few rows, before training begins."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from assay.core.errors import RecipeError
from assay.training.objective import Objective


def choose_objective(
    network: nn.Module, inputs: Tensor, targets: Tensor, loss: str, class_weights: Tensor | None
) -> Objective:
    """The loss that fits outputs and targets.

    Args:
        network: on the device of `inputs`.
        inputs: a few rows.
        targets: of the same rows.
        loss: its name, or auto.
        class_weights: one for each class, or None.

    Raises:
        RecipeError: the network does not take the inputs, or its last layer does not fit the loss.
    """
    outputs = _outputs(network, inputs)
    name = _loss_for(outputs, targets) if loss == "auto" else loss
    _check_last_layer(network, outputs, name)
    return Objective(name, outputs.shape[1:], class_weights)


@torch.no_grad()
def _outputs(network: nn.Module, inputs: Tensor) -> Tensor:
    was_training = network.training
    network.eval()
    try:
        outputs = network(inputs)
    except (RuntimeError, ValueError, IndexError, TypeError) as error:
        shape = tuple(inputs.shape)
        raise RecipeError(f"the network does not take inputs of shape {shape}: {error}") from error
    finally:
        network.train(was_training)
    if not isinstance(outputs, Tensor) or outputs.dim() == 0 or len(outputs) != len(inputs):
        found = tuple(outputs.shape) if isinstance(outputs, Tensor) else type(outputs).__name__
        raise RecipeError(f"the network gives {found} for {len(inputs)} rows; one output a row is needed")
    return outputs.float()


def _loss_for(outputs: Tensor, targets: Tensor) -> str:
    if targets.is_floating_point():
        return "mse"
    if outputs[0].numel() == 1:
        return "bce"
    return "nll" if _are_log_probabilities(outputs) else "cross_entropy"


def _check_last_layer(network: nn.Module, outputs: Tensor, loss: str) -> None:
    """Softmax or sigmoid twice trains, only badly; a missing log-softmax drives an nll to minus infinity."""
    last = list(network.modules())[-1]
    if loss == "bce" and isinstance(last, nn.Sigmoid):
        raise RecipeError(
            "the network ends in a sigmoid, and the bce loss applies one itself",
            hint="remove the network's last layer (or use the mse loss)",
        )
    if outputs.dim() < 2 or outputs.shape[1] < 2:
        return
    if loss == "cross_entropy" and _are_probabilities(outputs):
        raise RecipeError(
            "the network gives probabilities, and the cross_entropy loss applies softmax itself",
            hint="remove the softmax, or use log-softmax and the nll loss",
        )
    if loss == "nll" and not _are_log_probabilities(outputs):
        raise RecipeError(
            "the nll loss needs log-probabilities, and the network gives other numbers",
            hint="end the network in LogSoftmax(dim=1), or use the cross_entropy loss",
        )


def _are_probabilities(outputs: Tensor) -> bool:
    sums = outputs.sum(dim=1)
    return bool((outputs >= 0).all()) and torch.allclose(sums, torch.ones_like(sums), atol=1e-3)


def _are_log_probabilities(outputs: Tensor) -> bool:
    sums = outputs.logsumexp(dim=1)
    return torch.allclose(sums, torch.zeros_like(sums), atol=1e-3)

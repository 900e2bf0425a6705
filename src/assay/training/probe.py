"""One look at what a network gives for a few rows, before training begins."""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn

from assay.core.errors import RecipeError
from assay.training.batches import Batches
from assay.training.forward import MISFIT, call
from assay.training.objective import Objective
from assay.training.tensors import is_whole

_TRAINING, _VALIDATION = "training data", "validation data"

# Steps of autograd that only give the same numbers another shape.
_SAME_NUMBERS = ("View", "UnsafeView", "ReshapeAlias", "Squeeze", "Unsqueeze", "Select", "Slice", "Clone")


def number_type(network: nn.Module) -> torch.dtype:
    """The type of the network's weights, which is that of its inputs when they are no whole numbers."""
    types = (weight.dtype for weight in network.parameters() if weight.is_floating_point())
    return next(types, torch.float32)


def input_type(network: nn.Module, inputs: Tensor) -> torch.dtype:
    """The type in which a network takes inputs of the kind of these few rows.

    Whole numbers stay whole where the network takes them so, as an embedding of token numbers does; all else
    becomes the type of the weights.

    Raises:
        RecipeError: the network takes them neither way.
    """
    number = number_type(network)
    if not is_whole(inputs):
        return number
    try:
        _evaluated(network, inputs.long(), _TRAINING)
    except RecipeError as whole:
        try:
            _evaluated(network, inputs.to(number), _TRAINING)
        except RecipeError as other:
            raise RecipeError(f"{whole.message}; and {other.message}", where=_TRAINING) from whole
        return number
    return torch.int64


def choose_objective(
    network: nn.Module,
    inputs: Tensor,
    targets: Tensor,
    loss: str,
    class_weights: Tensor | None,
    *,
    label_smoothing: float = 0.0,
) -> Objective:
    """The loss that fits outputs and targets.

    Args:
        network: on the device of `inputs`.
        inputs: a few rows, of the `input_type`.
        targets: of the same rows.
        loss: its name, or auto.
        class_weights: one for each class, or None.
        label_smoothing: as `Objective` takes it.

    Raises:
        RecipeError: the network does not take the inputs, or what it gives does not fit the loss.
    """
    outputs = _evaluated(network, inputs, _TRAINING)
    ends_in_sigmoid = _last_function(outputs) == "SigmoidBackward0"
    dtype = torch.float64 if outputs.dtype == torch.float64 else torch.float32
    outputs = outputs.detach().to(dtype)
    name = _loss_for(outputs, targets) if loss == "auto" else loss
    if name == "bce" and ends_in_sigmoid:
        raise RecipeError(
            "the network ends in a sigmoid, and the bce loss applies one itself",
            hint="remove the network's last step, or use the mse loss",
        )
    _check_outputs(outputs, name)
    return Objective(name, outputs.shape[1:], class_weights, dtype, label_smoothing)


def check_validation(network: nn.Module, inputs: Tensor, objective: Objective) -> None:
    """Whether the network takes a few validation rows, and gives for them what it gives in training.

    Raises:
        RecipeError: it does not.
    """
    found = tuple(_evaluated(network, inputs, _VALIDATION).shape[1:])
    if found != objective.output_shape:
        raise RecipeError(
            f"the network gives outputs of shape {found} for these rows, and {objective.output_shape} for "
            "the training rows",
            where=_VALIDATION,
        )


def check_single_rows(network: nn.Module, batches: Batches, inputs: Tensor) -> None:
    """Whether the network can be trained on one row at a time, if that is what it will be given.

    Raises:
        RecipeError: it cannot; mostly since batch norm needs the variance of a batch.
    """
    if batches.num_steps is None or batches.num_steps != batches.num_rows:
        return
    if not any(isinstance(module, nn.modules.batchnorm._BatchNorm) for module in network.modules()):
        return
    try:
        copy.deepcopy(network).train()(inputs[:1])
    except MISFIT as error:
        raise RecipeError(
            "batch norm needs at least 2 rows in a step, and every step has 1",
            hint="raise training.batch_size, or leave batch norm out"
            if batches.num_rows != 1
            else "give more training rows, or leave batch norm out",
            where=_TRAINING,
        ) from error


def _evaluated(network: nn.Module, inputs: Tensor, where: str) -> Tensor:
    """The outputs for a few rows in evaluation mode, with their graph."""
    was_training = network.training
    network.eval()
    try:
        outputs = call(network, inputs, where)
    finally:
        network.train(was_training)
    if not isinstance(outputs, Tensor) or outputs.dim() == 0 or len(outputs) != len(inputs):
        found = tuple(outputs.shape) if isinstance(outputs, Tensor) else type(outputs).__name__
        raise RecipeError(f"the network gives {found} for {len(inputs)} rows; one output a row is needed")
    return outputs


def _last_function(outputs: Tensor) -> str:
    """Autograd's name of what made the outputs, whatever module or function it was called through."""
    node = outputs.grad_fn
    while node is not None and node.name().startswith(_SAME_NUMBERS):
        node = node.next_functions[0][0]
    return "" if node is None else node.name()


def _loss_for(outputs: Tensor, targets: Tensor) -> str:
    if targets.is_floating_point():
        return "mse"
    if outputs[0].numel() == 1:
        return "bce"
    return "nll" if _are_log_probabilities(outputs) else "cross_entropy"


def _check_outputs(outputs: Tensor, loss: str) -> None:
    """Softmax twice trains, only badly; a missing log-softmax drives an nll to minus infinity."""
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

"""The layers of a network as a list: name, output size, parameters."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from assay.core.errors import RecipeError

# By name, so that the packages they come from are loaded only when a network has them.
_ENSEMBLES = {"LinearBatchEnsemble": "shared linear", "LinearEnsemble": "linear"}
_NAMES = {
    "AdaptiveAvgPool2d": "average pool of the whole map",
    "LayerNorm": "layer norm",
    "LinearEmbeddings": "a line for each number",
    "_NLinear": "a linear layer for each number",
    "_Periodic": "sines and cosines of each number",
    "_PiecewiseLinearEncodingImpl": "bins of each number",
}


def layers(network: nn.Module, inputs: int | Sequence[int]) -> list[dict[str, Any]]:
    """What each layer is, gives and holds, in the order in which rows pass through.

    Runs a copy on torch's meta device: shapes are found, no number is computed.

    Args:
        network: takes (B, columns), or (B, channels, height, width).
        inputs: columns of the input, or the images' channels, height and width.

    Returns:
        One object a layer: ``{"layer": "linear 22 to 100", "output": "100", "parameters": 2300}``.

    Raises:
        RecipeError: the network does not take such inputs.
    """
    sides = [inputs] if isinstance(inputs, int) else list(inputs)
    twin = copy.deepcopy(network).to("meta").eval()
    if hasattr(twin, "test_time_flip"):
        setattr(twin, "test_time_flip", False)  # noqa: B010 - no attribute of every module; would show layers twice
    found: list[dict[str, Any]] = []

    def note(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        size = "x".join(str(side) for side in output.shape[1:])
        parameters = sum(parameter.numel() for parameter in module.parameters())
        found.append({"layer": _describe(module), "output": size, "parameters": parameters})

    for module in twin.modules():
        if not list(module.children()) and not isinstance(module, nn.Identity):
            module.register_forward_hook(note)
    try:
        with torch.no_grad():
            twin(torch.empty(2, *sides, device="meta"))
    except (RuntimeError, IndexError) as error:
        wanted = f"{inputs} columns" if isinstance(inputs, int) else f"images of {'x'.join(map(str, sides))}"
        raise RecipeError(f"the network does not take {wanted}: {error}") from error
    return found


def _describe(module: nn.Module) -> str:  # noqa: PLR0911  (one for each kind of layer)
    if isinstance(module, nn.Linear):
        return f"linear {module.in_features} to {module.out_features}"
    if isinstance(module, nn.Embedding):
        return f"embedding {module.num_embeddings} to {module.embedding_dim}"
    if isinstance(module, nn.Dropout):
        return f"dropout {module.p:g}"
    if isinstance(module, nn.Conv2d):
        return f"conv {_side(module)}, {module.in_channels} to {module.out_channels}"
    if isinstance(module, nn.MaxPool2d | nn.AvgPool2d):
        return f"{'max' if isinstance(module, nn.MaxPool2d) else 'average'} pool {_side(module)}"
    if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
        return "batch norm"
    name = type(module).__name__
    if name in _ENSEMBLES:
        return f"{_ENSEMBLES[name]} {module.in_features} to {module.out_features} for {module.k} members"
    return _NAMES.get(name, name.lower())


def _side(module: nn.Conv2d | nn.MaxPool2d | nn.AvgPool2d) -> str:
    size = module.kernel_size
    return f"{size}x{size}" if isinstance(size, int) else "x".join(map(str, size))

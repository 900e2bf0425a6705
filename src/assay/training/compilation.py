"""The network as torch.compile translates it."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from assay.core.errors import MissingPartError


def compiled(network: nn.Module, device: torch.device) -> Callable[[Tensor], Tensor]:
    """`network`, translated at its first call; the weights stay shared.

    Raises:
        MissingPartError: a line of arithmetic cannot be translated here, mostly for want of a C++ compiler.
    """
    _check(device)
    forward: Callable[[Tensor], Tensor] = torch.compile(network)
    return forward


def compiled_for_one_size(
    network: nn.Module, device: torch.device, batch_size: int
) -> Callable[[Tensor], Tensor]:
    """`network`, translated for batches of this size; a smaller last batch is not worth a second translation.

    Raises:
        MissingPartError: as `compiled` does.
    """
    _check(device)
    translated: Callable[[Tensor], Tensor] = torch.compile(network, dynamic=False)

    def forward(inputs: Tensor) -> Tensor:
        outputs: Tensor = translated(inputs) if len(inputs) == batch_size else network(inputs)
        return outputs

    return forward


def _check(device: torch.device) -> None:
    try:
        torch.compile(_line)(torch.ones(2, device=device))
    except RuntimeError as error:
        reason = str(error).strip().splitlines()[0]
        raise MissingPartError(
            f"torch.compile does not work on this machine: {reason}",
            hint="install a C++ compiler (g++ or clang++), or leave training.compile out",
        ) from error


def _line(x: Tensor) -> Tensor:
    return x * 2 + 1

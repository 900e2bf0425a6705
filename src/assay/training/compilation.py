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
    try:
        torch.compile(_line)(torch.ones(2, device=device))
    except RuntimeError as error:
        reason = str(error).strip().splitlines()[0]
        raise MissingPartError(
            f"torch.compile does not work on this machine: {reason}",
            hint="install a C++ compiler (g++ or clang++), or leave training.compile out",
        ) from error
    forward: Callable[[Tensor], Tensor] = torch.compile(network)
    return forward


def _line(x: Tensor) -> Tensor:
    return x * 2 + 1

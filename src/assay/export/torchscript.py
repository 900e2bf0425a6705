"""network.torchscript.pt: the network traced and frozen."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from assay.export.quiet import quiet

DEPRECATED = (
    "TorchScript is deprecated upstream and gets no further work; its successor is torch.export, compiled "
    "for C++ by AOTInductor (--to pt2)"
)


def write_torchscript(network: nn.Module, example: Tensor, path: Path) -> None:
    """Trace and freeze the network, and write it; warns that TorchScript has a successor.

    Args:
        network: in evaluation mode, on the CPU.
        example: (N, ...) rows as it takes them; nothing of them is stored.
        path: of the file.
    """
    warnings.warn(DEPRECATED, FutureWarning, stacklevel=4)  # the caller of `export`
    trace: Any = torch.jit.trace
    with quiet(), torch.no_grad():
        torch.jit.freeze(trace(network, example)).save(str(path))

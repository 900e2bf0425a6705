"""How many threads a training on a CPU uses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn

# Weights x rows of a step below which a second thread was never measured to help. It does harm where other
# processes use the cores: threads wait for each other in every layer, and an epoch took 13 times as long.
_SMALL = 2_000_000


@contextmanager
def few_threads(network: nn.Module, batch_size: int, device: torch.device) -> Iterator[None]:
    """One thread for a small network on the CPU, torch's own number otherwise; restored afterwards."""
    before = torch.get_num_threads()
    size = sum(weight.numel() for weight in network.parameters()) * batch_size
    if device.type == "cpu" and size < _SMALL:
        torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)

"""How many threads a training on a CPU uses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn

# Multiplications of a step's forward pass below which a second thread was never measured to help. It does
# harm where other processes use the cores: threads wait for each other in every layer, and an epoch took 13
# times as long.
_SMALL = 2_000_000


@contextmanager
def few_threads(
    network: nn.Module, batch_size: int, device: torch.device, num_places: int = 1
) -> Iterator[None]:
    """One thread for a small network on the CPU, torch's own number otherwise; restored afterwards.

    Args:
        network: that is trained.
        batch_size: rows of a step.
        device: where it is trained.
        num_places: pixels of an image, at each of which the filters of convolutions are applied.
    """
    before = torch.get_num_threads()
    size = batch_size * sum(
        weight.numel() * (_places(num_places) if weight.dim() == 4 else 1) for weight in network.parameters()
    )
    if device.type == "cpu" and size < _SMALL:
        torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _places(num_pixels: int) -> int:
    """At how many places a filter is applied, roughly: pooling leaves a quarter of them, and again."""
    return max(1, num_pixels // 4)

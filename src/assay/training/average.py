"""A running mean of the weights."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn


class Average:
    """An exponential mean of the weights over the steps, which is mostly better than the last ones.

    After step t the mean keeps min(decay, (1 + t) / (10 + t)) of itself, so that the first steps, whose
    weights are far off, are soon forgotten. The statistics of batch norm are averaged alike. Sources: Polyak
    and Juditsky (1992); the beginning as in TensorFlow's ExponentialMovingAverage.

    Args:
        network: whose weights are averaged; on its device, and in the memory layout that it keeps.
        decay: share of itself that the mean keeps at each step.
    """

    def __init__(self, network: nn.Module, decay: float) -> None:
        self.decay, self.num_steps = decay, 0
        trained = [weight.detach() for weight in network.parameters() if weight.requires_grad]
        measured = [buffer for buffer in network.buffers() if buffer.is_floating_point()]
        self._weights: list[Tensor] = trained + measured
        self._means = [weight.clone() for weight in self._weights]

    @torch.no_grad()
    def after_step(self) -> None:
        """Take in the weights as a step left them."""
        self.num_steps += 1
        decay = min(self.decay, (1 + self.num_steps) / (10 + self.num_steps))
        torch._foreach_lerp_(self._means, self._weights, 1 - decay)

    @contextmanager
    def in_network(self) -> Iterator[None]:
        """The network with the means as its weights; afterwards it has its own again."""
        self._exchange()
        try:
            yield
        finally:
            self._exchange()

    def state_dict(self) -> dict[str, Any]:
        """Plain values and tensors for a checkpoint."""
        return {"num_steps": self.num_steps, "means": [mean.clone() for mean in self._means]}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Stand where `state_dict` stood."""
        self.num_steps = state["num_steps"]
        for mean, value in zip(self._means, state["means"], strict=True):
            mean.copy_(value)

    @torch.no_grad()
    def _exchange(self) -> None:
        for weight, mean in zip(self._weights, self._means, strict=True):
            before = weight.clone()
            weight.copy_(mean)
            mean.copy_(before)

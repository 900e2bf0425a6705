"""The best weights so far, and how long it has been since."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn

Weights = dict[str, Tensor]


class Best:
    """Keeps a copy of the weights of the epoch with the lowest validation loss (Prechelt, 1998).

    Without validation rows there is nothing to choose by, and every epoch counts as better than the last.

    Args:
        network: whose weights are kept.
        min_delta: by how much a loss must be lower to count as better.
        has_validation: whether the losses are of validation rows.
    """

    def __init__(self, network: nn.Module, min_delta: float, *, has_validation: bool) -> None:
        self.min_delta, self.has_validation = min_delta, has_validation
        self.waited = 0  # epochs since the best one
        self._network = network
        # One assignment replaces all three, so that Ctrl-C never leaves the weights of two epochs mixed.
        self._kept: tuple[int, float, Weights] = (0, math.inf, _copy(network))

    @property
    def epoch(self) -> int:
        """Of the kept weights; 0: those before training."""
        return self._kept[0]

    @property
    def loss(self) -> float:
        """The validation loss of that epoch."""
        return self._kept[1]

    def update(self, epoch: int, loss: float) -> None:
        """Take note of an epoch, and keep its weights when it is the best so far."""
        if self.has_validation and not loss < self.loss - self.min_delta:
            self.waited = epoch - self.epoch
            return
        self._kept = (epoch, loss, _copy(self._network))
        self.waited = 0

    def restore(self) -> None:
        """Put the best weights into the network."""
        self._network.load_state_dict(self._kept[2])

    def state_dict(self) -> dict[str, Any]:
        """Plain values and tensors for a checkpoint."""
        return {"epoch": self.epoch, "loss": self.loss, "waited": self.waited, "weights": self._kept[2]}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Stand where `state_dict` stood."""
        self._kept = (state["epoch"], state["loss"], state["weights"])
        self.waited = state["waited"]


@torch.no_grad()
def _copy(network: nn.Module) -> Weights:
    return {name: value.detach().clone() for name, value in network.state_dict().items()}

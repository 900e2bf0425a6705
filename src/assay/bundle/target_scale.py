"""The unit of a regression target: scaled for training, restored in what is deployed."""

from __future__ import annotations

from typing import Self

import numpy as np
import torch
from torch import Tensor, nn


class TargetScale(nn.Module):
    """Standardises a target, (value - mean) / std, and takes a network's output back to the user's unit.

    A network starts near zero; without the scale it would spend its first epochs on learning the mean (2,000
    for years), and its learning rate would depend on the unit.
    """

    def __init__(self, mean: float = 0.0, std: float = 1.0) -> None:
        super().__init__()
        self.mean = nn.Buffer(torch.tensor(mean, dtype=torch.float64))
        self.std = nn.Buffer(torch.tensor(std, dtype=torch.float64))

    @classmethod
    def of(cls, truth: np.ndarray) -> Self:
        """The scale of the training rows' targets, (N,) float64; one that does not vary is only shifted."""
        mean, std = float(truth.mean()), float(truth.std())
        varies = std > 1e-12 * abs(mean)  # rounding gives equal numbers a tiny deviation
        return cls(mean, std if varies else 1.0)

    def scaled(self, values: Tensor) -> Tensor:
        """Values in the user's unit, of any shape -> mean 0 and standard deviation 1, float64."""
        return (values.to(torch.float64) - self.mean) / self.std

    def forward(self, scaled: Tensor) -> Tensor:
        """What a network says, of any shape -> float64 in the user's unit."""
        return scaled.to(torch.float64) * self.std + self.mean

"""The perceptron: the first artificial neuron, and the smallest special case of a network."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from assay.core.errors import RecipeError


class Perceptron(nn.Module):
    """A threshold unit: 1 when the weighted sum of the inputs exceeds the threshold, else 0.

    It is a single layer (an `MLP` without hidden layers and with one output) followed by a step. The step
    has no slope, so gradients cannot train it: `MLP` replaces the step by a sigmoid, which is the whole
    difference between a perceptron and logistic regression. Source: Rosenblatt (1958).

    Args:
        weights: one for each input.
        threshold: what the weighted sum has to exceed.

    Example:
        >>> Perceptron([4, 2, 2], threshold=5)(torch.tensor([0.0, 1.0, 1.0]))
        tensor(0.)
    """

    def __init__(self, weights: Sequence[float], threshold: float) -> None:
        super().__init__()
        if not len(weights):
            raise RecipeError("a perceptron needs at least one weight, and got none")
        self.weights = nn.Buffer(torch.as_tensor(weights, dtype=torch.float32))
        self.threshold = nn.Buffer(torch.tensor(float(threshold)))

    def forward(self, x_BP: Tensor) -> Tensor:
        """(..., P) inputs -> (...) float32, 0 or 1."""
        return (x_BP.to(self.weights.dtype) @ self.weights > self.threshold).to(self.weights.dtype)

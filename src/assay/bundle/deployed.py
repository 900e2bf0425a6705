"""What answers: preparation, network and output in one plain module."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from assay.bundle.decision import Decision


class Quantity(nn.Module):
    """The output of a regression: (N, 1) -> (N,) float64 in the user's unit."""

    def __init__(self, scale: nn.Module | None) -> None:
        super().__init__()
        self.scale = nn.Identity() if scale is None else scale

    def forward(self, output_N1: Tensor) -> Tensor:
        """(N, 1) -> (N,)."""
        values_N: Tensor = self.scale(output_N1.reshape(-1).to(torch.float64))
        return values_N


class Probabilities(nn.Module):
    """The output of a classifier with a logit (or log-probability) a class: (N, K) -> (N, K) float64.

    Args:
        num_classes: K.
        decision: its temperature divides the logits; its shift is added to the second of two.
    """

    def __init__(self, num_classes: int, decision: Decision) -> None:
        super().__init__()
        shift_K = torch.zeros(num_classes, dtype=torch.float64)
        if decision.shift:
            shift_K[1] = decision.shift
        self.temperature = _number(decision.temperature)
        self.shift = nn.Buffer(shift_K)
        self.has_shift = bool(decision.shift)

    def forward(self, logits_NK: Tensor) -> Tensor:
        """(N, K) -> (N, K)."""
        logits_NK = logits_NK.to(torch.float64) / self.temperature
        if self.has_shift:
            logits_NK = logits_NK + self.shift
        return torch.softmax(logits_NK, dim=1)


class OneLogit(nn.Module):
    """The output of a classifier with one logit, of the second of two classes: (N, 1) -> (N, 2) float64."""

    def __init__(self, decision: Decision) -> None:
        super().__init__()
        self.temperature = _number(decision.temperature)
        self.shift = _number(decision.shift)
        self.has_shift = bool(decision.shift)

    def forward(self, logit_N1: Tensor) -> Tensor:
        """(N, 1) -> (N, 2)."""
        logit_N1 = logit_N1.to(torch.float64) / self.temperature
        if self.has_shift:
            logit_N1 = logit_N1 + self.shift
        return torch.sigmoid(torch.cat([-logit_N1, logit_N1], dim=1))


class Deployed(nn.Module):
    """Raw rows in, predictions out; all numbers that it needs are its own tensors.

    Args:
        preparation: raw (N, C) float64 -> (N, P) float32.
        network: (N, P) float32 -> values (N, 1) or logits (N, K).
        output: to the user's unit, or to probabilities.
        threshold: the probability of the second of two classes above which it is the answer; None: the most
            probable class is. No part of `forward`: a tensor that goes where the module goes, NaN for None.
    """

    def __init__(
        self, preparation: nn.Module, network: nn.Module, output: nn.Module, threshold: float | None = None
    ) -> None:
        super().__init__()
        self.preparation = preparation
        self.network = network
        self.output = output
        self.threshold = _number(float("nan") if threshold is None else threshold)

    def forward(self, raw_NC: Tensor) -> Tensor:
        """Predict raw rows as `Schema.encode` makes them.

        Args:
            raw_NC: (N, C) float64, NaN for missing, codes for categories, seconds since 1970 for dates.

        Returns:
            float64: (N,) in the target's unit, or (N, K) probabilities.
        """
        predictions: Tensor = self.output(self.network(self.preparation(raw_NC)))
        return predictions


def _number(value: float) -> nn.Buffer:
    return nn.Buffer(torch.tensor(value, dtype=torch.float64))

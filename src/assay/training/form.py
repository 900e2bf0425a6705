"""The form in which the rows of a step reach the network."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from assay.training.objective import Objective
from assay.training.tensors import typed


@dataclass(frozen=True)
class Form:
    """Makes inputs and targets what network and loss take.

    Attributes:
        objective: says what the targets must be.
        input_type: of the inputs.
        device: where both go.
    """

    objective: Objective
    input_type: torch.dtype
    device: torch.device

    def inputs(self, values: Tensor, where: str) -> Tensor:
        """(N, ...), on the device."""
        return typed(values, self.input_type, where).to(self.device, non_blocking=True)

    def targets(self, values: Tensor, where: str) -> Tensor:
        """(N, ...), on the device."""
        return self.objective.adapt(values, where).to(self.device, non_blocking=True)

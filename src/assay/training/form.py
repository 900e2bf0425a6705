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
        channels_last: whether images are given with the colours of a pixel side by side.
    """

    objective: Objective
    input_type: torch.dtype
    device: torch.device
    channels_last: bool = False

    def inputs(self, values: Tensor, where: str) -> Tensor:
        """(N, ...), on the device."""
        inputs = typed(values, self.input_type, where).to(self.device, non_blocking=True)
        if self.channels_last and inputs.dim() == 4:
            return inputs.contiguous(memory_format=torch.channels_last)
        return inputs

    def targets(self, values: Tensor, where: str) -> Tensor:
        """(N, ...), on the device."""
        return self.objective.adapt(values, where).to(self.device, non_blocking=True)

"""PyTorch as it is: what the other runtimes are compared with."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from assay.bundle.saving import WEIGHTS
from assay.export.runtimes.runtime import Runtime


class EagerRuntime(Runtime):
    """The bundle's own network, on the CPU."""

    name = "eager"
    file = WEIGHTS

    def __init__(self, network: nn.Module) -> None:
        self._network = network

    def run(self, raw: np.ndarray) -> np.ndarray:
        """See `Runtime.run`."""
        with torch.inference_mode():
            output: np.ndarray = self._network(torch.from_numpy(raw)).numpy()
        return output

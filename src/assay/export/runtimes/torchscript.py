"""TorchScript in Python; in C++ it is the same interpreter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch

from assay.export import files
from assay.export.quiet import quiet
from assay.export.runtimes.runtime import Runtime


class TorchScriptRuntime(Runtime):
    """A traced and frozen network, loaded from an exported folder."""

    name = "torchscript"
    file = files.TORCHSCRIPT

    def __init__(self, folder: Path) -> None:
        with quiet():
            load: Any = torch.jit.load
            self._network = load(str(folder / self.file))

    def run(self, raw: np.ndarray) -> np.ndarray:
        """See `Runtime.run`."""
        with torch.inference_mode():
            output: np.ndarray = self._network(torch.from_numpy(raw)).numpy()
        return output

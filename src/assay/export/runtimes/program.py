"""A program of torch.export, run step by step in Python."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from assay.export import files
from assay.export.quiet import quiet
from assay.export.runtimes.runtime import Runtime


class ProgramRuntime(Runtime):
    """An exported program, loaded from an exported folder."""

    name = "torch.export"
    file = files.PROGRAM

    def __init__(self, folder: Path) -> None:
        with quiet():
            self._network = torch.export.load(folder / self.file).module()

    def run(self, raw: np.ndarray) -> np.ndarray:
        """See `Runtime.run`."""
        with torch.inference_mode():
            output: np.ndarray = self._network(torch.from_numpy(raw)).numpy()
        return output

"""A package of AOTInductor, run from Python; in C++ it is the same machine code."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from assay.export import files
from assay.export.quiet import quiet
from assay.export.runtimes.runtime import Runtime


class PackageRuntime(Runtime):
    """A compiled network, loaded from an exported folder."""

    name = "aotinductor"
    file = files.PACKAGE

    def __init__(self, folder: Path) -> None:
        from torch._inductor import aoti_load_package

        with quiet():
            self._network = aoti_load_package(str(folder / self.file))

    def run(self, raw: np.ndarray) -> np.ndarray:
        """See `Runtime.run`."""
        with torch.inference_mode():
            output: np.ndarray = self._network(torch.from_numpy(raw)).numpy()
        return output

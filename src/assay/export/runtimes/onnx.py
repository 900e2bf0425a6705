"""ONNX Runtime on the processor."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from assay.export import files
from assay.export.runtimes.runtime import Runtime
from assay.export.schema_file import INPUT_NAME, OUTPUT_NAME


class OnnxRuntime(Runtime):
    """An ONNX file, loaded from an exported folder."""

    name = "onnxruntime"
    file = files.ONNX

    def __init__(self, folder: Path) -> None:
        from onnxruntime import InferenceSession

        self._session: Any = InferenceSession(str(folder / self.file), providers=["CPUExecutionProvider"])

    def run(self, raw: np.ndarray) -> np.ndarray:
        """See `Runtime.run`."""
        output: np.ndarray = self._session.run([OUTPUT_NAME], {INPUT_NAME: raw})[0]
        return output

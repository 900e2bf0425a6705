"""What a runtime is to a proof of parity."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np


class Runtime(ABC):
    """Loads an exported file as its users will, and runs it.

    Attributes:
        name: as parity.json and the report call it.
        file: that it runs, relative to the exported folder.
    """

    name: ClassVar[str]
    file: ClassVar[str]

    @abstractmethod
    def run(self, raw: np.ndarray) -> np.ndarray:
        """(N, ...) raw rows as `schema.json` says -> float64: (N,) values or (N, K) probabilities."""

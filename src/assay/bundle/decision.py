"""What turns a network's logits into probabilities and these into a class, fitted on validation rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np
import torch
from torch import Tensor

from assay.bundle.calibration import calibrated
from assay.core.errors import BundleError
from assay.core.predictions import Predictions


@dataclass(frozen=True)
class Decision:
    """Calibration and threshold of a classifier; the default leaves everything as the network says it.

    Attributes:
        temperature: divides the logits (Guo et al. 2017).
        shift: added to the log-odds of the second of two classes, after the temperature (Platt 1999).
        threshold: the calibrated probability of the second of two classes above which it is the answer; None:
            the most probable class is.
        record: how it came about, as in metrics.json under "calibration"; empty where nothing was fitted.

    Raises:
        BundleError: a number is impossible.
    """

    temperature: float = 1.0
    shift: float = 0.0
    threshold: float | None = None
    record: dict[str, Any] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        for name, value, is_possible in (
            ("temperature", self.temperature, np.isfinite(self.temperature) and self.temperature > 0),
            ("shift", self.shift, np.isfinite(self.shift)),
            ("threshold", self.threshold, self.threshold is None or 0 <= self.threshold <= 1),
        ):
            if not is_possible:
                raise BundleError(f"a decision's {name} cannot be {value}")

    @property
    def changes_nothing(self) -> bool:
        """Whether probabilities and classes are those of the network alone."""
        return self == Decision()

    def apply(self, p: Predictions) -> Predictions:
        """What the decided bundle says of rows whose predictions by the undecided one are these."""
        output = p.output
        if (self.temperature, self.shift) != (1.0, 0.0):
            output = calibrated(output, self.temperature, self.shift)
        return replace(p, output=output, threshold=self.threshold)

    def undo(self, p: Predictions) -> Predictions:
        """What the undecided bundle says of rows whose predictions by this one are these."""
        reverse = Decision(1.0 / self.temperature, -self.shift * self.temperature)
        return reverse.apply(p)

    def tensors(self) -> dict[str, Tensor]:
        """The numbers by name, float64; none where nothing is changed."""
        if self.changes_nothing:
            return {}
        numbers = {"temperature": self.temperature, "shift": self.shift, "threshold": self.threshold}
        known = {name: value for name, value in numbers.items() if value is not None}
        return {name: torch.tensor(value, dtype=torch.float64) for name, value in known.items()}

    @classmethod
    def from_tensors(cls, tensors: Mapping[str, Tensor], record: Mapping[str, Any]) -> Self:
        """The decision that `tensors` wrote, with its record.

        Raises:
            BundleError: a number is impossible.
        """
        return cls(**{name: float(tensor) for name, tensor in tensors.items()}, record=dict(record))

"""Classes that the training rows have and the validation rows lack: their error goes unmeasured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from assay.core.predictions import Predictions

_MEANS = {"accuracy", "log_loss", "brier"}  # over rows, where a class counts by its share
_FEW = 0.01


@dataclass(frozen=True)
class Absent:
    """What validation lacks.

    Attributes:
        labels: the classes.
        share: of the training rows that are of these classes.
    """

    labels: tuple[str, ...] = ()
    share: float = 0.0

    @classmethod
    def of(cls, train: Predictions, validation: Predictions) -> Self:
        """Compare the classes of the parts; for quantities nothing is absent."""
        if not train.task.is_classification:
            return cls()
        absent = np.setdiff1d(train.truth, validation.truth)
        return cls(
            tuple(train.labels[number] for number in absent), float(np.isin(train.truth, absent).mean())
        )

    def matters(self, metric: str) -> bool:
        """Whether they could move the error by more than a little."""
        return self.share > (_FEW if metric in _MEANS else 0.0)

    def __str__(self) -> str:
        """`class 'a'`, `classes 'a', 'b' and 3 more`."""
        names = ", ".join(map(repr, self.labels[:3]))
        more = f" and {len(self.labels) - 3} more" if len(self.labels) > 3 else ""
        return f"{'class' if len(self.labels) == 1 else 'classes'} {names}{more}"

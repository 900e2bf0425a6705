"""What a part's score is, and what it is on rows that leaked in no way that was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from assay.core.interval import Interval
from assay.core.metrics import error
from assay.core.predictions import Predictions
from assay.diagnosis.bootstrap import error_interval
from assay.diagnosis.leaks.scores import METRICS
from assay.diagnosis.leaks.wording import METRIC_WORDS

_FEWEST = 10
_FAMILIAR = {True: "accuracy", False: "rmse"}


@dataclass(frozen=True)
class PartScore:
    """The two numbers.

    Attributes:
        part: test or validation.
        metric: balanced_accuracy, or r2.
        everything: on all scored rows.
        clean: on those that stand neither in training nor are copies of training rows; None where too few do.
        rows: how many rows these are.
        familiar: accuracy, or RMSE, on all scored rows.
        by: whose predictions: "predictions" (given), or what the reference is.
    """

    part: str
    metric: str
    everything: Interval
    clean: Interval | None
    rows: tuple[int, int]
    familiar: float
    by: str

    @classmethod
    def of(cls, part: str, p: Predictions, leaked: np.ndarray, by: str) -> Self:
        """Measure predictions of which some rows (a mask) leaked."""
        is_class = p.task.is_classification
        metric, clean = METRICS[is_class], p.take(np.flatnonzero(~leaked))
        familiar = error(p, _FAMILIAR[is_class])
        return cls(
            part,
            metric,
            _score(p, metric),
            _score(clean, metric) if _is_defined(clean, p) else None,
            (len(p), len(clean)),
            1.0 - familiar if is_class else familiar,
            by,
        )

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "metric": self.metric,
            "all": self.everything.to_json(),
            "clean": self.clean.to_json() if self.clean else None,
            "rows": {"all": self.rows[0], "clean": self.rows[1]},
            "accuracy" if self.metric == METRICS[True] else "rmse": self.familiar,
            "by": self.by,
        }

    def __str__(self) -> str:
        word = METRIC_WORDS[self.metric]
        familiar = "accuracy" if self.metric == METRICS[True] else "RMSE"
        whose = "" if self.by == "predictions" else f" (by the reference: {self.by})"
        text = f"{self.part}: {word} {_shown(self.everything)} on all {self.rows[0]:,} rows"
        text += f", {familiar} {self.familiar:.4g}{whose}"
        if self.rows[1] == self.rows[0]:
            return text
        kept = _shown(self.clean) if self.clean else "not defined"
        return f"{text}; {word} {kept} on the {self.rows[1]:,} rows never seen"


def _score(p: Predictions, metric: str) -> Interval:
    found = error_interval(p, metric)
    value = None if found.value is None else 1.0 - found.value
    return Interval(value, 1.0 - found.high, 1.0 - found.low)


def _is_defined(some: Predictions, p: Predictions) -> bool:
    if len(some) < _FEWEST:
        return False
    if p.task.is_classification:
        return len(np.unique(some.truth)) == len(np.unique(p.truth))
    return float(np.ptp(some.truth)) > 0.0


def _shown(interval: Interval) -> str:
    return f"{interval.value or 0.0:.3f} ({interval.low:.3f} to {interval.high:.3f})"

"""What a part's score is, and what it is on rows that leaked in no way that was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from assay.core.interval import Interval
from assay.core.metrics import error
from assay.core.predictions import Predictions
from assay.diagnosis.bootstrap import error_interval
from assay.diagnosis.leaks.pair import counted
from assay.diagnosis.leaks.scores import METRICS, no_clean_score
from assay.diagnosis.leaks.wording import METRIC_WORDS

_FAMILIAR = {True: "accuracy", False: "rmse"}


@dataclass(frozen=True)
class PartScore:
    """The two numbers.

    Attributes:
        part: test or validation.
        metric: balanced_accuracy, or r2.
        everything: on all scored rows: not those beyond a sample, nor those that were not looked at.
        clean: on those that stand neither in training nor are copies of training rows; None where that cannot
            be measured.
        rows: how many rows these are.
        num_rows: how many the part has.
        familiar: accuracy, or RMSE, on all scored rows.
        by: whose predictions: "predictions" (given), or what the reference is.
        because: why there is no clean score, one clause.
    """

    part: str
    metric: str
    everything: Interval
    clean: Interval | None
    rows: tuple[int, int]
    familiar: float
    by: str
    num_rows: int
    because: str = ""

    @classmethod
    def of(cls, part: str, p: Predictions, leaked: np.ndarray, by: str, num_rows: int) -> Self:
        """Measure predictions, of some of a part's rows, of which some (a mask) leaked."""
        is_class = p.task.is_classification
        metric, clean = METRICS[is_class], p.take(np.flatnonzero(~leaked))
        familiar = error(p, _FAMILIAR[is_class])
        because = no_clean_score(p, ~leaked, part)
        if not because and not is_class and not np.ptp(clean.truth) > 0.0:
            because = "all rows without the copies have the same target"
        return cls(
            part,
            metric,
            _score(p, metric),
            None if because else _score(clean, metric),
            (len(p), len(clean)),
            1.0 - familiar if is_class else familiar,
            by,
            num_rows,
            because,
        )

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "metric": self.metric,
            "all": self.everything.to_json(),
            "clean": self.clean.to_json() if self.clean else None,
            "rows": {"all": self.rows[0], "clean": self.rows[1], "part": self.num_rows},
            "accuracy" if self.metric == METRICS[True] else "rmse": self.familiar,
            "by": self.by,
        }

    def __str__(self) -> str:
        word = METRIC_WORDS[self.metric]
        familiar = "accuracy" if self.metric == METRICS[True] else "RMSE"
        whose = "" if self.by == "predictions" else f" (by the reference: {self.by})"
        clean = counted(self.rows[1], "row")
        if self.rows[0] == self.num_rows:
            looked_at, never = f"all {counted(self.num_rows, 'row')}", f"the {clean} never seen"
        else:
            looked_at = f"the {self.rows[0]:,} of {counted(self.num_rows, 'row')} looked at"
            never = f"the {self.rows[1]:,} of these never seen"
        text = f"{self.part}: {word} {_shown(self.everything)} on {looked_at}"
        text += f", {familiar} {self.familiar:.4g}{whose}"
        if self.rows[1] == self.rows[0]:
            return text
        if self.clean is None:
            return f"{text}; without what leaked it cannot be measured: {self.because}"
        return f"{text}; {word} {_shown(self.clean)} on {never}"


def _score(p: Predictions, metric: str) -> Interval:
    found = error_interval(p, metric)
    value = None if found.value is None else 1.0 - found.value
    return Interval(value, 1.0 - found.high, 1.0 - found.low)


def _shown(interval: Interval) -> str:
    return f"{interval.value or 0.0:.3f} ({interval.low:.3f} to {interval.high:.3f})"

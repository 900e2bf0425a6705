"""What a user calls good enough."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from assay.core.errors import RecipeError
from assay.core.metrics import check_metric
from assay.core.numbers import number
from assay.diagnosis.bootstrap import SHARES

if TYPE_CHECKING:
    from assay.core.task import Task

_LOWER_IS_BETTER = {"rmse", "mae", "log_loss", "brier", "calibration_error"}


@dataclass(frozen=True)
class Goal:
    """A value of a metric on the validation rows.

    Attributes:
        metric: its name.
        value: to be reached.
    """

    metric: str
    value: float

    @classmethod
    def of(cls, text: str) -> Self:
        """`accuracy=0.8`.

        Raises:
            RecipeError: the text is not METRIC=NUMBER.
        """
        metric, _, value = text.partition("=")
        try:
            goal = cls(metric.strip(), float(value))
        except ValueError:
            goal = cls("", math.nan)
        if not goal.metric or not math.isfinite(goal.value):
            raise RecipeError(
                f"{text!r} is no goal", hint="write METRIC=NUMBER, e.g. accuracy=0.8", where="goal"
            )
        return goal

    def check(self, task: Task) -> None:
        """Refuse a metric that the task does not have.

        Raises:
            RecipeError: the metric is unknown, or for another task.
        """
        check_metric(self.metric, task)
        if self.value > 1.0 and self.metric in SHARES | {"r2"}:
            hint = "0.8 means 80 %" if self.value <= 100.0 else ""
            raise RecipeError(
                f"{self.metric} is never above 1: {number(self.value)}", hint=hint, where="goal"
            )

    def is_met(self, metrics: dict[str, Any]) -> bool:
        """Whether the validation rows of a `metrics.json` reach it."""
        found = metrics["validation"].get(self.metric)
        if found is None or not math.isfinite(found):
            return False
        return bool(found <= self.value if self.metric in _LOWER_IS_BETTER else found >= self.value)

    def __str__(self) -> str:
        sign = "at most" if self.metric in _LOWER_IS_BETTER else "at least"
        return f"{self.metric} {sign} {number(self.value)}"

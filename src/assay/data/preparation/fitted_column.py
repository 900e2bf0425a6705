"""One column as the training rows have settled it: what fills it, what bounds it, what it becomes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Self

import numpy as np

from assay.data.preparation.dates import DAY, MONDAY, YEAR
from assay.data.preparation.filling import LARGEST, NO_CODE
from assay.data.preparation.settings import DatePart, PreparationSettings
from assay.data.preparation.statistics import NumberStatistics, outlier_bounds, quantile_curve
from assay.data.schema import InputColumn

Form = Literal["scaled", "quantile", "boolean", "one_hot", "codes", "date"]


@dataclass(frozen=True)
class FittedColumn:
    """A feature column with its training statistics.

    Attributes:
        index: its place in the raw matrix.
        column: its schema.
        choices: the settings that hold for it.
        form: what it becomes.
        num_missing: training rows without a value.
        statistics: of its numbers (a date's: in epoch seconds); zeros for categories.
        fill: the raw value that stands in for a missing one.
        bounds: within which raw values are held.
        knots, heights: the curve of a quantile column.
        parts: what a date becomes.
    """

    index: int
    column: InputColumn
    choices: PreparationSettings
    form: Form
    num_missing: int
    statistics: NumberStatistics = field(default_factory=NumberStatistics)
    fill: float = NO_CODE
    bounds: tuple[float, float] = (-LARGEST, LARGEST)
    knots: list[float] = field(default_factory=list)
    heights: list[float] = field(default_factory=list)
    parts: tuple[DatePart, ...] = ()

    @classmethod
    def of(cls, index: int, column: InputColumn, raw_N: np.ndarray, choices: PreparationSettings) -> Self:
        """Fit one column to its raw training values."""
        missing_N = np.isnan(raw_N)
        ascending = np.sort(raw_N[~missing_N])
        num_missing = int(missing_N.sum())
        if column.is_category:
            fill = _most_frequent(ascending) if choices.missing == "most_frequent" else NO_CODE
            return cls(index, column, choices, _category_form(column, choices), num_missing, fill=fill)
        if column.is_date:
            statistics, parts = NumberStatistics.of(ascending), _date_parts(ascending, choices)
            return cls(
                index, column, choices, "date", num_missing, statistics, statistics.median, parts=parts
            )
        return cls._of_numbers(index, column, ascending, num_missing, choices)

    @classmethod
    def _of_numbers(
        cls,
        index: int,
        column: InputColumn,
        ascending: np.ndarray,
        num_missing: int,
        choices: PreparationSettings,
    ) -> Self:
        bounds = (-LARGEST, LARGEST)
        if choices.outliers == "clip" and len(ascending):
            bounds = outlier_bounds(ascending, choices.outlier_rule)
            ascending = np.clip(ascending, *bounds)
        statistics = NumberStatistics.of(ascending)
        by = {"mean": statistics.mean, "median": statistics.median, "most_frequent": statistics.mode}
        fill = by.get(choices.missing, statistics.mean)
        is_quantile = choices.scale == "quantile"
        knots, heights = quantile_curve(ascending, choices.quantile_output) if is_quantile else ([], [])
        form: Form = "quantile" if is_quantile else "scaled"
        return cls(index, column, choices, form, num_missing, statistics, fill, bounds, knots, heights)

    @property
    def has_indicator(self) -> bool:
        """Whether an extra input says that the value was missing."""
        return self.num_missing > 0 and self.choices.missing_indicator

    @property
    def has_slots(self) -> bool:
        """Whether each value gets an input of its own: few categories, or few steps that may be codes."""
        may_be_codes = self.column.is_number and 2 < len(self.column.codes) <= self.choices.one_hot_up_to
        return self.form == "one_hot" or may_be_codes

    @property
    def is_regressed(self) -> bool:
        """Whether a missing value is predicted from the other numbers."""
        return self.column.is_number and self.choices.missing == "regression"

    @property
    def centre_and_rate(self) -> tuple[float, float]:
        """The affine scaling (value - centre) * rate; rate 0 where the training rows have one value."""
        numbers, scale = self.statistics, self.choices.scale
        if scale == "none":
            return 0.0, 1.0
        if scale == "minmax":
            return numbers.low, _inverse(numbers.high - numbers.low)
        return numbers.mean, _inverse(numbers.std)


def _inverse(span: float) -> float:
    return 1.0 / span if span > 1e-300 else 0.0


def _most_frequent(ascending: np.ndarray) -> float:
    return NumberStatistics.of(ascending).mode if len(ascending) else NO_CODE


def _category_form(column: InputColumn, choices: PreparationSettings) -> Form:
    num_codes = len(column.codes)
    if num_codes == 2 and (column.kind == "boolean" or choices.one_hot_up_to >= 2):
        return "boolean"
    return "one_hot" if num_codes <= choices.one_hot_up_to else "codes"


def _date_parts(ascending: np.ndarray, choices: PreparationSettings) -> tuple[DatePart, ...]:
    """The parts asked for that vary in training.

    A time of year needs a whole year of dates: within less it says what the trend says.
    """
    if not len(ascending):
        return ()
    span = ascending[-1] - ascending[0]
    varies: dict[DatePart, bool] = {
        "time_of_day": len(np.unique(ascending % DAY)) > 1,
        "weekday": len(np.unique((ascending - MONDAY) // DAY % 7)) > 1,
        "time_of_year": bool(span >= YEAR),
        "trend": bool(span > 0),
    }
    return tuple(part for part in choices.dates if varies[part])

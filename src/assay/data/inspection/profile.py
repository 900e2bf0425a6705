"""What one column looks like."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from assay.data.column import Column, Kind
from assay.data.inspection.ascending import ascending
from assay.data.inspection.numbers import Numbers
from assay.data.inspection.stand_in import stand_in
from assay.data.inspection.values import Values
from assay.data.table import Table

_TOP = 20
_MEASURED = {Kind.QUANTITATIVE, Kind.ORDINAL}  # kinds whose values can lie far from the others


@dataclass(frozen=True)
class Profile:
    """One column, described.

    Attributes:
        column: its name, kind and role.
        dtype: polars' name of the type in memory.
        is_date: whether `numbers` are seconds since 1970.
        rows: of the table.
        missing: rows without a value (null or not a number).
        infinite: values that are infinite; they are left out of `numbers`.
        values: which there are.
        stand_in: a number such as -999 that may stand for a missing value, and its rows.
        numbers: mean, quantiles and so on of a column of numbers or dates; None for text and booleans.
    """

    column: Column
    dtype: str
    is_date: bool
    rows: int
    missing: int
    infinite: int
    values: Values
    stand_in: tuple[float, int] | None = None
    numbers: Numbers | None = None

    @property
    def name(self) -> str:
        """The column's name."""
        return self.column.name

    @property
    def missing_share(self) -> float:
        """Of all rows."""
        return self.missing / self.rows

    @property
    def present(self) -> int:
        """Rows with a value."""
        return self.rows - self.missing

    @property
    def is_measured(self) -> bool:
        """Whether mean and outliers of the column have a meaning."""
        return self.numbers is not None and not self.is_date and self.column.kind in _MEASURED

    def to_json(self) -> dict[str, Any]:
        """The column as `inspection.json` holds it."""
        return {
            **self.column.to_json(),
            "dtype": self.dtype,
            "missing": {"count": self.missing, "share": self.missing_share},
            "infinite": self.infinite,
            "outliers": self._outliers(),
            "unique": self.values.unique,
            **self._numbers(),
            "top": self._top(),
        }

    def _outliers(self) -> dict[str, Any]:
        numbers = self.numbers if self.is_measured else None
        rules = {
            "three_sigma": numbers and numbers.three_sigma,
            "percentile": numbers and numbers.percentile,
        }
        shares: dict[str, Any] = {name: found.share if found else None for name, found in rules.items()}
        for name, found in rules.items():
            shares[f"{name}_count"] = found.count if found else None
            shares[f"{name}_bounds"] = [found.low, found.high] if found else None
        return shares

    def _numbers(self) -> dict[str, Any]:
        numbers, is_date = self.numbers, self.is_date
        if numbers is None:
            return dict.fromkeys(("mean", "std", "min", "max", "quantiles", "histogram"))
        return {
            "mean": None if is_date else numbers.mean,
            "std": None if is_date else numbers.std,
            "min": moment(numbers.low) if is_date else numbers.low,
            "max": moment(numbers.high) if is_date else numbers.high,
            "quantiles": None if is_date else {str(key): value for key, value in numbers.quantiles.items()},
            "histogram": numbers.histogram and numbers.histogram.to_json(),
        }

    def _top(self) -> list[dict[str, Any]]:
        if self.values.unique == self.present:  # every value stands alone: none is common
            return []
        return [
            {"value": value, "count": count, "share": count / self.rows}
            for value, count in self.values.common[:_TOP]
        ]


def profile_columns(table: Table) -> tuple[Profile, ...]:
    """Describe every column of a table with at least one row, one a core (sorting lets the lock go)."""
    with ThreadPoolExecutor() as pool:
        return tuple(pool.map(lambda column: _profile(column, table.frame[column.name]), table.columns))


def _profile(column: Column, series: pl.Series) -> Profile:
    dtype, is_date = str(series.dtype), series.dtype.is_temporal()
    if is_date:
        series = seconds(series)
    elif not series.dtype.is_numeric():
        values = Values.of_series(series)
        return Profile(column, dtype, is_date, len(series), series.null_count(), 0, values)
    numbers = ascending(series)
    missing = len(series) - len(numbers)
    values = Values.of_sorted(numbers)
    if is_date:
        values = replace(values, common=tuple((moment(value), count) for value, count in values.common))
    finite = numbers[np.searchsorted(numbers, -np.inf, "right") : np.searchsorted(numbers, np.inf)]
    infinite = len(numbers) - len(finite)
    return Profile(
        column,
        dtype,
        is_date,
        len(series),
        missing,
        infinite,
        values,
        stand_in(finite),
        Numbers.of_sorted(finite),
    )


def seconds(series: pl.Series) -> pl.Series:
    """A column of dates or moments as float64 seconds since 1970-01-01 (UTC where no zone is named)."""
    return series.cast(pl.Datetime("us")).cast(pl.Int64).cast(pl.Float64) / 1e6


def moment(seconds: float) -> str:
    """Seconds since 1970 as ISO text; midnight is left out."""
    text = str(np.datetime64(round(seconds), "s")).replace("T", " ")
    return text.removesuffix(" 00:00:00")

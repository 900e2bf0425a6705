"""Fits a preparation to training rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from assay.core.errors import DataError, RecipeError, did_you_mean
from assay.data.preparation.filling import LARGEST, Filling
from assay.data.preparation.fitted_column import FittedColumn
from assay.data.preparation.groups import Group, build_groups
from assay.data.preparation.regression import Regression, fit_regression
from assay.data.preparation.settings import PreparationSettings
from assay.data.preparation.statistics import outlier_bounds
from assay.data.schema import Schema

if TYPE_CHECKING:
    from assay.data.table import Table

Bounds = dict[str, tuple[float, float]]


def check_names(settings: PreparationSettings, table: Table) -> None:
    """Refuse choices for columns that the table doesn't have.

    Raises:
        RecipeError: names all of them.
    """
    known = [column.name for column in table.columns]
    unknown = [name for name in settings.columns if name not in known]
    if unknown:
        named = "; ".join(f"{name!r} ({did_you_mean(name, known)})" for name in unknown)
        raise RecipeError(f"no such column: {named}", where="preparation.columns")


def drop_bounds(schema: Schema, raw_NC: np.ndarray, settings: PreparationSettings) -> Bounds:
    """Within what a training row must lie to stay, for the columns whose outliers are dropped."""
    bounds: Bounds = {}
    for column, raw_N in zip(schema.columns, raw_NC.T, strict=True):
        choices = settings.of(column.name)
        if column.is_number and choices.outliers == "drop":
            bounds[column.name] = outlier_bounds(np.sort(raw_N[~np.isnan(raw_N)]), choices.outlier_rule)
    return bounds


def kept(schema: Schema, raw_NC: np.ndarray, bounds: Bounds) -> np.ndarray:
    """Ascending positions of the rows without an outlier; a missing value is none.

    Raises:
        DataError: no row is left.
    """
    inside_N = np.ones(len(raw_NC), dtype=bool)
    for column, raw_N in zip(schema.columns, raw_NC.T, strict=True):
        if column.name in bounds:
            low, high = bounds[column.name]
            inside_N &= ~((raw_N < low) | (raw_N > high))
    if len(raw_NC) and not inside_N.any():
        raise DataError(
            f"each of the {len(raw_NC)} training rows has an outlier somewhere, and outliers are dropped",
            hint='set preparation.outliers to "clip" or "keep", or drop for single columns only',
        )
    return np.flatnonzero(inside_N)


def fit_columns(schema: Schema, raw_NC: np.ndarray, settings: PreparationSettings) -> list[FittedColumn]:
    """Each column of the schema, fitted to the raw training rows."""
    return [
        FittedColumn.of(index, column, raw_NC[:, index], settings.of(column.name))
        for index, column in enumerate(schema.columns)
    ]


def build_filling(columns: Sequence[FittedColumn]) -> Filling:
    """The module that fills missing values and holds bounds."""
    is_step = [column.column.is_number and bool(column.column.levels) for column in columns]
    return Filling(
        torch.tensor(is_step),
        _double([column.fill for column in columns]),
        _double([column.bounds[0] for column in columns]),
        _double([column.bounds[1] for column in columns]),
    )


def build_regression(columns: Sequence[FittedColumn], raw_NC: np.ndarray) -> Regression | None:
    """The module that predicts missing numbers, or None where no column asks for it."""
    targets = [column.index for column in columns if column.is_regressed]
    if not targets:
        return None
    numbers = [column.index for column in columns if column.column.is_number]
    mean_C = np.array([column.statistics.mean if column.column.is_number else 0.0 for column in columns])
    std_C = np.array([column.statistics.std if column.column.is_number else 0.0 for column in columns])
    low_C, high_C = np.array([column.bounds for column in columns]).T
    weight_CC, bias_C = fit_regression(np.clip(raw_NC, low_C, high_C), numbers, targets, mean_C, std_C)
    rate_C = np.divide(1.0, std_C, out=np.zeros_like(std_C), where=std_C > 1.0 / LARGEST)
    return Regression(
        is_target=torch.tensor([column.is_regressed for column in columns]),
        mean=torch.from_numpy(mean_C),
        rate=torch.from_numpy(rate_C),
        weight=torch.from_numpy(weight_CC),
        bias=torch.from_numpy(bias_C),
        low=_double([column.statistics.low for column in columns]),
        high=_double([column.statistics.high for column in columns]),
    )


def nonempty_groups(columns: Sequence[FittedColumn]) -> dict[str, Group]:
    """The groups of outputs.

    Raises:
        DataError: no column gives an output.
    """
    groups = build_groups(columns)
    if not any(group.names for group in groups.values()):
        raise DataError("no column varies in the training rows", hint="see `assay inspect`")
    return groups


def _double(values: Sequence[float]) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)

"""What somebody else split, as tables with equal columns: files, frames, arrays."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from assay.core.errors import DataError, did_you_mean
from assay.data.column import Role
from assay.data.reading import read
from assay.data.table import Table

_ARRAYS = 2  # (features, target)


def read_parts(
    train: Any, others: dict[str, Any], target: str | int | None, **reading: Any
) -> tuple[Table, dict[str, Table]]:
    """The training table, and the other parts with its columns, kinds and roles.

    Args:
        train: anything that `assay.read` takes, or a pair of arrays: features (N, D) and target (N,).
        others: the same by part's name.
        target: the target's name or position; None for pairs of arrays.
        reading: choices of `assay.read`.

    Raises:
        DataError: a part cannot be read, lacks a column, or holds another type in it.
        RecipeError: a choice is impossible.
    """
    first, name = _joined(train, target)
    table = read(first, target=name, **reading)
    if table.target is None or table.task is None:
        raise DataError("no target column is named", hint="name it with --target", where=table.name)
    stated = {key: value for key, value in reading.items() if key != "task"}
    return table, {part: _like(table, source, part, stated) for part, source in others.items()}


def _joined(source: Any, target: str | int | None) -> tuple[Any, str | int | None]:
    """A pair of arrays as one frame, whose last column is the target."""
    if not (isinstance(source, tuple) and len(source) == _ARRAYS):
        return source, target
    features, values = source
    frame = read(features).frame
    name = target if isinstance(target, str) else "target"
    target_N = np.asarray(values).reshape(-1)
    if name in frame.columns:
        raise DataError(f"the features have a column {name!r} too", hint="pass target='another name'")
    if len(target_N) != frame.height:
        raise DataError(f"there are {frame.height:,} rows of features and {len(target_N):,} targets")
    return frame.with_columns(pl.Series(name, target_N.tolist())), name


def _like(train: Table, source: Any, part: str, reading: dict[str, Any]) -> Table:
    """The part with the kinds of the training table; rows without a target are left out."""
    target = train.target.name if train.target else ""
    columns = [column.name for column in train.columns]
    table = read(_joined(source, target)[0], columns=columns, **reading)
    there = table.frame.columns
    wanted = [target, *(column.name for column in train.columns if column.role is not Role.IGNORED)]
    missing = [name for name in wanted if name not in there]
    if missing:
        raise DataError(
            f"the {part} rows have no column {missing[0]!r}, and the training rows have one",
            hint=did_you_mean(missing[0], there) or "name the columns alike",
            where=table.name,
        )
    kept = tuple(column for column in train.columns if column.name in there)
    frame = pl.DataFrame([_typed(table.frame[c.name], train.frame[c.name], table.name) for c in kept])
    typed = replace(table, frame=frame, columns=kept, task=train.task)
    return typed.take(frame[target].is_not_null().to_numpy())


def _typed(series: pl.Series, like: pl.Series, where: str) -> pl.Series:
    """The column with the type that it has among the training rows."""
    if series.dtype == like.dtype or series.null_count() == len(series):
        return series.cast(like.dtype, strict=False)
    numbers = series.dtype.is_numeric() and like.dtype.is_numeric()
    dates = series.dtype.is_temporal() and like.dtype.is_temporal()
    if numbers or dates:
        return series
    raise DataError(
        f"column {series.name!r} holds {like.dtype} among the training rows and {series.dtype} here "
        f"(e.g. {series.drop_nulls()[0]!r})",
        hint="write it alike in all parts, or leave it out with --ignore",
        where=where,
    )

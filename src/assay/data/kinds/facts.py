"""The few numbers about a column that decide what it is, for all columns in two passes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl


@dataclass(frozen=True)
class Facts:
    """What a column's values are like.

    Attributes:
        dtype: the column's type.
        rows: number of values that are not missing.
        unique: how many of them are different; None for numbers with fractions, where it decides nothing.
        low: the smallest value.
        high: the largest value.
        whole: whether all are numbers without a fraction.
        counts_up: whether each value is above the one before, and none is missing.
        length: mean length of the texts.
        words: mean number of blanks in the texts, plus one.
    """

    dtype: pl.DataType
    rows: int
    unique: int | None
    low: Any
    high: Any
    whole: bool = False
    counts_up: bool = False
    length: float = 0.0
    words: float = 0.0


def column_facts(frame: pl.DataFrame) -> dict[str, Facts]:
    """The facts of every column, by name."""
    if not frame.width:
        return {}
    schema = frame.schema  # built anew at each look: once for all columns, not once for each
    first = frame.select(
        pl.struct(
            pl.col(name).count().alias("rows"),
            pl.col(name).min().alias("low"),
            pl.col(name).max().alias("high"),
            _whole(name, kind).alias("whole"),
        ).alias(name)
        for name, kind in schema.items()
    ).row(0, named=True)
    counted = [
        name
        for name, kind in schema.items()
        if not kind.is_float() or first[name]["whole"] or first[name]["low"] == first[name]["high"]
    ]
    closer = (_closer(name, schema[name]) for name in counted)
    second = frame.select(closer).row(0, named=True) if counted else {}
    return {
        name: Facts(kind, **{"unique": None, **first[name], **second.get(name, {})})
        for name, kind in schema.items()
    }


def _whole(name: str, kind: pl.DataType) -> pl.Expr:
    if kind.is_float():
        return (pl.col(name) == pl.col(name).floor()).all()
    return pl.lit(kind.is_integer())


def _closer(name: str, kind: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    is_text = kind == pl.String
    ordered = (column.diff() > 0).all() & (column.null_count() == 0) if kind.is_numeric() else pl.lit(False)
    return pl.struct(
        column.drop_nulls().n_unique().alias("unique"),
        ordered.alias("counts_up"),
        (column.str.len_chars().mean() if is_text else pl.lit(0.0)).alias("length"),
        (column.str.count_matches(" ", literal=True).mean() + 1 if is_text else pl.lit(0.0)).alias("words"),
    ).alias(name)

"""Rows that stand in the table more than once."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import polars as pl

from assay.data.column import Kind, Role
from assay.data.table import Table

_FIRST = 8  # columns that tell most rows apart where any do


@dataclass(frozen=True)
class RepeatedRows:
    """Rows that are equal in all columns that matter (identifiers and ignored columns don't).

    Attributes:
        repeats: rows that repeat an earlier row, its target included.
        conflicts: rows whose features equal those of a row with another target.
        unavoidable: classification: rows that any model must get wrong, since equal features get equal
            predictions and only the commonest class of each group is right. None for regression.
    """

    repeats: int
    conflicts: int
    unavoidable: int | None

    def to_json(self) -> dict[str, int | None]:
        """Plain values."""
        return asdict(self)


def repeated_rows(table: Table) -> RepeatedRows:
    """Compare all rows, by 64-bit hashes: a false match among a million rows has a chance of 3e-8.

    Rows that differ in the first columns need no look at the others.
    """
    features = [column.name for column in table.columns if _matters(column.role, column.kind)]
    if not features:
        return RepeatedRows(0, 0, None)
    first = table.frame.select(features[:_FIRST]).hash_rows()
    frame = table.frame.filter(first.is_duplicated())
    hashes = frame.select(features).hash_rows().alias("features")
    target = table.target
    if target is None:
        return RepeatedRows(len(hashes) - hashes.n_unique(), 0, None)
    equal = pl.DataFrame([hashes, frame[target.name].alias("target")]).filter(hashes.is_duplicated())
    counted = equal.group_by("features", "target").agg(pl.len().alias("rows"))
    groups = counted.group_by("features").agg(
        pl.len().alias("targets"), pl.col("rows").sum().alias("rows"), pl.col("rows").max().alias("commonest")
    )
    mixed = groups.filter(pl.col("targets") > 1)
    unavoidable = None
    if table.task is not None and table.task.is_classification:
        unavoidable = int((mixed["rows"] - mixed["commonest"]).sum())
    return RepeatedRows(equal.height - counted.height, int(mixed["rows"].sum()), unavoidable)


def _matters(role: Role, kind: Kind) -> bool:
    return role in {Role.FEATURE, Role.TIME, Role.GROUP} and kind is not Kind.IDENTIFIER

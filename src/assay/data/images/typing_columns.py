"""Kinds and roles of the columns that stand beside images."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl

from assay.data.column import Column, Role
from assay.data.kinds import KindSettings, infer_columns

if TYPE_CHECKING:
    from assay.data.reading.settings import ReadSettings


def image_columns(
    columns: pl.DataFrame, target: str | None, read: ReadSettings | None
) -> tuple[pl.DataFrame, tuple[Column, ...]]:
    """The columns beside the images, and what they are: target, time and group; all others are ignored.

    Args:
        columns: N rows.
        target: the target's name, if there is one.
        read: its `time`, `group`, `task`, `kinds` and `levels`, where they name one of the columns.

    Raises:
        DataError: the target is no target, or a stated kind does not fit.
    """
    if not columns.width:
        return columns, ()
    names = set(columns.columns)
    stated: dict[str, Any] = {} if read is None else read.model_dump(exclude_unset=True)
    time, group = (stated.get(role) for role in ("time", "group"))
    used = {target, time, group}
    settings = KindSettings(
        task=stated.get("task"),
        ignore=tuple(name for name in columns.columns if name not in used),
        kinds={name: kind for name, kind in stated.get("kinds", {}).items() if name in names},
        levels={name: levels for name, levels in stated.get("levels", {}).items() if name in names},
        time=time,
        group=group,
    )
    if time is not None and columns.schema[time] == pl.String:
        columns = columns.with_columns(_dates(columns[time]))
    found = infer_columns(columns, target, settings)
    why = "stands beside the images, which are what is learnt from"
    return columns, tuple(replace(c, why=why) if c.role is Role.IGNORED else c for c in found)


def _dates(texts: pl.Series) -> pl.Series:
    """Texts as dates where all are written as ISO 8601 has them; otherwise as they are."""
    for convert in (texts.str.to_date, texts.str.to_datetime):
        try:
            dates = convert(strict=False)
        except pl.exceptions.PolarsError:
            continue
        if dates.null_count() == texts.null_count():
            return dates
    return texts

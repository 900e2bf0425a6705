"""Facts of each image beside what it shows, and how far one fact alone goes in telling the classes apart."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from assay.data.column import Column, Kind, Role
from assay.data.images.fingerprints import Fingerprints
from assay.data.inspection.alone import Alone, predictive_power
from assay.data.table import Table

OF_FILE = frozenset({"width", "height", "aspect", "bytes", "format", "mode", "orientation"})
"""Facts of the file, which say nothing about what an image shows."""

GIVEN_AWAY = 0.9  # of the error of guessing is gone by one fact
_FAR_BY_FILE = 0.5
_FAR = 0.7


def with_border(facts: pl.DataFrame, prints: Fingerprints) -> pl.DataFrame:
    """The facts, and the brightness and evenness of each image's border.

    The border (the outer pixels at 32 x 32) shows what stands behind the things: a studio's white, a meadow.

    Args:
        facts: N rows, what `image_facts` found.
        prints: of the same images.
    """
    grey_NHW = prints.grey.astype(np.float32) / 255.0
    ring_N = np.concatenate(
        [grey_NHW[:, 0], grey_NHW[:, -1], grey_NHW[:, 1:-1, 0], grey_NHW[:, 1:-1, -1]], axis=1
    )
    return facts.with_columns(
        pl.Series("border", ring_N.mean(axis=1)), pl.Series("border_contrast", ring_N.std(axis=1))
    )


def facts_table(facts: pl.DataFrame, table: Table) -> Table:
    """The facts as a table with the target of the images, to be looked at like any other."""
    facts = facts.drop("frames", strict=False)
    columns = [
        Column(name, Kind.QUANTITATIVE if facts[name].dtype.is_numeric() else Kind.QUALITATIVE)
        for name in facts.columns
    ]
    if table.target is not None:
        name = f"target {table.target.name}" if table.target.name in facts.columns else table.target.name
        facts = facts.with_columns(table.frame[table.target.name].alias(name))
        columns.append(replace(table.target, name=name, role=Role.TARGET))
    return Table(facts, tuple(columns), table.task, table.name)


def telling_facts(power: dict[str, Alone]) -> list[tuple[Alone, bool]]:
    """Facts that alone go far in telling the classes apart, and whether they give them away.

    A fact of the file has to go less far to be suspicious than one of the pixels.
    """
    found = []
    for alone in sorted(power.values(), key=lambda alone: -alone.score):
        far = _FAR_BY_FILE if alone.name in OF_FILE else _FAR
        if alone.score >= far:
            found.append((alone, alone.score >= GIVEN_AWAY))
    return found


def power_of_facts(table: Table) -> dict[str, Alone]:
    """How well each fact alone predicts the target, by name."""
    varied = [column.name for column in table.features if table.frame[column.name].n_unique() < 2]
    return predictive_power(table.without(varied))

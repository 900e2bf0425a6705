"""A generated table with every kind of column, missing values in most of them."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from assay.core.task import Task
from assay.data.column import Column, Kind, Role
from assay.data.table import Table

COLUMNS = (
    Column("amount", Kind.QUANTITATIVE),
    Column("age", Kind.QUANTITATIVE),
    Column("rate", Kind.QUANTITATIVE),
    Column("grade", Kind.ORDINAL),
    Column("band", Kind.ORDINAL),
    Column("sex", Kind.QUALITATIVE, likely_codes=True),
    Column("colour", Kind.QUALITATIVE),
    Column("code", Kind.QUALITATIVE),
    Column("town", Kind.QUALITATIVE),
    Column("zip", Kind.QUALITATIVE, likely_codes=True),
    Column("member", Kind.BOOLEAN),
    Column("flag", Kind.BOOLEAN),
    Column("when", Kind.DATE, Role.TIME),
    Column("born", Kind.DATE),
    Column("id", Kind.IDENTIFIER, why="every value differs"),
    Column("y", Kind.BOOLEAN, Role.TARGET),
)
NAMES = [column.name for column in COLUMNS if column.is_feature]


def every_kind(num_rows: int = 400, seed: int = 0) -> Table:
    rng = np.random.default_rng(seed)

    def holes(values: Sequence[Any], share: float = 0.1) -> list[Any]:
        return [None if rng.random() < share else value for value in values]

    age = rng.integers(18, 90, num_rows)
    start = dt.datetime(2014, 3, 1)
    frame = pl.DataFrame(
        {
            "amount": holes(np.exp(2 * rng.normal(size=num_rows)).tolist()),
            "age": age,
            "rate": holes((age / 50 + rng.normal(size=num_rows) * 0.1).tolist()),
            "grade": holes(rng.integers(1, 6, num_rows).tolist()),
            "band": holes(rng.choice(["1 to 9", "10 to 19", "20 and more"], num_rows).tolist()),
            "sex": rng.integers(1, 3, num_rows),
            "colour": holes(rng.choice(["red", "green", "blue"], num_rows).tolist()),
            "code": rng.choice([-2.0, -1.0, 0.0, 0.5, 7.0], num_rows),
            "town": holes(rng.choice([f"town {number}" for number in range(40)], num_rows).tolist()),
            "zip": rng.choice(np.arange(1000, 1060), num_rows),
            "member": holes((rng.random(num_rows) < 0.3).tolist()),
            "flag": rng.integers(0, 2, num_rows),
            "when": [start + dt.timedelta(hours=31 * number, seconds=7) for number in range(num_rows)],
            "born": holes(
                [dt.date(1950, 1, 1) + dt.timedelta(days=int(day)) for day in rng.integers(0, 9999, num_rows)]
            ),
            "id": np.arange(num_rows),
            "y": rng.random(num_rows) < 0.4,
        },
        schema_overrides={"band": pl.String},
    )
    return Table(frame, COLUMNS, Task.BINARY)


def numbers_table(**columns: Any) -> Table:
    """A table of quantitative columns."""
    frame = pl.DataFrame(
        {name: pl.Series(values, dtype=pl.Float64, strict=False) for name, values in columns.items()}
    )
    return Table(frame, tuple(Column(name, Kind.QUANTITATIVE) for name in columns))

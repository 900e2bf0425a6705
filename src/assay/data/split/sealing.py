"""The seal: a table whose test targets are gone, so that nothing can read them by accident."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from assay.core.errors import DataError
from assay.data.split.record import Split
from assay.data.table import Table


def seal(table: Table, split: Split) -> Table:
    """The table with the target of every test row set to missing; features and row numbers stay.

    A study goes further and keeps the rows of `split.open_rows` alone.

    Raises:
        DataError: the table has no target, or is not the one that was split.
    """
    if len(table) != split.rows:
        raise DataError(
            f"the table has {len(table):,} rows and its split was drawn for {split.rows:,}", where=table.name
        )
    if table.target is None:
        raise DataError("there is no target to seal", where=table.name)
    sealed = np.zeros(len(table), dtype=bool)
    sealed[split.test] = True
    name = table.target.name
    visible = pl.when(pl.Series(sealed)).then(None).otherwise(pl.col(name)).alias(name)
    return replace(table, frame=table.frame.with_columns(visible))

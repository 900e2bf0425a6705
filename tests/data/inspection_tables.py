"""Tables made by hand, for the tests of the inspection."""

import polars as pl

from assay.core.task import Task
from assay.data.column import Column, Kind, Role
from assay.data.table import Table


def table(
    values: dict[str, object],
    target: str | None = None,
    task: Task | None = None,
    *,
    kinds: dict[str, Kind] | None = None,
    roles: dict[str, Role] | None = None,
    codes: tuple[str, ...] = (),
) -> Table:
    """Columns of numbers are quantitative, text qualitative, dates are dates, unless `kinds` says other."""
    frame = pl.DataFrame(values, strict=False)
    columns = []
    for name, dtype in frame.schema.items():
        kind = Kind.QUANTITATIVE if dtype.is_numeric() else Kind.QUALITATIVE
        kind = Kind.DATE if dtype.is_temporal() else Kind.BOOLEAN if dtype == pl.Boolean else kind
        kind = (kinds or {}).get(name, kind)
        role = Role.TARGET if name == target else (roles or {}).get(name, Role.FEATURE)
        columns.append(Column(name, kind, role, likely_codes=name in codes))
    return Table(frame, tuple(columns), task, name="hand.csv")

"""What the user may say about columns: what they are and what they are used for."""

from __future__ import annotations

from assay.core.settings import Settings, setting
from assay.core.task import Task
from assay.data.column import Kind


class KindSettings(Settings):
    """Kinds and roles that the user states; everything else is inferred."""

    task: Task | None = setting(
        None, "regression, binary or multiclass; absent: inferred", "the target's values tell, with a reason"
    )
    ignore: tuple[str, ...] = setting((), "columns to leave out")
    kinds: dict[str, Kind] = setting({}, "kinds by column name, where the inferred one is wrong")
    levels: dict[str, tuple[str, ...]] = setting(
        {}, "the order of a text column's levels, lowest first; makes the column ordinal"
    )
    time: str | None = setting(None, "the column that orders the rows")
    group: str | None = setting(None, "the column whose equal values stay in one part of the split")

"""What the user states about columns, checked against their values."""

from __future__ import annotations

import polars as pl

from assay.core.errors import DataError
from assay.data.column import Kind
from assay.data.kinds.codes import says_yes_or_no
from assay.data.kinds.settings import KindSettings


def check_stated(values: pl.Series, kind: Kind, levels: tuple[str, ...] | None) -> None:
    """Refuse a stated kind that the values cannot have.

    Args:
        values: the column.
        kind: as the user states it.
        levels: the order of its texts, if stated.

    Raises:
        DataError: with the value that stands in the way.
    """
    name = values.name
    if levels is not None:
        _check_levels(values, kind, levels)
    elif kind is Kind.ORDINAL and values.dtype == pl.String:
        raise DataError(
            f"column {name!r} was said to be ordinal and holds text, whose order is not known",
            hint=f'state it, lowest first: levels = {{"{name}" = ["low", "high"]}}',
        )
    if values.dtype.is_temporal() and kind in {Kind.QUANTITATIVE, Kind.ORDINAL, Kind.BOOLEAN}:
        raise DataError(
            f"column {name!r} was said to be {kind} and holds dates", hint="dates are of the kind date"
        )
    if kind is Kind.BOOLEAN and len(odd := _no_truths(values)):
        raise DataError(
            f"column {name!r} was said to be boolean and holds {odd[0]!r}",
            hint="boolean is true and false, yes and no, or 0 and 1; two other values are qualitative",
        )
    if kind is Kind.CONSTANT and (unique := values.drop_nulls().n_unique()) > 1:
        raise DataError(
            f"column {name!r} was said to be constant and holds {unique:,} different values",
            hint="ignore a column to leave it out",
        )


def _no_truths(values: pl.Series) -> pl.Series:
    """The values, numbers or texts, that are neither yes and no nor 0 and 1."""
    filled = values.drop_nulls()
    if filled.dtype == pl.Boolean:
        return filled.clear()
    if filled.dtype == pl.String:
        is_yes_no = filled.n_unique() == 2 and says_yes_or_no(*filled.unique())
        return filled.clear() if is_yes_no else filled
    return filled.filter((filled != 0) & (filled != 1))


def fitting(frame: pl.DataFrame, settings: KindSettings) -> KindSettings:
    """The settings without the stated kinds that the values cannot have."""
    unfit = set()
    for name in settings.kinds.keys() | settings.levels.keys():
        try:
            check_stated(frame[name], settings.kinds.get(name, Kind.ORDINAL), settings.levels.get(name))
        except DataError:
            unfit.add(name)
    kinds = {name: kind for name, kind in settings.kinds.items() if name not in unfit}
    levels = {name: texts for name, texts in settings.levels.items() if name not in unfit}
    return settings.model_copy(update={"kinds": kinds, "levels": levels})


def _check_levels(values: pl.Series, kind: Kind, levels: tuple[str, ...]) -> None:
    name = values.name
    if values.dtype != pl.String or kind is not Kind.ORDINAL:
        held = f"is {kind}" if values.dtype == pl.String else "holds no text"
        raise DataError(
            f"levels are stated for column {name!r}, which {held}", hint="levels order ordinal text"
        )
    strange = values.drop_nulls().filter(~values.drop_nulls().is_in(list(levels)))
    if len(strange):
        row = int((values == strange[0]).arg_max() or 0) + 1
        shown = ", ".join(levels)
        raise DataError(f"column {name!r} holds {strange[0]!r} in row {row}, and its levels are {shown}")

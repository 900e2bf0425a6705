"""What was done to each column and why, in sentences for the report."""

from __future__ import annotations

from collections.abc import Mapping

from assay.data.preparation.fitted_column import FittedColumn
from assay.data.preparation.settings import PreparationSettings
from assay.data.table import Table

_FILLED = {"mean": "the mean", "median": "the median", "most_frequent": "the most frequent value"}


def left_out(table: Table) -> list[dict[str, str]]:
    """The columns that are neither a feature nor the target."""
    others = [column for column in table.columns if not column.is_feature and column != table.target]
    return [
        {"column": column.name, "did": "left out", "because": column.why or f"it is {column.kind.value}"}
        for column in others
    ]


def describe(
    column: FittedColumn, settings: PreparationSettings, bounds: Mapping[str, tuple[float, float]]
) -> dict[str, str]:
    """One column's step."""
    done = [
        _missing(column, settings),
        _outliers(column, settings, bounds),
        _form(column, settings),
        _slots(column),
    ]
    parts = [part for part in done if part[0]]
    return {
        "column": column.column.name,
        "did": "; ".join(did for did, _ in parts),
        "because": "; ".join(dict.fromkeys(because for _, because in parts if because)),
    }


def _reason(column: FittedColumn, settings: PreparationSettings, name: str) -> str:
    """The default's reason, or that the choice was the user's."""
    own = settings.columns.get(column.column.name)
    is_chosen = name in settings.model_fields_set or (own is not None and name in own.model_fields_set)
    return f"the recipe sets {name}" if is_chosen else PreparationSettings.reason(name)


def _missing(column: FittedColumn, settings: PreparationSettings) -> tuple[str, str]:
    if not column.num_missing:
        return "", ""
    rows = f"{column.num_missing:,} missing"
    mark = ", marked by an extra input" if column.has_indicator else ""
    if column.column.is_date:
        return f"{rows} set to 0{mark}", "0 is the middle of every part"
    if column.column.is_category and column.choices.missing != "most_frequent":
        return f"{rows} kept as a category that is not there{mark}", "a category has no mean or median"
    if column.is_regressed:
        return f"{rows} predicted from the other numbers{mark}", _reason(column, settings, "missing")
    is_code = bool(column.column.codes or column.column.levels) and column.fill.is_integer()
    value = column.column.label(column.fill) if is_code else f"{column.fill:.6g}"
    return f"{rows} filled with {_FILLED[column.choices.missing]} {value}{mark}", _reason(
        column, settings, "missing"
    )


def _outliers(
    column: FittedColumn, settings: PreparationSettings, bounds: Mapping[str, tuple[float, float]]
) -> tuple[str, str]:
    if not column.column.is_number or column.choices.outliers == "keep":
        return "", ""
    low, high = bounds.get(column.column.name, column.bounds)
    verb = "held within" if column.choices.outliers == "clip" else "training rows left out unless within"
    return f"{verb} {low:.6g} to {high:.6g}", _reason(column, settings, "outliers")


def _form(column: FittedColumn, settings: PreparationSettings) -> tuple[str, str]:
    num_codes = len(column.column.codes)
    if column.form == "date":
        named = ", ".join(part.replace("_", " ") for part in column.parts)
        return (
            f"became {named or 'nothing'}",
            "these parts vary in the training rows" if named else "no part varies",
        )
    if column.form == "boolean":
        no, yes = map(column.column.label, column.column.codes)
        return f"{no} became -1, {yes} became +1, anything else 0", "two values need one input"
    if column.form == "one_hot":
        return (
            f"{num_codes} categories became one input each (another category: all 0)",
            "they are few and have no order",
        )
    if column.form == "codes":
        did = f"{num_codes} categories became codes from 1 for an embedding (another category: 0)"
        return did, f"more than {column.choices.one_hot_up_to} inputs would be needed one by one"
    return _scaling(column), _reason(column, settings, "scale")


def _slots(column: FittedColumn) -> tuple[str, str]:
    if column.form == "one_hot" or not column.has_slots:
        return "", ""
    did = f"each of its {len(column.column.codes)} values became an input as well"
    return did, "they may be steps or codes, and a network that gets both can take either"


def _scaling(column: FittedColumn) -> str:
    numbers = column.statistics
    if column.form == "quantile":
        return f"scaled by quantile to a {column.choices.quantile_output} shape"
    if column.choices.scale == "minmax":
        return f"scaled so that {numbers.low:.6g} becomes 0 and {numbers.high:.6g} becomes 1"
    if column.choices.scale == "standardize":
        return f"standardised with mean {numbers.mean:.6g} and standard deviation {numbers.std:.6g}"
    return "taken as it is"

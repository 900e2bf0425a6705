"""One column of an inspection as a card: its picture, and the numbers beside it."""

from __future__ import annotations

from typing import Any

from assay.reports.histogram import histogram
from assay.reports.numbers import is_number, number, share

_MOST_BARS = 8
_TREATED_FROM = 0.05  # more than 5 % missing or outlying wants treatment
_BARS = {"qualitative", "boolean", "ordinal", "text", "constant"}
_MEASURED = {"quantitative", "ordinal", "date"}  # kinds whose order and size say something
_SHARES = (("0.25", "25 %"), ("0.5", "median"), ("0.75", "75 %"))


def column_card(column: dict[str, Any], rows: Any) -> dict[str, Any]:
    """What the template shows of a column of `inspection.json`; `rows` of the table."""
    kind = column.get("kind")
    bars = category_bars(column.get("top") or [], rows) if kind in _BARS else []
    counted = (column.get("histogram") or {}) if kind in _MEASURED else {}
    name = str(column.get("name"))
    picture = "" if bars else histogram(
        counted.get("counts") or [], counted.get("edges") or [], name, ticks=kind != "date"
    )  # fmt: skip
    return {**column, "bars": bars, "picture": picture, "facts": _facts(column)}


def category_bars(top: list[dict[str, Any]], rows: Any) -> list[dict[str, Any]]:
    """The most frequent values with their shares; the others together at the end."""
    shown = [{"name": str(one.get("value")), **_counted(one)} for one in top[:_MOST_BARS]]
    if is_number(rows) and shown:
        rest = rows - sum(one["count"] for one in shown)
        if rest > 0:
            shown.append({"name": "all others", "count": rest, "share": rest / rows, "rest": True})
    return shown


def _counted(one: dict[str, Any]) -> dict[str, Any]:
    return {name: one.get(name) if is_number(one.get(name)) else 0 for name in ("count", "share")}


def _facts(column: dict[str, Any]) -> list[tuple[str, str, bool]]:
    """Name, value, and whether the 5 % rule is broken."""
    missing, outliers = column.get("missing") or {}, column.get("outliers") or {}
    facts = [
        (
            "missing",
            _counted_share(missing.get("count"), missing.get("share")),
            _is_many(missing.get("share")),
        ),
        ("unique", number(column.get("unique")), False),
    ]
    for key, words in (("three_sigma", "beyond 3 sd"), ("percentile", "beyond 1\N{EN DASH}99 %")):
        if is_number(outliers.get(key)):
            facts.append((words, share(outliers[key]), _is_many(outliers[key])))
    if column.get("kind") in _MEASURED:
        facts += _spread(column)
    alone = (column.get("alone") or {}).get("score")
    facts += [("power alone", share(alone), False)] if is_number(alone) else []
    return facts


def _spread(column: dict[str, Any]) -> list[tuple[str, str, bool]]:
    quantiles = column.get("quantiles") or {}
    named = [(name, column.get(name)) for name in ("mean", "std", "min")]
    named += [(words, quantiles.get(key)) for key, words in _SHARES]
    named.append(("max", column.get("max")))
    return [(name, _value(value), False) for name, value in named if value is not None]


def _value(value: Any) -> str:
    return value if isinstance(value, str) else number(value)  # a moment is text


def _counted_share(count: Any, of_all: Any) -> str:
    return "none" if count == 0 else f"{number(count)} ({share(of_all)})"


def _is_many(of_all: Any) -> bool:
    return is_number(of_all) and of_all > _TREATED_FROM

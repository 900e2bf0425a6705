"""The floor: what each method says of the lowest error that can be reached, and whether they agree."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from assay.reports.forest import Branch, forest
from assay.reports.numbers import best, ends, error_name, is_number, number
from assay.reports.steps import interval_of

Record = dict[str, Any]


def floor_methods(diagnosis: Record) -> Markup:
    """One interval a method over the band of the floor that they come to; empty without estimates."""
    floor = diagnosis.get("floor")
    given = floor if isinstance(floor, dict) else {}
    branches = [_branch(one) for one in estimates(diagnosis)]
    words = "; ".join(f"{branch.name} {branch.value}" for branch in branches)
    band = interval_of(given)
    return forest(
        [branch for branch in branches if (branch.low, branch.middle, branch.high) != (None, None, None)],
        f"lowest reachable error ({error_name(diagnosis.get('metric'))})",
        words=f"Floor by method: {words}.",
        band=band,
    )


def estimates(diagnosis: Record) -> list[Record]:
    """The methods' answers, `{"method", "low", "high", "value", "because"}` each."""
    floor = diagnosis.get("floor")
    found = floor.get("estimates") if isinstance(floor, dict) else None
    return [one for one in found or [] if isinstance(one, dict)]


def _branch(estimate: Record) -> Branch:
    known = interval_of(estimate)
    low, value, high = (known[name] if is_number(known[name]) else None for name in ("low", "value", "high"))
    return Branch(str(estimate.get("method")), told(estimate), low, value, high, "floor")


def told(estimate: Record) -> str:
    """An estimate in words: a value with its interval, or the bound that it is."""
    known = interval_of(estimate)
    if is_number(known["value"]):
        between = ends(known)
        return f"{best(known)} ({between})" if between else number(known["value"])
    if is_number(known["low"]) and is_number(known["high"]):
        return ends(known)
    if is_number(known["low"]):
        return f"at least {number(known['low'], 3)}"
    return f"at most {number(known['high'], 3)}" if is_number(known["high"]) else "says nothing here"

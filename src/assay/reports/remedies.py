"""The ledger as a person reads it: what was tried, what it did to the error, what was kept."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from assay.reports.forest import Branch, forest
from assay.reports.numbers import MINUS, best, ends, error_name, is_number
from assay.reports.steps import interval_of

Record = dict[str, Any]

_ENDS = ("low", "value", "high")


def remedies(ledger: list[Any], metric: Any, stopped: Any = None) -> Record:
    """What the template shows of a ledger: `{"summary", "picture", "tried", "left_out", "stopped"}`.

    Args:
        ledger: lines of ledger.jsonl; effects are error after - error before.
        metric: of the errors.
        stopped: why no more was tried.
    """
    lines = [line for line in ledger if isinstance(line, dict)]
    tried = [_tried(line) for line in lines if is_number(interval_of(line.get("effect"))["value"])]
    left_out = [line for line in lines if not is_number(interval_of(line.get("effect"))["value"])]
    return {
        "summary": _summary(tried, left_out),
        "picture": _picture(tried, metric),
        "tried": tried,
        "left_out": left_out,
        "stopped": stopped if isinstance(stopped, str) else "",
    }


def _tried(line: Record) -> Record:
    effect = interval_of(line.get("effect"))
    return line | {
        "effect": effect,
        "change": signed(effect),
        "ends": ends(effect),
        "what": "kept" if line.get("kept") else str(line.get("outcome") or "not kept"),
        "kind": _kind(line, effect),
    }


def _kind(line: Record, effect: Record) -> str:
    if line.get("kept"):
        return "good"
    return "bad" if is_number(effect["low"]) and effect["low"] > 0 else "floor"


def signed(effect: Record) -> str:
    """A change with its sign."""
    text = best(effect)
    return text if text.startswith(MINUS) or text == "0" else f"+{text}"


def _summary(tried: list[Record], left_out: list[Record]) -> str:
    if not tried and not left_out:
        return ""
    kept = [line for line in tried if line.get("kept")]
    words = (
        f"{len(tried)} {'remedy was' if len(tried) == 1 else 'remedies were'} trained in full and compared"
    )
    names = ", ".join(str(line.get("remedy")) for line in kept)
    words += f"; kept: {names}" if kept else "; none helped beyond noise"
    if left_out:
        words += f"; {len(left_out)} more left out before that"
    return words


def _picture(tried: list[Record], metric: Any) -> Markup:
    branches = [_branch(line) for line in tried]
    words = "; ".join(f"{branch.name} {branch.value}, {branch.remark}" for branch in branches)
    name = f"change of the error ({error_name(metric)})"
    return forest(branches, name, words=f"Effects of remedies: {words}.", mark=0.0)


def _branch(line: Record) -> Branch:
    low, value, high = (line["effect"][end] if is_number(line["effect"][end]) else None for end in _ENDS)
    return Branch(str(line.get("remedy")), line["change"], low, value, high, line["kind"], line["what"])

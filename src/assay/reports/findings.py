"""Findings put together by their code, the most important first."""

from __future__ import annotations

from typing import Any

_MOST_TOLD = 5  # of one kind; of the others the columns are named
_FEW_ADVICES = 3


def finding_groups(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One group a code (and advice, where a code has few), in the order in which they first come up.

    Returns:
        `{"code", "title", "level", "count", "advice" (None where it differs), "told": findings, "others":
        columns}` each.
    """
    advices: dict[Any, set[Any]] = {}
    for finding in findings:
        advices.setdefault(finding.get("code"), set()).add(finding.get("advice"))
    groups: dict[tuple[Any, Any], list[dict[str, Any]]] = {}
    for finding in findings:
        code, advice = finding.get("code"), finding.get("advice")
        key = (code, advice if len(advices[code]) <= _FEW_ADVICES else None)
        groups.setdefault(key, []).append(finding)
    return [_group(code, advice, same) for (code, advice), same in groups.items()]


def _group(code: Any, advice: Any, same: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "code": code,
        "title": same[0].get("title"),
        "level": same[0].get("level"),
        "count": len(same),
        "advice": advice,
        "told": same[:_MOST_TOLD],
        "others": [str(finding.get("column")) for finding in same[_MOST_TOLD:]],
    }

"""An inspection as a notebook shows it."""

from __future__ import annotations

from html import escape
from typing import Any

from assay.data.inspection.wording import columns, number, percent, rows

_HEAD = ("column", "kind", "missing", "beyond 3 sd", "beyond 1-99 %", "values", "mean", "std", "min", "max")


def page(record: dict[str, Any]) -> str:
    """An HTML fragment made from `Inspection.to_json()`: a line on the table, its findings, its columns."""
    target = f", target <b>{escape(record['target'])}</b> ({record['task']})" if record["target"] else ""
    size = f"{rows(record['rows'])}, {columns(len(record['columns']))}"
    parts = [f"<p><b>{escape(record['name'])}</b>: {size}{target}</p>"]
    if record["classes"]:
        shares = (f"{escape(label)}: {percent(found['share'])}" for label, found in record["classes"].items())
        parts.append(f"<p>classes: {', '.join(shares)}</p>")
    findings = "".join(_finding(finding) for finding in record["findings"])
    parts.append(f"<ul>{findings}</ul>" if findings else "<p>no findings</p>")
    head = "".join(f"<th>{name}</th>" for name in _HEAD)
    body = "".join(_row(column) for column in record["columns"])
    parts.append(f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")
    return "\n".join(parts)


def _finding(finding: dict[str, Any]) -> str:
    told = f"<b>{finding['code']}</b> {escape(finding['message'])}. <i>{escape(finding['advice'])}</i>"
    return f"<li title='{finding['level']}: {escape(finding['title'])}'>{told}</li>"


def _row(column: dict[str, Any]) -> str:
    outliers = column["outliers"]
    shares = (column["missing"]["share"], outliers["three_sigma"], outliers["percentile"])
    cells = [
        column["name"],
        column["kind"],
        *("" if share is None else percent(share) for share in shares),
        f"{column['unique']:,}",
        *(_value(column[name]) for name in ("mean", "std", "min", "max")),
    ]
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"


def _value(value: float | str | None) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else number(value)

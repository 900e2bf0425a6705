"""The page of an inspection: what is in the data, and what to do about it before anything is trained."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from assay.core.files import to_json, write_text
from assay.reports.column_card import column_card
from assay.reports.contact_sheet import ContactSheet
from assay.reports.correlation import MOST_NAMED, correlation, strongest_pairs
from assay.reports.findings import finding_groups
from assay.reports.image_inspection import image_values
from assay.reports.page import render

_SEEN_ROLES = {"feature", "time"}
_UNSEEN_KINDS = {"identifier", "constant", "text"}


def write_inspection_report(
    inspection_json: dict[str, Any], path: Path | str, sheet: ContactSheet | None = None
) -> Path:
    """Write one HTML file about the data; whole or not at all.

    Args:
        inspection_json: what `assay inspect --json` prints.
        path: where to.
        sheet: small images of the rows that the record names, where the rows are images.

    Returns:
        `path`.
    """
    record = json.loads(to_json(inspection_json))  # enums, arrays' numbers and nan as JSON has them
    page = _of_images(record, sheet) if record.get("images") else _of_columns(record)
    write_text(path, page)
    return Path(path)


def _of_images(record: dict[str, Any], sheet: ContactSheet | None) -> str:
    return render("image_inspection.html.j2", **image_values(record, sheet or ContactSheet()))


def _of_columns(record: dict[str, Any]) -> str:
    columns = [column_card(column, record.get("rows")) for column in record.get("columns") or []]
    related = record.get("correlation") or {}
    names, matrix = related.get("names") or [], related.get("matrix") or []
    return render(
        "inspection.html.j2",
        inspection=record,
        findings=finding_groups(record.get("findings") or []),
        columns=columns,
        features=_features(columns),
        num_missing=sum(bool((column.get("missing") or {}).get("count")) for column in columns),
        classes=_class_bars(record.get("classes") or {}),
        correlation=correlation(names, matrix),
        named=len(names) <= MOST_NAMED,
        pairs=strongest_pairs(names, matrix),
        names=names,
    )


def _features(columns: list[dict[str, Any]]) -> Counter[str]:
    """How many columns of each kind a network would see."""
    return Counter(
        str(column.get("kind"))
        for column in columns
        if column.get("role", "feature") in _SEEN_ROLES and column.get("kind") not in _UNSEEN_KINDS
    )


def _class_bars(classes: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"name": label, **(counted or {})} for label, counted in classes.items()]

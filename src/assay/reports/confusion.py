"""The confusion matrix as a table: a row is a true class, shaded by the share of the row."""

from __future__ import annotations

from typing import Any

MOST_CLASSES = 12  # a wider table is no picture any more: then the pairs alone are shown


def confusion_rows(counts: list[list[int]], labels: list[str]) -> list[dict[str, Any]]:
    """The table's rows: `{"label", "total", "cells": [{"count", "share", "right"}]}`; empty when too wide."""
    if len(counts) > MOST_CLASSES:
        return []
    return [
        {
            "label": labels[truth],
            "total": sum(row),
            "cells": [
                {"count": count, "share": _share(count, row), "right": truth == predicted}
                for predicted, count in enumerate(row)
            ],
        }
        for truth, row in enumerate(counts)
    ]


def confused_pairs(counts: list[list[int]], labels: list[str], most: int = 5) -> list[dict[str, Any]]:
    """The largest mistakes: `{"truth", "predicted", "count", "share" of the true class}`."""
    pairs: list[dict[str, Any]] = [
        {"truth": labels[truth], "predicted": labels[predicted], "count": count, "share": _share(count, row)}
        for truth, row in enumerate(counts)
        for predicted, count in enumerate(row)
        if truth != predicted and count
    ]
    return sorted(pairs, key=lambda pair: -pair["count"])[:most]


def _share(count: int, row: list[int]) -> float:
    return count / sum(row) if sum(row) else 0.0

"""schema.json: all that a reader without torch and polars needs to turn raw rows into a matrix, and back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from assay.bundle.bundle import Bundle
from assay.data.images.preparation import ImagePreparation
from assay.data.images.schema import ImageSchema
from assay.data.preparation import Preparation
from assay.data.schema import InputColumn
from assay.data.schema.values import FALSE_WORDS, MISSING_WORDS, TRUE_WORDS
from assay.export.files import SCHEMA

SCHEMA_FILE = SCHEMA
SCHEMA_FORMAT = 1
"""Goes up when an older reader could no longer read the file."""

INPUT_NAME, OUTPUT_NAME = "rows", "output"


def schema_record(bundle: Bundle) -> dict[str, Any]:
    """What an exported bundle takes and answers, as plain values.

    `columns` stand in the order of the matrix; of an image bundle `image` says the form of a picture instead.
    """
    schema = bundle.schema
    is_image = isinstance(schema, ImageSchema)
    shape = schema.format.shape if isinstance(schema, ImageSchema) else (len(schema),)
    return {
        "format": SCHEMA_FORMAT,
        "kind": "image" if is_image else "table",
        "target": bundle.target.name,
        "task": bundle.task.value,
        "labels": list(bundle.labels),
        "threshold": bundle.decision.threshold,
        "input": {"name": INPUT_NAME, "dtype": "uint8" if is_image else "float64", "shape": [None, *shape]},
        "output": {
            "name": OUTPUT_NAME,
            "dtype": "float64",
            "shape": [None, len(bundle.labels)] if bundle.labels else [None],
        },
        "words": {
            "missing": sorted(MISSING_WORDS),
            "true": sorted(TRUE_WORDS),
            "false": sorted(FALSE_WORDS),
        },
        "columns": _columns(bundle.preparation),
        "image": schema.format.to_json() if isinstance(schema, ImageSchema) else None,
        "bundle": {"sha256": bundle.sha256, "versions": bundle.versions},
    }


def _columns(preparation: Preparation | ImagePreparation) -> list[dict[str, Any]]:
    if isinstance(preparation, ImagePreparation):
        return []
    fills = preparation.filling.fill.tolist()
    return [_column(column, fill) for column, fill in zip(preparation.schema.columns, fills, strict=True)]


def _column(column: InputColumn, fill: float) -> dict[str, Any]:
    """The column as the bundle has it, its spelling in full, and a typical raw value."""
    spelling = None if column.spelling is None else asdict(column.spelling)
    return asdict(column) | {
        "kind": column.kind.value,
        "spelling": spelling,
        "typical": _typical(column, fill),
    }


def _typical(column: InputColumn, fill: float) -> float | None:
    """What stands for a missing value, else a value seen in training; None where neither is known."""
    if column.is_category:
        known = column.codes or tuple(range(len(column.levels)))
        return fill if fill in known else (float(known[0]) if known else None)
    if column.low is None or column.high is None:
        return None
    return fill if column.low <= fill <= column.high else (column.low + column.high) / 2

"""What is on record about the seal: kept in split.json, repeated in metrics.json."""

from __future__ import annotations

from typing import Any

from assay.data.split import Split


def opening_of(split: Split, bundle: str) -> dict[str, Any] | None:
    """The opening for the bundle with this checksum, or None: its test rows are sealed."""
    return next((opening for opening in split.openings if opening["bundle"] == bundle), None)


def seal_record(split: Split, bundle: str) -> dict[str, Any]:
    """What metrics.json says about the test rows: "test", "test_error" and "seal".

    Openings for other bundles, e.g. before a resumed run, stay on record; their results are not this one's.
    """
    opening = opening_of(split, bundle) or {}
    return {
        "test": opening.get("test"),
        "test_error": opening.get("test_error"),
        "seal": {"opened": list(split.openings)},
    }

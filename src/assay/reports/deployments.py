"""The section "Deployments": the files for other runtimes, and how far each is from the bundle."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assay.core.errors import BundleError
from assay.core.files import read_json

Record = dict[str, Any]


def deployments(folder: Path) -> Record:
    """What `export/parity.json` of a study says, for the template.

    Args:
        folder: of the study.

    Returns:
        `{"runtimes", "rows", "sizes", "relative", "tolerance", "left_out", "unproved", "is_stale"}`; empty
        where nothing was exported. It is stale where the study's bundle has become another since.
    """
    path = folder / "export" / "parity.json"
    parity = read_json(path, BundleError) if path.exists() else None
    found = parity.get("runtimes") if isinstance(parity, dict) else None
    if not isinstance(parity, dict) or not isinstance(found, list):
        return {}
    runtimes = [_runtime(one, path.parent) for one in found if isinstance(one, dict)]
    if not runtimes:
        return {}
    return {
        "runtimes": runtimes,
        "rows": parity.get("rows") or {},
        "sizes": parity.get("batch_sizes") or [],
        "relative": parity.get("relative"),
        "tolerance": parity.get("tolerance"),
        "left_out": parity.get("left_out") or {},
        "unproved": parity.get("unproved") or {},
        "is_stale": parity.get("bundle") != _bundle(folder),
    }


def _runtime(record: Record, folder: Path) -> Record:
    file = folder / str(record.get("file"))
    return record | {"bytes": file.stat().st_size if file.is_file() else None}


def _bundle(folder: Path) -> Any:
    """The checksum of the tensors of the study's bundle."""
    path = folder / "bundle" / "bundle.json"
    record = read_json(path, BundleError) if path.exists() else {}
    weights = record.get("weights") if isinstance(record, dict) else None
    return weights.get("sha256") if isinstance(weights, dict) else None

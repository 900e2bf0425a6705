"""Writes a bundle's folder: bundle.json and weights.safetensors, whole or not at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assay.core.errors import BundleError
from assay.core.files import to_json, write_json
from assay.core.folders import whole_folder

FORMAT = 2
IMAGE_FORMAT = 3
"""Goes up when an older Assay could no longer read a bundle. 2: temperature, shift and threshold. 3: images;
a bundle for tables is still of format 2, which older ones read."""

RECORD = "bundle.json"
WEIGHTS = "weights.safetensors"
MOST_RECORD_BYTES = 200_000_000
"""Of a bundle.json: ten times what a vocabulary of a million words takes; JSON takes ten times its size."""


def newest_format(record: Mapping[str, Any]) -> int:
    """The format that a bundle of this record is written in: the lowest that can hold it."""
    return IMAGE_FORMAT if record["preparation"].get("kind") == "image" else FORMAT


def save_folder(folder: Path, record: dict[str, Any], weights: bytes) -> None:
    """Write a bundle beside its place, then swap it in.

    Args:
        folder: absent, empty, or an older bundle, which is replaced.
        record: the JSON part, without format and checksums.
        weights: the tensors, as safetensors.

    Raises:
        BundleError: the folder holds something else, or cannot be written.
    """
    _need_place(folder)
    try:
        with whole_folder(folder) as staging:
            (staging / WEIGHTS).write_bytes(weights)
            write_json(staging / RECORD, _sealed({"format": newest_format(record), **record}, weights))
    except OSError as error:
        raise BundleError(
            f"the bundle cannot be written: {error.strerror or error}", where=str(folder)
        ) from error


def checksum(record: dict[str, Any]) -> str:
    """SHA-256 of a record's content but "sha256" itself, whatever its spacing and the order of its keys."""
    content = {name: value for name, value in record.items() if name != "sha256"}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _sealed(record: dict[str, Any], weights: bytes) -> dict[str, Any]:
    """The record with its checksums, as plain JSON values."""
    described = {"file": WEIGHTS, "bytes": len(weights), "sha256": hashlib.sha256(weights).hexdigest()}
    plain: dict[str, Any] = json.loads(to_json({**record, "weights": described}))
    return plain | {"sha256": checksum(plain)}


def _need_place(folder: Path) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise BundleError("a file stands where the bundle should go", where=str(folder))
    others = sorted(entry.name for entry in folder.iterdir() if entry.name not in {RECORD, WEIGHTS})
    if others:
        raise BundleError(
            f"the folder holds {others[0]!r}, which is no part of a bundle",
            hint="name a new folder",
            where=str(folder),
        )

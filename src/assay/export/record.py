"""parity.json: what was compared, and how far each runtime is from the bundle."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Any

from assay import __version__
from assay.bundle.bundle import Bundle
from assay.export.measure import TOLERANCE
from assay.export.parity import Proof
from assay.export.targets import Targets

FORMAT = 1


def parity_record(
    bundle: Bundle, proof: Proof, agreements: list[dict[str, Any]], targets: Targets
) -> dict[str, Any]:
    """The record as plain values.

    Args:
        bundle: what was exported.
        proof: by which.
        agreements: one a runtime, as `Agreement.to_json` gives it.
        targets: what was asked for, and left out.
    """
    return {
        "format": FORMAT,
        "bundle": bundle.sha256,
        "tolerance": TOLERANCE,
        "relative": proof.measure.words,
        "centre": proof.measure.centre,
        "scale": proof.measure.scale,
        "rows": proof.rows.counts,
        "batch_sizes": proof.sizes,
        "runtimes": agreements,
        "left_out": targets.left_out,
        "versions": _versions(),
    }


def _versions() -> dict[str, str]:
    """Of what wrote and ran the files."""
    found = {"assay": __version__}
    for name in ("torch", "onnx", "onnxscript", "onnxruntime"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found

"""Reads a bundle's folder: complete and unaltered, or a `BundleError` that says what is wrong."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor

from assay import __version__
from assay.bundle.decision import Decision
from assay.bundle.saving import IMAGE_FORMAT, RECORD, WEIGHTS, checksum
from assay.bundle.target_scale import TargetScale
from assay.core.errors import AssayError, BundleError
from assay.core.files import read_json
from assay.data.images.preparation import ImagePreparation
from assay.data.preparation import Preparation
from assay.data.target import Target
from assay.networks import network_from_json

_PREPARATIONS: dict[str, type[Preparation] | type[ImagePreparation]] = {
    "table": Preparation,
    "image": ImagePreparation,
}
_AGAIN = "copy the bundle again, or make it anew with `assay run`"
# What building the parts raises when their descriptions are not what `Bundle.save` wrote.
_MISFITS = (
    AssayError,
    SafetensorError,
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    RuntimeError,
    TypeError,
    ValueError,
)


def load_parts(path: Path) -> dict[str, Any]:
    """The parts of a bundle, by the names that `Bundle` takes.

    Args:
        path: the bundle's folder, the study that holds it, or its bundle.json.

    Raises:
        BundleError: no bundle, a newer format, or missing, cut or altered files.
    """
    folder = _folder(path)
    record = _read_record(folder)
    weights = _read_weights(folder, record)
    try:
        return _parts(record, safetensors.torch.load(weights))
    except _MISFITS as error:
        raise BundleError(
            f"the bundle's parts do not fit together: {error}", hint=_AGAIN, where=str(folder)
        ) from error


def _folder(path: Path) -> Path:
    if path.name == RECORD and path.is_file():
        return path.parent
    if (path / RECORD).exists() or not (path / "bundle").is_dir():
        return _existing(path)
    return path / "bundle"


def _existing(folder: Path) -> Path:
    if not folder.exists():
        raise BundleError(f"there is no bundle {folder}", hint="`assay run` writes one into its folder")
    if not (folder / RECORD).exists():
        raise BundleError(f"not a bundle: there is no {RECORD}", where=str(folder))
    return folder


def _read_record(folder: Path) -> dict[str, Any]:
    try:
        record = read_json(folder / RECORD, BundleError)
        _check_format(record)
        is_whole = record.get("sha256") == checksum(record)
    except (OSError, ValueError, RecursionError) as error:
        raise _damaged(f"{RECORD} cannot be read: {error}", folder) from error
    except BundleError as error:
        raise BundleError(
            error.message, hint=error.hint or _AGAIN, where=error.where or str(folder)
        ) from error
    if not is_whole:
        raise _damaged(f"{RECORD} was altered after it was written: its checksum is another", folder)
    return dict(record)


def _check_format(record: Any) -> None:
    if not isinstance(record, dict) or type(record.get("format")) is not int:
        raise BundleError(f"{RECORD} is not the record of a bundle")
    if record["format"] > IMAGE_FORMAT:
        raise BundleError(
            f"the bundle is from a newer version: {_maker(record)} wrote format {record['format']}, "
            f"this Assay {__version__} reads up to {IMAGE_FORMAT}",
            hint="pip install --upgrade assay",
        )


def _damaged(problem: str, folder: Path) -> BundleError:
    return BundleError(problem, hint=_AGAIN, where=str(folder))


def _maker(record: dict[str, Any]) -> str:
    versions = record.get("versions")
    version = versions.get("assay") if isinstance(versions, dict) else None
    return f"Assay {version}" if isinstance(version, str) else "a newer Assay"


def _read_weights(folder: Path, record: dict[str, Any]) -> bytes:
    try:
        weights = (folder / WEIGHTS).read_bytes()
    except FileNotFoundError as error:
        raise _damaged(f"there is no {WEIGHTS}", folder) from error
    except OSError as error:
        raise _damaged(f"{WEIGHTS} cannot be read: {error.strerror}", folder) from error
    described = record.get("weights")
    expected = described if isinstance(described, dict) else {}
    if len(weights) != expected.get("bytes"):
        found = f"{WEIGHTS} has {len(weights):,} bytes where {expected.get('bytes')} were written"
        raise _damaged(found, folder)
    if hashlib.sha256(weights).hexdigest() != expected.get("sha256"):
        raise _damaged(f"{WEIGHTS} was altered after it was written: its checksum is another", folder)
    return weights


def _parts(record: dict[str, Any], tensors: dict[str, Tensor]) -> dict[str, Any]:
    scale_tensors = _under("target_scale.", tensors)
    scale = TargetScale() if scale_tensors else None
    if scale is not None:
        scale.load_state_dict(scale_tensors)
    described = record["network"]
    return {
        "preparation": _preparation(record["preparation"], _under("preparation.", tensors)),
        "network": network_from_json(described["kind"], described["layers"], _under("network.", tensors)),
        "target": Target.from_json(record["target"]),
        "target_scale": scale,
        "metrics": dict(record["metrics"]),
        "diagnosis": dict(record["diagnosis"]),
        "versions": dict(record["versions"]),
        "decision": Decision.from_tensors(_under("decision.", tensors), record.get("decision", {})),
    }


def _under(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}


def _preparation(described: dict[str, Any], tensors: dict[str, Tensor]) -> Preparation | ImagePreparation:
    kind = _PREPARATIONS[described.get("kind", "table")]
    with torch.device("meta"):  # sizes that no file backs must not take memory
        preparation = kind.from_json(described)
    preparation.load_state_dict(tensors, assign=True)
    return preparation

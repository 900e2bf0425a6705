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
from assay.bundle.fit_of_parts import check_fit
from assay.bundle.record_types import check_types
from assay.bundle.saving import IMAGE_FORMAT, MOST_RECORD_BYTES, RECORD, WEIGHTS, checksum
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
    folder = bundle_folder(path)
    record = read_record(folder)
    weights = _read_weights(folder, record)
    try:
        check_types(record)
        parts = _parts(record, safetensors.torch.load(weights))
        check_fit(parts["preparation"], parts["network"])
    except _MISFITS as error:
        raise BundleError(
            f"the bundle's parts do not fit together: {error}", hint=_AGAIN, where=str(folder)
        ) from error
    return parts


def bundle_folder(path: Path) -> Path:
    """The folder of the bundle that `path` names.

    Args:
        path: the folder itself, the study that holds it, or its bundle.json.

    Raises:
        BundleError: there is none.
    """
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


def read_record(folder: Path) -> dict[str, Any]:
    """What the bundle.json in a bundle's folder holds, unaltered.

    Raises:
        BundleError: a newer format, or a missing, cut or altered file.
    """
    try:
        _need_file(folder / RECORD, MOST_RECORD_BYTES)
        record = read_json(folder / RECORD, BundleError)
        _check_format(record)
        is_whole = record.get("sha256") == checksum(record)
    except (OSError, ValueError, RecursionError, MemoryError) as error:
        raise _damaged(f"{RECORD} cannot be read: {error}", folder) from error
    except BundleError as error:
        raise BundleError(
            error.message, hint=error.hint or _AGAIN, where=error.where or str(folder)
        ) from error
    if not is_whole:
        raise _damaged(f"{RECORD} was altered after it was written: its checksum is another", folder)
    return dict(record)


def _need_file(path: Path, most_bytes: int) -> None:
    """A plain file of a size that can be taken into memory: a pipe would be waited for without end.

    Raises:
        BundleError: it is something else, or larger.
    """
    if path.exists() and not path.is_file():
        raise BundleError(f"{path.name} cannot be read: it is no plain file", where=str(path.parent))
    if path.exists() and path.stat().st_size > most_bytes:
        raise BundleError(
            f"{path.name} has {path.stat().st_size:,} bytes where at most {most_bytes:,} are expected",
            where=str(path.parent),
        )


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
    described = record.get("weights")
    expected = described if isinstance(described, dict) else {}
    try:
        _need_size(folder, expected.get("bytes"))
        weights = (folder / WEIGHTS).read_bytes()
    except FileNotFoundError as error:
        raise _damaged(f"there is no {WEIGHTS}", folder) from error
    except OSError as error:
        raise _damaged(f"{WEIGHTS} cannot be read: {error.strerror}", folder) from error
    if hashlib.sha256(weights).hexdigest() != expected.get("sha256"):
        raise _damaged(f"{WEIGHTS} was altered after it was written: its checksum is another", folder)
    return weights


def _need_size(folder: Path, written: Any) -> None:
    """The size that was written; looked at before the file is, which may be far larger."""
    place = folder / WEIGHTS
    size = place.stat().st_size
    if not place.is_file():
        raise _damaged(f"{WEIGHTS} cannot be read: it is no plain file", folder)
    if size != written:
        raise _damaged(f"{WEIGHTS} has {size:,} bytes where {written} were written", folder)


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
    for name, tensor in described.get("tensors", {}).items():
        if name in tensors and tensor["shape"] != list(tensors[name].shape):
            raise BundleError(
                f"{name} is {tensor['shape']} in {RECORD}, and {list(tensors[name].shape)} in {WEIGHTS}"
            )
    kind = _PREPARATIONS[described.get("kind", "table")]
    with torch.device("meta"):  # sizes that no file backs must not take memory
        preparation = kind.from_json(described)
    preparation.load_state_dict(tensors, assign=True)
    return preparation

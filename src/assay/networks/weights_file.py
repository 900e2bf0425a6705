"""Reads files of tensors, PyTorch's and safetensors; what would run code is refused by name, and not run."""

from __future__ import annotations

import pickle
import pickletools
import struct
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from safetensors import SafetensorError

from assay.core.errors import BundleError

# What reading damaged bytes raises, here and in torch.
_DAMAGE = (
    RuntimeError, EOFError, OSError, pickle.UnpicklingError, LookupError, ValueError, TypeError,
    AttributeError, ArithmeticError, MemoryError, AssertionError, struct.error,
)  # fmt: skip
# Classes that a pickle of plain tensors names.
_OF_TENSORS = ("torch._utils.", "collections.OrderedDict", "torch.Size", "torch.serialization._get_layout")
_SHOWN = 3  # names in a message


def read_weights_file(path: Path) -> dict[str, Any]:
    """The dictionary in a file that `torch.save` or safetensors wrote; its tensors stand on the CPU.

    Raises:
        BundleError: there is no file, it is damaged or no dictionary, or it holds more than tensors and plain
            values: then the message names what it wanted to run, and nothing of it was run.
    """
    if not path.is_file():
        found = "that is no file" if path.exists() else "there is no such file"
        raise BundleError(found, hint="name a checkpoint.pt or another file of weights", where=str(path))
    try:
        read = _read_safetensors if _is_safetensors(path) else _read_torch
        found = read(path)
    except (*_DAMAGE, SafetensorError) as error:
        raise _refusal(path) from error
    if not isinstance(found, dict):
        raise BundleError(
            f"the file holds a {type(found).__name__}, and a dictionary of tensors is needed",
            hint="torch.save(network.state_dict(), path) writes one",
            where=str(path),
        )
    return found


def _is_safetensors(path: Path) -> bool:
    """Whether a JSON header follows eight bytes that tell its length."""
    with path.open("rb") as stream:
        return stream.read(9)[8:] == b"{"


def _read_safetensors(path: Path) -> Any:
    return safetensors.torch.load_file(path)


def _read_torch(path: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # what is doubtful about the file is in our own message
        return torch.load(path, map_location="cpu", weights_only=True)


def _refusal(path: Path) -> BundleError:
    wanted = _foreign_names(path)
    if wanted:
        more = f" and {len(wanted) - _SHOWN} more" if len(wanted) > _SHOWN else ""
        return BundleError(
            f"the file is refused, as loading it would run code: it calls {', '.join(wanted[:_SHOWN])}{more}",
            hint="where you trust it, load it in the program that made it, and save network.state_dict()",
            where=str(path),
        )
    if _is_program(path):
        return BundleError(
            "the file is a TorchScript program, and a file of weights is needed",
            hint="torch.jit.load reads it, where you trust it",
            where=str(path),
        )
    return BundleError("the file is damaged, or no file of weights", hint="copy it again", where=str(path))


def _is_program(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.endswith("/constants.pkl") for name in archive.namelist())
    except (zipfile.BadZipFile, *_DAMAGE):
        return False


def _foreign_names(path: Path) -> list[str]:
    """What a pickle would import beyond what tensors need, without running it; empty: nothing found."""
    try:
        return sorted(torch.serialization.get_unsafe_globals_in_checkpoint(str(path)))
    except _DAMAGE:  # not the archive that torch.save writes today, but perhaps a pickle
        return sorted(set(_imports(path)))


def _imports(path: Path) -> Iterator[str]:
    """The names that the pickles at the start of a file import, as far as it can be read."""
    with path.open("rb") as stream:
        texts: list[str] = []
        try:
            while True:
                for operation, argument, _ in pickletools.genops(stream):
                    if isinstance(argument, str):
                        texts.append(argument)
                    name = _imported(operation.name, argument, texts)
                    if name and not name.startswith(_OF_TENSORS) and not name.endswith("Storage"):
                        yield name
        except _DAMAGE:
            return


def _imported(operation: str, argument: Any, texts: list[str]) -> str:
    """`module.name` where an operation of a pickle imports one, else nothing."""
    if operation == "GLOBAL":
        return str(argument).replace(" ", ".", 1)
    if operation == "STACK_GLOBAL" and len(texts) > 1:
        return f"{texts[-2]}.{texts[-1]}"
    return ""

"""Arrays in one `.npz` file, without pickle: whole or absent, and refused when damaged."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from assay.core.errors import BundleError
from assay.core.files import atomic_path

# What zipfile and NumPy were seen to raise on flipped and cut bytes; RuntimeError is "the file is encrypted".
_DAMAGE = (OSError, LookupError, ValueError, TypeError, EOFError, RuntimeError, BadZipFile, zlib.error)


def write_arrays(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Write the arrays by name, atomically."""
    named: dict[str, Any] = dict(arrays)
    with atomic_path(path) as temporary, temporary.open("wb") as stream:
        np.savez_compressed(stream, allow_pickle=False, **named)


def read_arrays(path: Path, what: str) -> dict[str, np.ndarray]:
    """The arrays by name.

    Args:
        path: what `write_arrays` wrote.
        what: it holds, in the plural, for the message: "row numbers".

    Raises:
        BundleError: the file is missing, cut or altered.
    """
    try:
        # Opened here: np.load leaves a file that it cannot read open.
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except FileNotFoundError as error:
        raise BundleError(f"there is no file {path.name}", where=str(path.parent)) from error
    except _DAMAGE as error:
        raise damaged(path, what) from error


def damaged(path: Path, what: str) -> BundleError:
    """The error for a file whose content is not what was written."""
    return BundleError(f"the stored {what} are damaged", hint="run the study again", where=str(path))

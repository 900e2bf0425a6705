"""The whole state of a training as a file: enough to go on as if nothing had happened."""

from __future__ import annotations

import pickle
import time
from pathlib import Path
from typing import Any

import torch

from assay.core.errors import BundleError, RecipeError
from assay.core.files import atomic_path

_FORMAT = 1
_MAX_SHARE = 0.04  # of the training's time that writing checkpoints may take


class Checkpoint:
    """Writes `checkpoint.pt` after epochs, but never so often that training is slowed by more than 5 %.

    Args:
        path: the file; it is whole at any moment (written beside, then renamed).
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._written = -1
        self._next_at = 0.0

    def write(self, state: dict[str, Any], epoch: int, *, must: bool = False) -> None:
        """Write the state of `epoch` if it is time to, or if it `must` be."""
        if self._written == epoch or (not must and time.perf_counter() < self._next_at):
            return
        start = time.perf_counter()
        with atomic_path(self.path) as temporary:
            torch.save({"format": _FORMAT, **state}, temporary)
        end = time.perf_counter()
        self._written, self._next_at = epoch, end + (end - start) / _MAX_SHARE


def read_checkpoint(path: Path) -> dict[str, Any] | None:
    """The state in `path`; None when there is no such file. Nothing in it is executed.

    Raises:
        BundleError: the file is damaged, or from a newer version.
    """
    if not path.exists():
        return None
    try:
        state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    except (RuntimeError, EOFError, OSError, pickle.UnpicklingError, KeyError, ValueError) as error:
        raise BundleError(
            "the checkpoint is damaged", hint="delete it and train from the start", where=str(path)
        ) from error
    if not isinstance(state, dict) or state.get("format") != _FORMAT:
        found = state.get("format") if isinstance(state, dict) else None
        raise BundleError(
            f"the checkpoint has the format {found!r}, this version reads {_FORMAT}", where=str(path)
        )
    return state


def check_same_run(before: dict[str, Any], now: dict[str, Any], path: Path) -> None:
    """Refuse to go on with other settings than the training began with.

    Raises:
        RecipeError: names every setting that differs.
    """
    differing = [
        f"{name} was {before.get(name)!r} and is {now.get(name)!r}"
        for name in {**before, **now}
        if before.get(name) != now.get(name)
    ]
    if differing:
        raise RecipeError(
            f"the checkpoint belongs to another training: {'; '.join(differing)}",
            hint="resume with the same settings, or train from the start",
            where=str(path),
        )

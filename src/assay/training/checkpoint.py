"""The whole state of a training as a file: enough to go on as if nothing had happened."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import torch

from assay.core.errors import BundleError, RecipeError
from assay.core.files import atomic_path
from assay.networks.weights_file import read_weights_file

_FORMAT = 2
"""2: how the network is built, so that `assay.networks.from_checkpoint` builds it again. 1 is read too."""

_MAX_SHARE = 0.04  # of the training's time that writing checkpoints may take


class Checkpoint:
    """Keeps the state of the last epoch, and writes it to `checkpoint.pt`.

    It writes never so often that training is slowed by more than 5 %; what is not written yet is held in
    memory until `flush`.

    Args:
        path: the file; it is whole at any moment (written beside, then renamed).
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._held: dict[str, Any] | None = None
        self._next_at = 0.0

    def keep(self, state: dict[str, Any]) -> None:
        """Take the state after an epoch, whose tensors nobody changes any more; write it if it is time to."""
        self._held = state
        if time.perf_counter() >= self._next_at:
            self.flush()

    def flush(self) -> None:
        """Write the state that is held, if it is not written yet."""
        if self._held is None:
            return
        start = time.perf_counter()
        with atomic_path(self.path) as temporary:
            torch.save({"format": _FORMAT, **self._held}, temporary)
        end = time.perf_counter()
        self._held, self._next_at = None, end + (end - start) / _MAX_SHARE


def snapshot(state: Any) -> Any:
    """The state of an optimizer or a network as it is now, its tensors copied."""
    if isinstance(state, torch.Tensor):
        return state.detach().clone()
    if isinstance(state, dict):
        return {name: snapshot(value) for name, value in state.items()}
    return [snapshot(value) for value in state] if isinstance(state, list) else state


def read_checkpoint(path: Path) -> dict[str, Any] | None:
    """The state in `path`; None when there is no such file. Nothing in it is executed.

    Raises:
        BundleError: the file is damaged, would run code, or is from a newer version.
    """
    if not path.exists():
        return None
    try:
        state = read_weights_file(path)
    except BundleError as error:
        raise BundleError(
            error.message, hint="delete it and train from the start", where=str(path)
        ) from error
    number = state.get("format")
    if type(number) is not int or not 1 <= number <= _FORMAT:
        raise BundleError(
            f"the checkpoint has the format {number!r}, this version reads 1 to {_FORMAT}", where=str(path)
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

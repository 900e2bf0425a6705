"""Which device and which precision a run uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.core.errors import RecipeError

if TYPE_CHECKING:
    import torch


_KNOWN = "auto, cpu, cuda or cuda:N"


def resolve_device(name: str | torch.device | None = "auto") -> torch.device:
    """The torch device for `auto` (or None), `cpu`, `cuda` or `cuda:N`, or for a device of these.

    Raises:
        RecipeError: the name is unknown, or CUDA is asked for and not there.
    """
    import torch

    if name is None or name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
    except (RuntimeError, TypeError) as error:
        raise _unknown(name) from error
    if device.type not in {"cpu", "cuda"}:
        raise _unknown(name)
    if device.type == "cuda" and not torch.cuda.is_available():
        raise RecipeError(
            f"device {str(name)!r} was asked for, and torch sees no CUDA device", hint="use cpu or auto"
        )
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        raise RecipeError(
            f"device {str(name)!r} was asked for, and torch sees {torch.cuda.device_count()}, counted from 0"
        )
    return device


def _unknown(name: object) -> RecipeError:
    known = "for a GPU use cuda" if str(name) == "gpu" else f"use {_KNOWN}"
    return RecipeError(f"unknown device {str(name)!r}", hint=known)

"""Which device and which precision a run uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.core.errors import RecipeError, did_you_mean

if TYPE_CHECKING:
    import torch


def resolve_device(name: str = "auto") -> torch.device:
    """The torch device for `auto`, `cpu`, `cuda` or `cuda:N`.

    Raises:
        RecipeError: the name is unknown, or CUDA is asked for and not there.
    """
    import torch

    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if name != "cpu" and not name.startswith("cuda"):
        raise RecipeError(f"unknown device {name!r}", hint=did_you_mean(name, ["auto", "cpu", "cuda"]))
    if name.startswith("cuda") and not torch.cuda.is_available():
        raise RecipeError(
            f"device {name!r} was asked for, and torch sees no CUDA device", hint="use --device cpu or auto"
        )
    try:
        return torch.device(name)
    except RuntimeError as error:
        raise RecipeError(f"unknown device {name!r}", hint="use auto, cpu, cuda or cuda:N") from error

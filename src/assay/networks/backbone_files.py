"""Where the weights of torchvision's networks lie on this machine; nothing is ever fetched."""

from __future__ import annotations

import pickle
from importlib import import_module
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from assay.core.errors import DataError, MissingPartError

BEST_FIRST = (
    "resnet18",
    "efficientnet_b0",
    "mobilenet_v3_large",
    "squeezenet1_1",
    "mobilenet_v3_small",
    "convnext_tiny",
    "resnet34",
    "resnet50",
)
"""What a CPU trains in acceptable time comes first, and of that what tells images apart best."""


def torchvision_models() -> Any:
    """The module `torchvision.models`.

    Raises:
        MissingPartError: torchvision is not installed.
    """
    try:
        return import_module("torchvision.models")
    except ImportError as error:
        raise MissingPartError(
            "network.kind = 'backbone' needs torchvision, which is not installed",
            hint="pip install torchvision",
        ) from error


def cached_weights(name: str) -> Path | None:
    """The file of `name` in torchvision's cache, the best weights first; None where it holds none."""
    return next((path for _, path in _published(name) if path.is_file()), None)


def cached_backbone() -> str:
    """The first pretrained network whose weights lie in torchvision's cache; empty: there is none.

    torchvision itself, which takes a second to import, is asked only where the cache holds any file.
    """
    folder = Path(torch.hub.get_dir()) / "checkpoints"
    if not folder.is_dir() or not any(folder.iterdir()):
        return ""
    try:
        return next((name for name in BEST_FIRST if cached_weights(name) is not None), "")
    except MissingPartError:  # without torchvision there are none
        return ""


def read_weights(name: str, weights: str | None) -> dict[str, Tensor]:
    """The stored tensors of a torchvision network by name, as float32.

    Args:
        name: e.g. ``"resnet18"``.
        weights: a file; None: the one in torchvision's cache.

    Raises:
        DataError: the file is missing, or holds something else than tensors by name.
    """
    path = Path(weights).expanduser() if weights is not None else cached_weights(name)
    if path is None:
        url, place = _published(name)[0]
        raise DataError(
            f"the weights of {name} are not on this machine: {place.name} is not in {place.parent}",
            hint=f"download {url} into that folder, or name a file: network.weights = FILE",
        )
    if not path.is_file():
        raise DataError(
            f"network.weights = {str(weights)!r}: there is no such file",
            hint=f"name {name}'s weights, as {_published(name)[0][0]} has them",
        )
    return _tensors(path)


def _tensors(path: Path) -> dict[str, Tensor]:
    try:
        if path.suffix == ".safetensors":
            from safetensors.torch import load_file

            stored: Any = load_file(path)
        else:
            stored = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise DataError(
            f"{path} holds more than tensors, or is no file of torch: loading it could run its code",
            hint="save its state_dict: torch.save(network.state_dict(), FILE)",
        ) from error
    except Exception as error:
        raise DataError(f"{path} cannot be read as weights: {error}", hint="is it whole?") from error
    if isinstance(stored, dict) and isinstance(stored.get("state_dict"), dict):
        stored = stored["state_dict"]
    if not isinstance(stored, dict) or not all(isinstance(value, Tensor) for value in stored.values()):
        raise DataError(
            f"{path} holds no tensors by name",
            hint="a state_dict is expected, as torchvision's files are",
        )
    # A network that was trained on several devices puts a word before each name.
    return {str(key).removeprefix("module."): _wide(value) for key, value in stored.items()}


def _wide(value: Tensor) -> Tensor:
    """float32 where it is a fraction: files may hold 16 bits."""
    return value.float() if value.is_floating_point() else value


def _published(name: str) -> list[tuple[str, Path]]:
    """(URL, place in the cache) of each of torchvision's weights, its best ones first."""
    models = torchvision_models()
    choices = models.get_model_weights(name)
    folder = Path(torch.hub.get_dir()) / "checkpoints"
    ordered = [choices.DEFAULT, *(choice for choice in choices if choice is not choices.DEFAULT)]
    return [(choice.url, folder / choice.url.rsplit("/", 1)[-1]) for choice in ordered]

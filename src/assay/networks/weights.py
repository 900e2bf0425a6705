"""Weights from a file into a network, and a network out of a checkpoint; no file runs code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeGuard

import torch
from torch import Tensor, nn

from assay.core.errors import BundleError
from assay.networks.image_network import ImageNetwork
from assay.networks.kinds import KINDS, network_from_json
from assay.networks.network import Network
from assay.networks.weights_file import read_weights_file

_UNDER = ("state_dict", "model_state_dict", "model", "network")  # names that people keep a state dict under
_WRAPPERS = ("module.", "_orig_mod.")  # what DistributedDataParallel and torch.compile put before each name
_BUNDLE_PARTS = ("network.", "preparation.")  # the tensors of a bundle's weights.safetensors
_SHOWN = 4  # names in a message


def load_weights(network: nn.Module, path: Path | str) -> None:
    """Put the weights of a file into `network`; all of them, or the network stays as it was.

    Args:
        network: any module; it need not be one of Assay's.
        path: a run's checkpoint.pt (the best weights), a bundle's weights.safetensors, or a state dict as
            `torch.save` or safetensors writes it, on its own or under "state_dict".

    Raises:
        BundleError: no such file, one that is damaged or would run code, or weights that do not fit; the
            message names the weights that are missing, left over, or of another shape.
    """
    place = Path(path)
    weights = _weights(read_weights_file(place), place)
    problems = list(_misfits(network.state_dict(), weights))
    if problems:
        raise BundleError(
            f"the weights do not fit this {type(network).__name__}: {'; '.join(problems)}",
            hint="build the network with the sizes that it was trained with",
            where=str(place),
        )
    network.load_state_dict(weights)


def from_checkpoint(path: Path | str) -> Network | ImageNetwork:
    """The network of a run's checkpoint.pt, built again, with its best weights, in evaluation mode.

    Args:
        path: a checkpoint that `assay.fit(..., folder=...)` or `assay run` wrote.

    Raises:
        BundleError: no such file, one that is damaged, that would run code, or that does not say how its
            network is built, since the network is not one of Assay's or an older version wrote the file.
    """
    place = Path(path)
    state = read_weights_file(place)
    described = state.get("architecture")
    if not isinstance(described, Mapping):
        raise BundleError(
            "the file does not say how its network is built",
            hint="build the network yourself, and fill it by assay.networks.load_weights(network, path)",
            where=str(place),
        )
    try:
        network = network_from_json(described["kind"], described["layers"], _weights(state, place))
    except (AttributeError, LookupError, TypeError, ValueError, RuntimeError) as error:
        raise BundleError(f"the checkpoint describes no network: {error}", where=str(place)) from error
    return network.eval()


def architecture(network: nn.Module) -> dict[str, Any] | None:
    """Kind and layers of one of Assay's networks, which build it again; None for any other module."""
    kind = type(network).__name__
    if not isinstance(network, Network | ImageNetwork) or KINDS.get(kind) is not type(network):
        return None
    return {"kind": kind, "layers": network.to_json()}


def _weights(found: Mapping[str, Any], place: Path) -> dict[str, Tensor]:
    """The state dict in what a file holds, under the network's own names."""
    best = found.get("best")
    under = best.get("weights") if isinstance(best, Mapping) else None
    candidates = [found, under, *(found.get(name) for name in _UNDER)]
    for candidate in candidates:
        if isinstance(candidate, Mapping) and _is_state_dict(candidate):
            return _own_names(candidate)
    raise BundleError(
        f"there are no weights in the file; it holds {_listed(map(repr, found)) or 'nothing'}",
        hint="torch.save(network.state_dict(), path) writes some",
        where=str(place),
    )


def _is_state_dict(value: Any) -> TypeGuard[Mapping[str, Tensor]]:
    return (
        isinstance(value, Mapping)
        and len(value) > 0
        and all(isinstance(name, str) and isinstance(tensor, Tensor) for name, tensor in value.items())
    )


def _own_names(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Without the names of parts and wrappers that stand before the network's own."""
    plain = dict(weights)
    if all(any(name.startswith(part) for name in plain) for part in _BUNDLE_PARTS):
        plain = {name: tensor for name, tensor in plain.items() if name.startswith(_BUNDLE_PARTS[0])}
        plain = {name.removeprefix(_BUNDLE_PARTS[0]): tensor for name, tensor in plain.items()}
    for wrapper in _WRAPPERS:
        if all(name.startswith(wrapper) for name in plain):
            plain = {name.removeprefix(wrapper): tensor for name, tensor in plain.items()}
    return plain


def _misfits(wanted: Mapping[str, Tensor], found: Mapping[str, Tensor]) -> Iterable[str]:
    """What keeps `found` from becoming `wanted`, one clause each."""
    missing = [name for name in wanted if name not in found]
    left_over = [name for name in found if name not in wanted]
    if missing:
        yield f"the file lacks {_listed(missing)}"
    if left_over:
        yield f"the network has no {_listed(left_over)}"
    both = [(name, wanted[name], found[name]) for name in wanted if name in found]
    sizes = [
        f"{name} is {_size(there)} in the file and {_size(here)} in the network"
        for name, here, there in both
        if here.shape != there.shape
    ]
    if sizes:
        yield _listed(sizes)
    kinds = [
        f"{name} is {there.dtype} in the file and {here.dtype} in the network"
        for name, here, there in both
        if not torch.can_cast(there.dtype, here.dtype)
    ]
    if kinds:
        yield _listed(kinds)


def _listed(names: Iterable[str]) -> str:
    """The first of them, and how many more there are."""
    every = list(names)
    more = f" and {len(every) - _SHOWN} more" if len(every) > _SHOWN else ""
    return ", ".join(every[:_SHOWN]) + more


def _size(tensor: Tensor) -> str:
    return " x ".join(map(str, tensor.shape)) or "one number"

"""The kinds of networks by name, and how a stored one comes back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from assay.core.errors import BundleError, did_you_mean
from assay.networks.backbone import Backbone
from assay.networks.cnn import CNN
from assay.networks.image_network import ImageNetwork
from assay.networks.mlp import MLP
from assay.networks.network import Network
from assay.networks.residual import ResidualMLP
from assay.networks.residual_cnn import ResidualCNN
from assay.networks.tabm import TabM

KINDS: dict[str, type[Network] | type[ImageNetwork]] = {
    "MLP": MLP,
    "ResidualMLP": ResidualMLP,
    "TabM": TabM,
    "CNN": CNN,
    "ResidualCNN": ResidualCNN,
    "Backbone": Backbone,
}

_SHORT = 8  # numbers of a list that need no weight each, as those of a shape
_SMALL = 65_536  # a size that needs no weights, as the side of an image


def network_from_json(
    kind: str, layers: Mapping[str, Any], weights: Mapping[str, Tensor]
) -> Network | ImageNetwork:
    """A stored network with its weights; torch's random numbers stay where they stand.

    Args:
        kind: `Network.kind` or `ImageNetwork.kind`.
        layers: what its `to_json` gave.
        weights: its `state_dict`, whose tensors become the network's own.

    Raises:
        BundleError: an unknown kind, a description of no network, or weights that do not fit it.
    """
    if kind not in KINDS:
        raise BundleError(f"the network is of the unknown kind {kind!r} ({did_you_mean(str(kind), KINDS)})")
    _need_weights_behind(layers, weights)
    with torch.random.fork_rng(devices=[]), torch.device("meta"):  # sizes without weights take no memory
        network = KINDS[kind].from_json(layers)
    try:
        network.load_state_dict(dict(weights), assign=True)
    except RuntimeError as error:
        raise BundleError(f"the weights do not fit the stored network: {error}") from error
    return network.float()


def _need_weights_behind(layers: Mapping[str, Any], weights: Mapping[str, Tensor]) -> None:
    """Refuse layers that no weights back, before time and memory are spent on building them."""
    most = max(_SMALL, sum(tensor.untyped_storage().nbytes() for tensor in weights.values()))
    for name, value in layers.items():
        if isinstance(value, list | tuple) and len(value) > max(_SHORT, len(weights)):
            raise BundleError(
                f"the stored network has {len(value):,} numbers in {name!r} and only {len(weights)} weights"
            )
        sizes = value if isinstance(value, list | tuple) else [value]
        if any(size > most for size in sizes if isinstance(size, int)):
            raise BundleError(
                f"the stored network has sizes in {name!r} that its weights do not fill: {value}"
            )

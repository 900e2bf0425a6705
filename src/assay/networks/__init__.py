"""Builds networks from a recipe, and knows every shape and parameter count before a tensor exists."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assay.networks.backbone import Backbone
    from assay.networks.builder import build
    from assay.networks.cnn import CNN
    from assay.networks.image_builder import build_image_network
    from assay.networks.image_network import ImageNetwork
    from assay.networks.image_rules_of_thumb import first_image_network
    from assay.networks.image_settings import ImageNetworkSettings
    from assay.networks.kinds import network_from_json
    from assay.networks.layer_list import layers
    from assay.networks.mlp import MLP
    from assay.networks.network import Network
    from assay.networks.perceptron import Perceptron
    from assay.networks.residual import ResidualMLP
    from assay.networks.residual_cnn import ResidualCNN
    from assay.networks.rules_of_thumb import first_network
    from assay.networks.settings import NetworkSettings
    from assay.networks.tabm import TabM
    from assay.networks.weights import from_checkpoint, load_weights

__all__ = [
    "CNN",
    "MLP",
    "Backbone",
    "ImageNetwork",
    "ImageNetworkSettings",
    "Network",
    "NetworkSettings",
    "Perceptron",
    "ResidualCNN",
    "ResidualMLP",
    "TabM",
    "build",
    "build_image_network",
    "first_image_network",
    "first_network",
    "from_checkpoint",
    "layers",
    "load_weights",
    "network_from_json",
]

# Public name -> where it lives, so that the settings can be had without loading torch.
_HOMES = {
    "Backbone": "backbone",
    "CNN": "cnn",
    "ImageNetwork": "image_network",
    "ImageNetworkSettings": "image_settings",
    "MLP": "mlp",
    "Network": "network",
    "NetworkSettings": "settings",
    "Perceptron": "perceptron",
    "ResidualCNN": "residual_cnn",
    "ResidualMLP": "residual",
    "TabM": "tabm",
    "build": "builder",
    "build_image_network": "image_builder",
    "first_image_network": "image_rules_of_thumb",
    "first_network": "rules_of_thumb",
    "from_checkpoint": "weights",
    "layers": "layer_list",
    "load_weights": "weights",
    "network_from_json": "kinds",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(
            f"module 'assay.networks' has no attribute {name!r}; it has: {', '.join(__all__)}"
        )
    return getattr(import_module(f"assay.networks.{_HOMES[name]}"), name)

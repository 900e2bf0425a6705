"""From settings to a network for images."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from assay.core.errors import RecipeError
from assay.networks.backbone import Backbone
from assay.networks.cnn import CNN
from assay.networks.image_network import ImageNetwork
from assay.networks.image_settings import ImageKind, ImageNetworkSettings
from assay.networks.residual_cnn import ResidualCNN

_KINDS: dict[str, type[ImageNetwork]] = {kind.recipe_kind: kind for kind in (CNN, ResidualCNN, Backbone)}
_OF_TRAINING = {"backbone": frozenset({"views"})}  # what says how a kind is trained, not what it is made of


def settings_of_kind(kind: ImageKind) -> frozenset[str]:
    """The settings that mean something for a kind of network."""
    return _KINDS[kind].uses | _OF_TRAINING.get(kind, frozenset()) | {"kind"}


def build_image_network(
    settings: ImageNetworkSettings,
    input_shape: Sequence[int],
    num_outputs: int,
    *,
    images: Tensor | None = None,
) -> ImageNetwork:
    """The network that `settings` describe, with fresh weights from torch's global generator.

    Args:
        settings: the layers; those that the kind does not have are left aside.
        input_shape: channels, height and width of the prepared images.
        num_outputs: 1 for regression, the number of classes for classification.
        images: (N, C, H, W) float32, prepared training images, a few thousand; needed for
            `settings.whitening`.

    Raises:
        RecipeError: settings that do not go together or do not fit the images.
        DataError: a backbone's weights are missing or unusable.
        MissingPartError: a backbone was asked for, and torchvision is not installed.
    """
    kind = _KINDS[settings.kind]
    network = kind(input_shape, num_outputs, **settings.model_dump(include=set(kind.uses)))
    if isinstance(network, ResidualCNN) and settings.whitening:
        if images is None:
            raise RecipeError(
                f"network.whitening = {settings.whitening} needs the training images",
                hint="hand them to build_image_network, or set network.whitening = 0",
            )
        network.fit_whitening(images)
    return network

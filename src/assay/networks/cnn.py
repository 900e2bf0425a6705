"""Blocks of convolutions and pooling, then linear layers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from torch import Tensor, nn

from assay.networks.image_network import ImageNetwork, activation
from assay.networks.image_settings import ImageNetworkSettings
from assay.networks.layer_modules import fitted, modules

# B images of a batch, C channels, H height, W width, K outputs.


class CNN(ImageNetwork):
    """Blocks of convolutions, norm, activation and pooling; then linear layers.

    The shape calculus makes the layers, so that the numbers behind flatten need not be worked out. The
    10-20-40 network of the PyTorch course is ``CNN((3, 32, 32), 10, widths=(10, 20, 40), dense=(100,),
    dropout=0.2, norm_position="after")``. Source: LeCun et al. (1998), with batch normalisation by Ioffe and
    Szegedy (2015).

    Args:
        input_shape: channels, height and width of the images.
        num_outputs: K; 1 for regression, the number of classes for classification.
        choices: `ImageNetworkSettings` by name: widths, convs, kernel, activation, batch_norm,
            norm_position, norm_scale, norm_momentum, pool, final_pool, dense, dropout, test_time_flip.

    Raises:
        RecipeError: a size or a setting is impossible, or the images are too small for the poolings.

    Attributes:
        shapes: the layers with their sizes (`ShapeReport`).
    """

    recipe_kind = "cnn"
    uses = frozenset(
        {
            "widths", "convs", "kernel", "activation", "batch_norm", "norm_position", "norm_scale",
            "norm_momentum", "pool", "final_pool", "dense", "dropout", "test_time_flip",
        }
    )  # fmt: skip

    def __init__(self, input_shape: Sequence[int], num_outputs: int, **choices: Any) -> None:
        super().__init__(input_shape, num_outputs, choices)
        self.shapes = fitted(self.input_shape, list(_layers(self.settings, num_outputs)), self.settings)
        self.body = modules(self.shapes)
        _settle(self.body, self.settings)

    def outputs(self, x_BCHW: Tensor) -> Tensor:
        """(B, C, H, W) float32 -> (B, K) float32 values or logits."""
        y_BK: Tensor = self.body(x_BCHW)
        return y_BK


def _layers(settings: ImageNetworkSettings, num_outputs: int) -> Iterator[str]:
    """The layers as `assay shapes` takes them."""
    # A norm that follows takes the mean away, and with it a bias.
    bias = " nobias" if settings.batch_norm and settings.norm_position == "before" else ""
    for filters, convs in settings.blocks:
        for _ in range(convs):
            yield f"conv {filters} k{settings.kernel} p{settings.kernel // 2}{bias}"
            yield from _normed(settings)
        yield "pool 2" if settings.pool == "max" else "avgpool 2"
    if settings.final_pool in {"average", "max"}:
        yield "globalpool" if settings.final_pool == "average" else "globalmaxpool"
    yield "flatten"
    for units in settings.dense:
        yield from _dropped(settings)
        yield f"linear {units}"
        yield from _normed(settings)
    yield from _dropped(settings)
    yield f"linear {num_outputs}"


def _normed(settings: ImageNetworkSettings) -> Iterator[str]:
    activation = settings.activation.removesuffix("_tanh")
    names = ["batchnorm", activation] if settings.batch_norm else [activation]
    yield from names if settings.norm_position == "before" else reversed(names)


def _dropped(settings: ImageNetworkSettings) -> Iterator[str]:
    if settings.dropout:
        yield f"dropout {settings.dropout:f}".rstrip("0")


def _settle(body: nn.Sequential, settings: ImageNetworkSettings) -> None:
    """What the words of the calculus don't say: how norms learn, and which formula gelu takes."""
    for index, module in enumerate(body):
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            module.momentum = settings.norm_momentum
            module.weight.requires_grad_(settings.norm_scale)
        elif isinstance(module, nn.GELU):
            body[index] = activation(settings)

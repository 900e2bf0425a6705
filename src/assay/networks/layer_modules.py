"""From the layers of the shape calculus to torch's modules."""

from __future__ import annotations

from torch import nn

from assay.core.errors import RecipeError
from assay.networks.dropout import Dropout
from assay.networks.image_network import ACTIVATIONS
from assay.networks.image_settings import ImageNetworkSettings
from assay.networks.shapes import Shape, ShapeReport, Volume, read_layer, shapes
from assay.networks.shapes.layers import (
    BatchNorm,
    Conv,
    Flatten,
    GlobalPool,
    Layer,
    Linear,
    Pointwise,
    Pool,
    Windows,
)


def modules(report: ShapeReport) -> nn.Sequential:
    """The layers of a report with fresh weights; takes (B, channels, height, width), or (B, numbers).

    Args:
        report: from `assay.shapes`; its sizes fit, so that every width is known.
    """
    found = nn.Sequential()
    shape = report.input
    for row in report.layers:
        found.append(_module(read_layer(row.layer), shape))
        shape = row.output
    return found


def fitted(
    input_shape: tuple[int, int, int], layers: list[str], settings: ImageNetworkSettings
) -> ShapeReport:
    """The sizes of a network made from settings; a misfit is told in the words of the recipe.

    Args:
        input_shape: channels, height, width.
        layers: as `assay.shapes` takes them.
        settings: what the layers were made from.

    Raises:
        RecipeError: the images are too small for the poolings.
    """
    channels, height, width = input_shape
    try:
        return shapes((height, width, channels), layers)
    except RecipeError as error:
        raise RecipeError(
            f"network.widths = {list(settings.widths)} and images of {height}x{width}: {error.message}",
            hint="each block halves the image: take fewer widths, or larger images (images.size)",
        ) from error


def _module(layer: Layer, shape: Shape) -> nn.Module:
    depth = shape.channels if isinstance(shape, Volume) else shape.count
    if isinstance(layer, Conv):
        return _conv(layer, depth)
    if isinstance(layer, Pool):
        return _pool(layer)
    if isinstance(layer, Linear):
        return nn.Linear(depth, layer.units, bias=layer.bias)
    return _plain(layer, shape, depth)


def _plain(layer: Layer, shape: Shape, depth: int) -> nn.Module:
    """A layer without numbers of its own beside the depth."""
    if isinstance(layer, BatchNorm):
        return nn.BatchNorm2d(depth) if isinstance(shape, Volume) else nn.BatchNorm1d(depth)
    if isinstance(layer, GlobalPool):
        assert isinstance(shape, Volume)
        # As in `pooling.final_pooling`: a window of the whole map.
        return nn.AdaptiveAvgPool2d(1) if layer.average else nn.MaxPool2d((shape.height, shape.width))
    if isinstance(layer, Flatten):
        return nn.Flatten()
    assert isinstance(layer, Pointwise)
    return Dropout(layer.share) if layer.name == "dropout" else ACTIVATIONS[layer.name]()


def _conv(layer: Conv, channels: int) -> nn.Conv2d:
    height, width = layer.windows
    return nn.Conv2d(
        channels,
        layer.filters,
        (height.kernel, width.kernel),
        stride=(height.stride, width.stride),
        padding="same" if height.same else (height.padding, width.padding),
        dilation=(height.dilation, width.dilation),
        groups=layer.groups,
        bias=layer.bias,
    )


def _pool(layer: Pool) -> nn.Module:
    sizes = _pair(layer.windows, "kernel"), _pair(layer.windows, "stride"), _pair(layer.windows, "padding")
    if layer.average:
        return nn.AvgPool2d(*sizes)
    return nn.MaxPool2d(*sizes, dilation=_pair(layer.windows, "dilation"))


def _pair(windows: Windows, what: str) -> tuple[int, int]:
    height, width = windows
    return getattr(height, what), getattr(width, what)

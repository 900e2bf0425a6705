"""A residual network in the manner of the CIFAR-10 speed records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from assay.core.errors import RecipeError
from assay.networks.dropout import Dropout
from assay.networks.image_network import ImageNetwork, activation
from assay.networks.image_settings import ImageNetworkSettings
from assay.networks.layer_modules import fitted
from assay.networks.pooling import HalvingMaxPool, final_pooling
from assay.networks.shapes import Volume
from assay.networks.whitening import Whitening

# B images of a batch, C channels, H height, W width, K outputs.


class ResidualCNN(ImageNetwork):
    """Blocks that halve the image, and add to what they got after that.

    Each block is convolution, pooling, norm, activation, and then pairs of convolutions whose outcome is
    added to what goes in (He et al., 2016); `skip` = False leaves the sum out. Pooling comes before the norm,
    which then has a quarter of the numbers to go through.
    Sources: Page (2018), "How to train your ResNet"; Jordan (2024), "94% on CIFAR-10 in 3.29 seconds on a
    single GPU", from whom are the whitening layer, the start at the identity and the scaled outputs.

    Args:
        input_shape: channels, height and width of the images.
        num_outputs: K; 1 for regression, the number of classes for classification.
        choices: `ImageNetworkSettings` by name: widths, convs, kernel, activation, batch_norm, norm_scale,
            norm_momentum, pool, final_pool, dropout, skip, stem, stem_stride, whitening, whitening_filters,
            identity_start, logit_scale, test_time_flip.

    Raises:
        RecipeError: a size or a setting is impossible, or the images are too small for the poolings.

    Attributes:
        shapes: the layers that change the size, without the residuals (`ShapeReport`).
    """

    recipe_kind = "resnet"
    uses = frozenset(
        {
            "widths", "convs", "kernel", "activation", "batch_norm", "norm_scale", "norm_momentum", "pool",
            "final_pool", "dropout", "skip", "stem", "stem_stride", "whitening", "whitening_filters",
            "identity_start", "logit_scale", "test_time_flip",
        }
    )  # fmt: skip

    def __init__(self, input_shape: Sequence[int], num_outputs: int, **choices: Any) -> None:
        super().__init__(input_shape, num_outputs, choices)
        settings = self.settings
        self.stem, width = _stem(self.input_shape[0], settings)
        self.blocks = nn.Sequential()
        for filters, convs in settings.blocks:
            self.blocks.append(_block(width, filters, convs, settings))
            width = filters
        self.logit_scale = settings.logit_scale
        self.shapes = fitted(self.input_shape, list(_path(settings, self.input_shape[0])), settings)
        last = self.shapes.output
        assert isinstance(last, Volume)
        how = settings.final_pool or "max"
        self.final_pool = final_pooling(how, last.height, last.width)
        self.dropout = Dropout(settings.dropout) if settings.dropout else nn.Identity()
        self.output = nn.Linear(last.count if how == "none" else width, num_outputs)
        self._start()

    @torch.no_grad()
    def _start(self) -> None:
        if self.settings.identity_start:
            for module in self.modules():
                if isinstance(module, nn.Conv2d) and not isinstance(module, Whitening):
                    nn.init.dirac_(module.weight[: module.in_channels])
        if self.settings.logit_scale != 1:
            self.output.weight.div_(self.output.weight.std())  # scaled outputs start from larger weights

    def outputs(self, x_BCHW: Tensor) -> Tensor:
        """(B, C, H, W) float32 -> (B, K) float32 values or logits."""
        x_BCHW = self.blocks(self.stem(x_BCHW))
        y_BK: Tensor = self.output(self.dropout(self.final_pool(x_BCHW)))
        return y_BK * self.logit_scale

    def fit_whitening(self, images_BCHW: Tensor) -> None:
        """Take the first layer's filters from prepared training images, (B, C, H, W) float32.

        Raises:
            RecipeError: the network has no such layer.
        """
        if not self.settings.whitening:
            raise RecipeError("the network has no whitening layer", hint="set network.whitening = 2")
        layer = self.stem[0]
        assert isinstance(layer, Whitening)
        layer.fit(images_BCHW)


def _stem(channels: int, settings: ImageNetworkSettings) -> tuple[nn.Sequential, int]:
    """What comes before the blocks, and how many channels it gives."""
    if settings.whitening and settings.stem:
        raise RecipeError(
            f"network.stem = {settings.stem} and network.whitening = {settings.whitening}: only one is first",
            hint="leave network.stem out",
        )
    if settings.whitening:
        layer = Whitening(channels, settings.whitening, settings.whitening_filters, settings.stem_stride)
        return nn.Sequential(layer, activation(settings)), layer.out_channels
    if settings.stem:
        conv = _conv(channels, settings.stem, settings, stride=settings.stem_stride)
        return nn.Sequential(conv, *_normed(settings.stem, settings)), settings.stem
    return nn.Sequential(nn.Identity()), channels


class _Residual(nn.Module):
    """x + change(x), or change(x) where the settings leave the skip out."""

    def __init__(self, width: int, convs: int, settings: ImageNetworkSettings) -> None:
        super().__init__()
        self.skip = settings.skip
        self.change = nn.Sequential()
        for _ in range(convs):
            self.change.append(_conv(width, width, settings)).extend(_normed(width, settings))

    def forward(self, x_BCHW: Tensor) -> Tensor:
        """(B, C, H, W) -> (B, C, H, W)."""
        y_BCHW: Tensor = self.change(x_BCHW)
        return x_BCHW + y_BCHW if self.skip else y_BCHW


def _block(channels: int, filters: int, convs: int, settings: ImageNetworkSettings) -> nn.Sequential:
    pool = HalvingMaxPool() if settings.pool == "max" else nn.AvgPool2d(2)
    block = nn.Sequential(_conv(channels, filters, settings), pool, *_normed(filters, settings))
    for start in range(1, convs, 2):
        block.append(_Residual(filters, min(2, convs - start), settings))
    return block


def _conv(channels: int, filters: int, settings: ImageNetworkSettings, stride: int = 1) -> nn.Conv2d:
    return nn.Conv2d(
        channels,
        filters,
        settings.kernel,
        stride=stride,
        padding=settings.kernel // 2,
        bias=not settings.batch_norm,
    )


def _normed(width: int, settings: ImageNetworkSettings) -> list[nn.Module]:
    if not settings.batch_norm:
        return [activation(settings)]
    norm = nn.BatchNorm2d(width, momentum=settings.norm_momentum)
    norm.weight.requires_grad_(settings.norm_scale)
    return [norm, activation(settings)]


def _path(settings: ImageNetworkSettings, channels: int) -> Iterator[str]:
    """The layers that change the size, as `assay shapes` takes them."""
    kernel = f"k{settings.kernel} p{settings.kernel // 2}"
    if settings.whitening:
        filters = settings.whitening_filters or 2 * channels * settings.whitening**2
        yield f"conv {filters} k{settings.whitening} s{settings.stem_stride}"
    elif settings.stem:
        yield f"conv {settings.stem} {kernel} s{settings.stem_stride}"
    for filters, _ in settings.blocks:
        yield f"conv {filters} {kernel}"
        yield "pool 2" if settings.pool == "max" else "avgpool 2"

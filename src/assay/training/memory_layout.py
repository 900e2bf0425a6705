"""In which order the numbers of an image lie in memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from assay.training.forward import MISFIT
from assay.training.image_source import ImageSource
from assay.training.sources import Source
from assay.training.view_source import ViewSource


def is_image_training(network: nn.Module, rows: Source) -> bool:
    """Whether the rows are images, or maps of them, and the network convolves them."""
    return isinstance(rows, ImageSource | ViewSource) and any(
        isinstance(part, nn.Conv2d) for part in network.modules()
    )


def takes_channels_last(network: nn.Module, images_BCHW: Tensor) -> bool:
    """Whether the network computes with such images: one that calls `view` on a map of them does not."""
    was_training = network.training
    try:
        with torch.no_grad():
            network.eval()(images_BCHW.contiguous(memory_format=torch.channels_last))
    except MISFIT:
        return False
    finally:
        network.train(was_training)
    return True


@contextmanager
def channels_last(network: nn.Module, wanted: bool | None) -> Iterator[None]:
    """The filters with their channels side by side, which convolutions take their inputs in too.

    Afterwards they lie as `torch.save` and safetensors expect it.
    """
    if not wanted:
        yield
        return
    try:
        _lay(network, torch.channels_last)
        yield
    finally:
        _lay(network, torch.contiguous_format)


def _lay(network: nn.Module, layout: torch.memory_format) -> None:
    for weight in network.parameters():
        if weight.dim() == 4:
            weight.data = weight.data.contiguous(memory_format=layout)

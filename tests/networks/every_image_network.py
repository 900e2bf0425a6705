"""Image networks of every kind, with settings that reach each of their parts."""

import torch
from torch import Tensor

from assay.networks import ImageNetwork, ImageNetworkSettings, build_image_network

SHAPE = (3, 32, 32)
CHOICES = {
    "course": {
        "kind": "cnn",
        "widths": (10, 20, 40),
        "dense": (100,),
        "dropout": 0.2,
        "norm_position": "after",
    },
    "plain cnn": {"kind": "cnn", "widths": (8, 12), "convs": (2, 1), "batch_norm": False, "pool": "average"},
    "pooled cnn": {
        "kind": "cnn",
        "widths": (8,),
        "kernel": 5,
        "activation": "gelu_tanh",
        "final_pool": "max",
        "test_time_flip": True,
    },
    "speed record": {  # Jordan (2024), narrower
        "kind": "resnet",
        "widths": (16, 24, 24),
        "convs": (2,),
        "skip": False,
        "activation": "gelu",
        "norm_scale": False,
        "norm_momentum": 0.4,
        "whitening": 2,
        "identity_start": True,
        "logit_scale": 1 / 9,
        "test_time_flip": True,
    },
    "residual": {"kind": "resnet", "widths": (8, 16), "convs": (4, 3), "stem": 8, "stem_stride": 2},
    "plain residual": {
        "kind": "resnet",
        "widths": (8,),
        "convs": (3,),
        "batch_norm": False,
        "pool": "average",
        "final_pool": "none",
        "dropout": 0.3,
    },
    "frozen squeezenet": {"kind": "backbone", "weights": "random", "dropout": 0.1},
    "free resnet18": {"kind": "backbone", "backbone": "resnet18", "weights": "random", "frozen": False},
}


def images(num_rows: int = 8, shape: tuple[int, int, int] = SHAPE) -> Tensor:
    """(N, C, H, W) float32, of mean 0 and variance 1."""
    return torch.randn(num_rows, *shape, generator=torch.Generator().manual_seed(3))


def made(num_outputs: int = 5, **choices) -> ImageNetwork:
    """A network for these images, the same at each call."""
    torch.manual_seed(7)
    return build_image_network(ImageNetworkSettings(**choices), SHAPE, num_outputs, images=images(64))

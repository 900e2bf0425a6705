"""What Assay trains on CIFAR-10: network, augmentation and settings, chosen on the validation images."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import nn

from assay.core.seeds import child_seed
from assay.data.images.augmentation import Augmentation, AugmentationSettings
from assay.data.images.preparation import ImagePreparation
from assay.data.table import Table
from assay.data.target import Target
from assay.networks import ResidualCNN
from assay.networks.shapes import shapes
from assay.training.image_source import ImageRows
from cifar.course_loop import CourseNetwork

_SHAPE, _NUM_CLASSES = (3, 32, 32), 10
_COURSE_LAYERS = (
    "conv 10 k3 p1", "pool 2", "conv 20 k3 p1", "pool 2", "conv 40 k3 p1", "pool 2", "flatten", "linear 100",
    "linear 10",
)  # fmt: skip


@dataclass
class Side:
    """A network and how it is trained.

    Attributes:
        build: makes the network from prepared training images.
        augmentation: of the training images.
        settings: of `assay.fit`.
        multiply_adds: of one image forward.
        network: once the training images were seen.
    """

    build: Callable[[torch.Tensor], nn.Module]
    augmentation: AugmentationSettings
    settings: Mapping[str, Any]
    multiply_adds: int
    network: nn.Module = field(init=False)
    _preparation: ImagePreparation = field(init=False)
    _target: Target = field(init=False)

    def rows(self, table: Table, part: str) -> ImageRows:
        """A part as `assay.fit` takes it; the training part comes first, and everything is fitted to it."""
        if part == "train":
            self._preparation = ImagePreparation.fit(table)
            self._target = Target.of(table, range(len(table)))
            self.network = self.build(self._preparation.prepare(table.take(range(5_000))))
        augment = Augmentation(self.augmentation) if part == "train" else None
        targets = self._target.encode(table.frame[self._target.name])
        assert table.images is not None
        return ImageRows(table.images, targets, self._preparation, augment)


def with_course_network(seed: int) -> Side:
    """The course's own network, trained by Muon on a one-cycle schedule, with mirror images."""

    def build(_: torch.Tensor) -> nn.Module:
        torch.manual_seed(child_seed(seed, "weights"))
        return CourseNetwork()

    return Side(
        build,
        AugmentationSettings(flip=0.5),
        {
            "loss": "nll",
            "optimizer": "muon",
            "learning_rate": 0.02,
            "weight_decay": 0.01,
            "schedule": "onecycle",
            "warmup": 0.2,
            "batch_size": 250,
            "epochs": 20,
            "patience": 0,
            "validate_every": 5,
            "precision": "bf16",
            "compile": True,
        },
        shapes("32x32x3", _COURSE_LAYERS).multiply_adds,
    )


def strong(seed: int) -> Side:
    """Whitening, three blocks of two convolutions, GELU; trained by Muon, tested with mirror images."""

    def build(images: torch.Tensor) -> nn.Module:
        torch.manual_seed(child_seed(seed, "weights"))
        network = ResidualCNN(
            _SHAPE, _NUM_CLASSES, widths=(64, 256, 256), convs=(2,), skip=False, activation="gelu",
            norm_scale=False, norm_momentum=0.4, whitening=2, identity_start=True, logit_scale=1 / 64,
            test_time_flip=True,
        )  # fmt: skip
        network.fit_whitening(images)
        return network

    probe = build(torch.randn(100, *_SHAPE))
    return Side(
        build,
        AugmentationSettings(alternate=True, crop=2),
        {
            "optimizer": "muon",
            "learning_rate": 0.18,
            "rest_rate": 0.08,
            "momentum": 0.6,
            "keep_norm": True,
            "label_smoothing": 0.2,
            "schedule": "triangle",
            "warmup": 0.01,
            "batch_size": 500,
            "epochs": 15,
            "patience": 0,
            "validate_every": 5,
            "precision": "bf16",
            "compile": True,
        },
        probe.shapes.multiply_adds,
    )

"""The choices that make a network for images."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from assay.core.settings import Settings, setting

ImageKind = Literal["cnn", "resnet", "backbone"]
ImageActivation = Literal["relu", "gelu", "gelu_tanh", "silu", "tanh", "sigmoid"]
BackboneName = Literal[
    "squeezenet1_1",
    "resnet18",
    "resnet34",
    "resnet50",
    "mobilenet_v3_small",
    "mobilenet_v3_large",
    "efficientnet_b0",
    "convnext_tiny",
]
_Width = Annotated[int, Field(ge=1, le=65_536)]


class ImageNetworkSettings(Settings):
    """Layers of a network for images; which of them a kind has, its class says."""

    kind: ImageKind = setting(
        "cnn",
        "cnn (blocks of convolution and pooling), resnet (blocks that add to what they get) or backbone (a "
        "network of torchvision that has seen ImageNet)",
        "the simplest, and the quickest to train",
    )
    widths: tuple[_Width, ...] = setting(
        (32, 64, 128),
        "filters of each block; after each block the image has half its height and width",
        "few where the image is large, more where it is small: each block costs about the same",
        min_length=1,
    )
    convs: tuple[Annotated[int, Field(ge=1, le=100)], ...] = setting(
        (1,),
        "convolutions of each block, or one number for all; resnet: those after the first add to what they "
        "get, two by two",
        "one is the quickest; two fit more",
        min_length=1,
    )
    kernel: int = setting(3, "side of the filters, odd", "two of 3 see as much as one of 5, for less", ge=1)
    activation: ImageActivation = setting(
        "relu",
        "relu, gelu, gelu_tanh (gelu by a quicker formula), silu, tanh or sigmoid",
        "cheap, and its gradient does not fade in deep networks",
    )
    batch_norm: bool = setting(
        True, "normalise each channel over the batch", "training takes larger steps and needs fewer of them"
    )
    norm_position: Literal["before", "after"] = setting(
        "before", "normalise before or after the activation (cnn)", "as its authors placed it"
    )
    norm_scale: bool = setting(
        True, "whether batch norm learns a scale beside its shift", "the default of the field"
    )
    norm_momentum: float = setting(
        0.1, "weight of a new batch in the running mean and variance", "torch's own", gt=0, le=1
    )
    pool: Literal["max", "average"] = setting(
        "max", "what is kept of each 2 x 2 pixels", "keeps whether something was seen, wherever it was"
    )
    final_pool: Literal["none", "average", "max"] | None = setting(
        None,
        "what the last block's maps become: none (every number goes on), average or max of each channel; "
        "absent: none for cnn, max for resnet, average for backbone",
    )
    dense: tuple[_Width, ...] = setting((), "widths of linear layers before the last one (cnn)")
    dropout: float = setting(
        0.0, "share of numbers left out before each linear layer", "delays over-fitting", ge=0, lt=1
    )
    skip: bool = setting(
        True, "add what a pair of convolutions got to what it gives (resnet)", "deep networks fit sooner"
    )
    stem: int = setting(
        0, "filters of a convolution before the blocks (resnet); 0: none", "the first block has one", ge=0
    )
    stem_stride: int = setting(
        1, "pixels that the stem or the whitening layer moves on (resnet)", "2 or 4 for large images", ge=1
    )
    whitening: int = setting(
        0,
        "side of the patches that a fixed first layer makes uncorrelated (resnet); 0: no such layer",
        "needs the training images when the network is built",
        ge=0,
        le=7,
    )
    whitening_filters: int | None = setting(
        None, "filters of that layer, an even number; absent: two for each number of a patch", ge=2
    )
    identity_start: bool = setting(
        False, "let convolutions start by handing on what they get (resnet)", "torch's own random start"
    )
    logit_scale: float = setting(
        1.0,
        "what the outputs are multiplied by (resnet)",
        "below 1 lets the last layer take larger steps",
        gt=0,
    )
    test_time_flip: bool = setting(
        False,
        "predict the mean of an image and its mirror image",
        "takes twice the time; wrong where left and right differ, as for letters",
    )
    backbone: BackboneName = setting(
        "squeezenet1_1", "which network of torchvision (backbone)", "5 MB, and quick on a CPU"
    )
    weights: str | None = setting(
        None,
        "its weights: a file in torchvision's form, or random; absent: torchvision's own, from its cache "
        "(nothing is fetched)",
    )
    frozen: bool = setting(
        True, "train the last layer only (backbone)", "few images can't improve millions of weights"
    )
    tapped: int = setting(
        4,
        "how many of the body's last stages the last layer sees, the mean of each channel (backbone)",
        "the very last one is the most particular to ImageNet; on flowers the four gave 2 points more",
        ge=1,
        le=4,
    )
    tuned: int | None = setting(
        None,
        "how many of the body's last stages learn where it is not frozen; absent: all of them (backbone)",
        ge=1,
    )
    views: int = setting(
        2,
        "while the body is frozen, looks at each training image that are kept: as it is, mirrored, then "
        "augmented; 0: a new look in each epoch (backbone)",
        "the body takes all the time; once it has looked, the last layer is trained in seconds",
        ge=0,
        le=64,
    )

    @model_validator(mode="after")
    def _go_together(self) -> ImageNetworkSettings:
        if self.kernel % 2 == 0:
            raise ValueError(f"kernel = {self.kernel}: an odd side is needed, which has a middle")
        if len(self.convs) not in {1, len(self.widths)}:
            raise ValueError(
                f"convs has {len(self.convs)} numbers and widths {len(self.widths)}: one for each, or one"
            )
        if self.whitening_filters is not None and self.whitening_filters % 2:
            raise ValueError(f"whitening_filters = {self.whitening_filters}: an even number is needed")
        if self.norm_position == "after" and self.kind == "resnet":
            raise ValueError("norm_position = 'after' is for cnn; a resnet normalises before the activation")
        return self

    @property
    def blocks(self) -> list[tuple[int, int]]:
        """Filters and convolutions of each block."""
        convs = self.convs * len(self.widths) if len(self.convs) == 1 else self.convs
        return list(zip(self.widths, convs, strict=True))

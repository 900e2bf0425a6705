"""A network of torchvision that has seen ImageNet, with a last layer of our own."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any, Self

import torch
from torch import Tensor, nn

from assay.core.errors import BundleError, DataError, RecipeError
from assay.networks.backbone_files import read_weights, torchvision_models
from assay.networks.backbone_head import BackboneHead
from assay.networks.image_network import ImageNetwork
from assay.networks.image_settings import ImageNetworkSettings
from assay.networks.pooling import final_pooling
from assay.networks.stages import Stages

# B images of a batch, C channels, H height, W width, F features, K outputs.


class Backbone(ImageNetwork):
    """Features of a network trained on ImageNet (Deng et al., 2009), and a linear layer for the classes.

    Transfer learning: `frozen` trains the linear layer only, and `unfreeze` lets the body follow, or its last
    `tuned` stages. What does not learn stays in evaluation mode, so that its batch norms keep the statistics
    of ImageNet. The linear layer sees the mean of each channel of the last `tapped` stages side by side.
    Weights come from a file or from torchvision's cache, read as tensors alone; nothing is fetched. Images
    are to be normalised with the mean and deviation of ImageNet; grey ones are taken three times.

    Args:
        input_shape: channels (1 or 3), height and width of the images.
        num_outputs: K; 1 for regression, the number of classes for classification.
        choices: `ImageNetworkSettings` by name: backbone, weights, frozen, tapped, tuned, final_pool,
            dropout, test_time_flip.

    Raises:
        RecipeError: a size or a setting is impossible, or the images are too small.
        DataError: the weights are missing, of another network, or not only tensors.
        MissingPartError: torchvision is not installed.
    """

    recipe_kind = "backbone"
    uses = frozenset(
        {"backbone", "weights", "frozen", "tapped", "tuned", "final_pool", "dropout", "test_time_flip"}
    )

    def __init__(self, input_shape: Sequence[int], num_outputs: int, **choices: Any) -> None:
        super().__init__(input_shape, num_outputs, choices)
        settings = self.settings
        *before, (channels, height, width) = _map_shapes(settings, self.input_shape)
        how = settings.final_pool or "average"
        self.final_pool = final_pooling(how, height, width)
        last = channels * height * width if how == "none" else channels
        self.num_features = last + sum(shape[0] for shape in before)
        self.body = _body(settings)
        self.norm: nn.Module = nn.Identity()
        if settings.backbone.startswith("convnext"):  # its last norm works on the pooled maps
            self.norm = nn.LayerNorm(channels, eps=1e-6)
            if how == "none":
                raise RecipeError(
                    f"{settings.backbone} takes network.final_pool = 'average' or 'max', not 'none'"
                )
        self.is_grey = self.input_shape[0] == 1
        self.last = BackboneHead(self.num_features, num_outputs, settings.dropout)
        if settings.weights != "random":
            self._load(read_weights(settings.backbone, settings.weights))
        self._freeze()

    def outputs(self, x_BCHW: Tensor) -> Tensor:
        """(B, C, H, W) float32 -> (B, K) float32 values or logits."""
        y_BK: Tensor = self.last(self.features(x_BCHW))
        return y_BK

    def features(self, x_BCHW: Tensor) -> Tensor:
        """(B, C, H, W) float32 -> (B, F): what the body sees; while it is frozen, the same in each epoch."""
        if self.is_grey:
            x_BCHW = x_BCHW.expand(-1, 3, -1, -1)
        maps = self.body(x_BCHW)
        pooled = [part.mean((2, 3)) for part in maps[:-1]]
        pooled.append(self.norm(self.final_pool(maps[-1])))
        return torch.cat(pooled, 1)

    def divided(self) -> tuple[nn.Module, nn.Module]:
        """Two halves that share the weights: one that stays as it is, and one that learns from its maps.

        The second one is the last layer where the body is frozen, and else its last `tuned` stages with it
        (and whichever stages the last layer sees). Where everything learns, the first one does nothing.
        """
        if self.settings.frozen:
            return _Features(self), self.last
        stages, tuned = _stages(self.body), self.settings.tuned
        if tuned is None:
            return nn.Identity(), self
        before, after = stages.divided(max(tuned, self.settings.tapped))
        return _Before(before, self.is_grey), BackboneTail(after, self)

    def unfreeze(self) -> None:
        """Let all weights learn; the body follows the network's mode of training and evaluation again."""
        self.settings = self.settings.model_copy(update={"frozen": False})
        self._freeze()
        self.train(self.training)

    def train(self, mode: bool = True) -> Self:
        """Set the mode; what does not learn stays in evaluation."""
        super().train(mode)
        self.set_mode(mode)
        return self

    def to_json(self) -> dict[str, Any]:
        """Everything but the weights, and where they came from."""
        return {name: value for name, value in super().to_json().items() if name != "weights"}

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        """The network of `to_json`, with random weights: no file of torchvision's is needed.

        Raises:
            BundleError: the values describe no network.
        """
        if "weights" in plain:
            raise BundleError("the stored network names a file of weights, which no bundle does")
        return super().from_json({**plain, "weights": "random"})

    def set_mode(self, mode: bool) -> None:
        """Training or evaluation for what learns; the rest of the body stays in evaluation."""
        self.body.eval()
        for part in self._learning():
            part.train(mode)

    def _learning(self) -> list[nn.Module]:
        """The parts of the body that learn."""
        return [] if self.settings.frozen else [*_stages(self.body).last(self.settings.tuned), self.norm]

    def _freeze(self) -> None:
        self.body.requires_grad_(False)
        self.norm.requires_grad_(False)
        for part in self._learning():
            part.requires_grad_(True)
        self.train(self.training)

    def _load(self, stored: dict[str, Tensor]) -> None:
        """Put torchvision's tensors into the body; its last layer, for ImageNet's classes, is left out."""
        _put(self.body, stored, self.settings.backbone)
        if not isinstance(self.norm, nn.Identity):
            _put(self.norm, _under("classifier.0.", stored), self.settings.backbone)


class BackboneTail(nn.Module):
    """The end of a backbone: maps of the stage before to (B, K) values or logits. Its weights are shared.

    Args:
        stages: the last ones.
        network: whose end it is.
    """

    def __init__(self, stages: Stages, network: Backbone) -> None:
        super().__init__()
        self.stages, self.norm = stages, network.norm
        self.final_pool, self.last = network.final_pool, network.last
        self._set_mode = network.set_mode  # a bound method is no part of the module

    def forward(self, maps_BCHW: Tensor) -> Tensor:
        """(B, C, H, W) -> (B, K)."""
        y_BK: Tensor = self.last(self.features(maps_BCHW))
        return y_BK

    def features(self, maps_BCHW: Tensor) -> Tensor:
        """(B, C, H, W) -> (B, F), as the whole body makes them."""
        maps = self.stages(maps_BCHW)
        pooled = [part.mean((2, 3)) for part in maps[:-1]]
        return torch.cat([*pooled, self.norm(self.final_pool(maps[-1]))], 1)

    def train(self, mode: bool = True) -> Self:
        """Set the mode; what does not learn stays in evaluation."""
        super().train(mode)
        self._set_mode(mode)
        return self


class _Features(nn.Module):
    """The whole body as a module of its own."""

    def __init__(self, network: Backbone) -> None:
        super().__init__()
        self.network = network

    def forward(self, x_BCHW: Tensor) -> Tensor:
        return self.network.features(x_BCHW)


class _Before(nn.Module):
    """The stages before those that learn."""

    def __init__(self, stages: nn.Sequential, is_grey: bool) -> None:
        super().__init__()
        self.stages, self.is_grey = stages, is_grey

    def forward(self, x_BCHW: Tensor) -> Tensor:
        y_BCHW: Tensor = self.stages(x_BCHW.expand(-1, 3, -1, -1) if self.is_grey else x_BCHW)
        return y_BCHW


def _put(part: nn.Module, stored: Mapping[str, Tensor], name: str) -> None:
    for key, value in part.state_dict().items():
        if key.endswith("num_batches_tracked"):  # older files have none
            continue
        if key not in stored or stored[key].shape != value.shape:
            what = "has another size" if key in stored else "is missing"
            raise DataError(
                f"network.weights: these are not {name}'s: {key} {what}",
                hint=f"network.backbone has to name the network that the weights are of; it is {name}",
            )
    part.load_state_dict({key: stored[key] for key in part.state_dict() if key in stored}, strict=False)


def _under(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {key.removeprefix(prefix): value for key, value in tensors.items() if key.startswith(prefix)}


def _body(settings: ImageNetworkSettings) -> nn.Sequential:
    """torchvision's network up to its last maps, its tensors named as torchvision names them."""
    name = settings.backbone
    model = torchvision_models().get_model(name, weights=None)
    if name.startswith("resnet"):
        layers = {key: layer for key, layer in model.named_children() if key not in {"avgpool", "fc"}}
        return Stages(layers, settings.tapped)
    stages = Stages(dict(model.features.named_children()), settings.tapped)
    return nn.Sequential(OrderedDict(features=stages))


def _stages(body: nn.Sequential) -> Stages:
    stages = body if isinstance(body, Stages) else body[0]
    assert isinstance(stages, Stages)  # _body has made it
    return stages


def _map_shapes(settings: ImageNetworkSettings, input_shape: tuple[int, int, int]) -> list[torch.Size]:
    """Channels, height and width of the tapped stages' maps, found without computing a number."""
    channels, height, width = input_shape
    if channels not in {1, 3}:
        raise RecipeError(
            f"{settings.backbone} takes grey or colour images, and these have {channels} channels",
            hint="set images.channels = 3",
        )
    with torch.random.fork_rng(devices=[]), torch.device("meta"), torch.no_grad():
        try:
            maps = _body(settings).eval()(torch.empty(1, 3, height, width))
        except RuntimeError as error:
            raise RecipeError(
                f"images of {height}x{width} are too small for {settings.backbone}",
                hint="set images.size = 64 or more",
            ) from error
    return [part.shape[1:] for part in maps]

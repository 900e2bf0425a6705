"""What all networks for images have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

from torch import Tensor, nn

from assay.core.errors import BundleError, RecipeError, did_you_mean
from assay.networks.image_settings import ImageNetworkSettings

# B images of a batch, C channels, H height, W width, K outputs.

ACTIVATIONS: dict[str, type[nn.Module]] = {
    "relu": nn.ReLU,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
}


class ImageNetwork(nn.Module, ABC):
    """A network for prepared images: (B, C, H, W) float32 -> (B, K) values or logits.

    Args:
        input_shape: channels, height and width of the images.
        num_outputs: K; 1 for regression, the number of classes for classification.
        choices: settings by name, of those in `uses`.

    Raises:
        RecipeError: a size or a setting is impossible; all mistakes in settings are named together.

    Attributes:
        kind: names the class in a bundle.
        settings: the choices; those that this kind does not have stand at their defaults.
        recipe_kind: names the class in a recipe.
        uses: the settings that this kind has.
    """

    recipe_kind: ClassVar[str]
    uses: ClassVar[frozenset[str]]

    def __init__(self, input_shape: Sequence[int], num_outputs: int, choices: Mapping[str, Any]) -> None:
        super().__init__()
        self.input_shape = _checked_shape(input_shape)
        if not isinstance(num_outputs, int) or num_outputs < 1:
            raise RecipeError(f"a network with {num_outputs!r} outputs was asked for; at least 1 is needed")
        self.num_outputs = num_outputs
        self.kind = type(self).__name__
        self._refuse_unknown(choices)
        self.settings = ImageNetworkSettings.checked({**choices, "kind": self.recipe_kind}, where="network")
        self.test_time_flip = self.settings.test_time_flip

    def forward(self, x_BCHW: Tensor) -> Tensor:
        """(B, C, H, W) float32 -> (B, K) values or logits.

        In evaluation mode with `test_time_flip`, the mean over each image and its mirror image.
        """
        y_BK = self.outputs(x_BCHW)
        if self.test_time_flip and not self.training:
            y_BK = (y_BK + self.outputs(x_BCHW.flip([3]))) / 2
        return y_BK

    @abstractmethod
    def outputs(self, x_BCHW: Tensor) -> Tensor:
        """(B, C, H, W) -> (B, K), each image as it is."""

    def to_json(self) -> dict[str, Any]:
        """Everything but the weights."""
        return {
            "input_shape": list(self.input_shape),
            "num_outputs": self.num_outputs,
            **self.settings.model_dump(mode="json", include=set(self.uses)),
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        """The network of `to_json`, with fresh weights; nothing is read or fetched.

        Raises:
            BundleError: the values describe no network.
        """
        try:
            return cls(**plain)
        except (TypeError, ValueError, LookupError, RecipeError) as error:
            raise BundleError(f"the stored network cannot be built: {error}") from error

    def _refuse_unknown(self, choices: Mapping[str, Any]) -> None:
        for name in choices:
            if name not in self.uses:
                raise RecipeError(
                    f"a {self.kind} has no setting {name!r}", hint=did_you_mean(str(name), sorted(self.uses))
                )


def activation(settings: ImageNetworkSettings) -> nn.Module:
    """The module of `settings.activation`."""
    if settings.activation == "gelu_tanh":
        return nn.GELU(approximate="tanh")
    return ACTIVATIONS[settings.activation]()


def _checked_shape(shape: Sequence[int]) -> tuple[int, int, int]:
    sides = tuple(shape)
    if len(sides) != 3 or not all(isinstance(side, int) and side >= 1 for side in sides):
        raise RecipeError(
            f"images of the shape {list(sides)} were asked for",
            hint="channels, height and width are expected, e.g. [3, 32, 32]",
        )
    channels, height, width = sides
    return channels, height, width

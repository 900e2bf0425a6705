"""What all networks for tables have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

from torch import nn

from assay.core.errors import BundleError, RecipeError
from assay.networks.embedding import Embeddings
from assay.networks.number_embedding import EmbeddedNumbers
from assay.networks.settings import NetworkSettings

ACTIVATIONS: dict[str, type[nn.Module]] = {
    "relu": nn.ReLU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
    "gelu": nn.GELU,
}


class Network(nn.Module):
    """A network for prepared rows: (B, P) float32 -> (B, K) values or logits.

    Args:
        num_inputs: columns of the input, P, the category numbers included.
        num_outputs: K; 1 for regression, the number of classes for classification.
        choices: the settings that this kind of network has, by name.
        cardinalities: numbers that each of the last columns takes, when it holds category numbers.
        numbers: which other columns become vectors; None: none.

    Raises:
        RecipeError: a size or a setting is impossible; all mistakes in settings are named together.

    Attributes:
        kind: names the class in a bundle.
        settings: the choices.
        embeddings: makes the input of the first layer.
        width: of that input.
    """

    def __init__(
        self,
        num_inputs: int,
        num_outputs: int,
        choices: Mapping[str, Any],
        cardinalities: Sequence[int],
        numbers: EmbeddedNumbers | None,
    ) -> None:
        super().__init__()
        self.settings = NetworkSettings.checked(dict(choices), where="network")
        self.num_inputs, self.num_outputs = num_inputs, num_outputs
        self.cardinalities, self.numbers = tuple(cardinalities), numbers
        _check_sizes(num_inputs, num_outputs, self.cardinalities)
        self.embeddings: nn.Module = nn.Identity()
        self.width = num_inputs
        if cardinalities or numbers:
            self.embeddings = Embeddings(num_inputs, self.cardinalities, self.settings.embedding, numbers)
            self.width = self.embeddings.num_outputs
        self.kind = type(self).__name__
        self._names = set(choices)

    def to_json(self) -> dict[str, Any]:
        """Everything but the weights."""
        plain = {
            "num_inputs": self.num_inputs,
            "num_outputs": self.num_outputs,
            "cardinalities": list(self.cardinalities),
            **self.settings.model_dump(mode="json", include=self._names),
        }
        return plain if self.numbers is None else {**plain, "numbers": self.numbers.to_json()}

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        """The network of `to_json`, with fresh weights.

        Raises:
            BundleError: the values describe no network.
        """
        try:
            numbers = EmbeddedNumbers.from_json(plain["numbers"]) if "numbers" in plain else None
            return cls(**{**plain, "numbers": numbers})
        except (TypeError, ValueError, LookupError, RecipeError) as error:
            raise BundleError(f"the stored network cannot be built: {error}") from error


def one_width(hidden: Sequence[int], kind: str) -> int:
    """The width of blocks that are all of one.

    Raises:
        RecipeError: they are of several, or there is none.
    """
    if len(set(hidden)) != 1:
        raise RecipeError(
            f"network.hidden = {list(hidden)}: a {kind} network needs one or more blocks of one width",
            hint="e.g. network.hidden = [128, 128]",
        )
    return hidden[0]


def _check_sizes(num_inputs: int, num_outputs: int, cardinalities: Sequence[int]) -> None:
    for name, size in [("inputs", num_inputs), ("outputs", num_outputs)]:
        if not isinstance(size, int) or size < 1:
            raise RecipeError(f"a network with {size!r} {name} was asked for; at least 1 is needed")
    if len(cardinalities) > num_inputs:
        raise RecipeError(f"{len(cardinalities)} columns of categories among {num_inputs} inputs")
    if any(cardinality < 1 for cardinality in cardinalities):
        raise RecipeError(f"cardinalities {list(cardinalities)}: each must be at least 1")

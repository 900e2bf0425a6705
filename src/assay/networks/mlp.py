"""The multi-layer perceptron."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Self

from torch import Tensor, nn

from assay.core.errors import BundleError, RecipeError
from assay.networks.dropout import Dropout
from assay.networks.embedding import Embeddings
from assay.networks.settings import NetworkSettings

# B rows of a batch, P prepared inputs, K outputs.

_ACTIVATIONS: dict[str, type[nn.Module]] = {
    "relu": nn.ReLU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
    "gelu": nn.GELU,
}


class MLP(nn.Module):
    """Linear layers with an activation between them.

    Outputs are raw: values for regression, logits (before softmax or sigmoid) for classes.
    Special cases: `hidden=()` is a single layer, which is linear or logistic regression; a single layer
    followed by a threshold is the `Perceptron`.

    Args:
        num_inputs: columns of the input, P, the category numbers included.
        num_outputs: K; 1 for regression, the number of classes for classification.
        hidden: width of each hidden layer.
        activation: relu, tanh, sigmoid or gelu.
        dropout: share of hidden units left out in a training step (Srivastava et al., 2014).
        batch_norm: normalise before each activation (Ioffe and Szegedy, 2015).
        cardinalities: numbers that each of the last columns takes, when it holds category numbers.
        embedding: length of the vectors that stand for categories; None: by their number.

    Raises:
        RecipeError: a size or a setting is impossible; all mistakes in settings are named together.
    """

    def __init__(
        self,
        num_inputs: int,
        num_outputs: int,
        hidden: Sequence[int] = (),
        *,
        activation: str = "relu",
        dropout: float = 0.0,
        batch_norm: bool = False,
        cardinalities: Sequence[int] = (),
        embedding: int | None = None,
    ) -> None:
        super().__init__()
        choices = {
            "hidden": hidden,
            "activation": activation,
            "dropout": dropout,
            "batch_norm": batch_norm,
            "embedding": embedding,
        }
        self.settings = NetworkSettings.checked(choices, where="network")
        self.cardinalities = tuple(cardinalities)
        self.num_inputs, self.num_outputs = num_inputs, num_outputs
        _check_sizes(num_inputs, num_outputs, self.cardinalities)
        self.embeddings = (
            Embeddings(num_inputs, self.cardinalities, embedding) if cardinalities else nn.Identity()
        )
        width = getattr(self.embeddings, "num_outputs", num_inputs)
        self.body = nn.Sequential(*_body(width, num_outputs, self.settings))

    def forward(self, x_BP: Tensor) -> Tensor:
        """(B, P) float32 -> (B, K) float32 values or logits."""
        y_BK: Tensor = self.body(self.embeddings(x_BP))
        return y_BK

    def to_json(self) -> dict[str, Any]:
        """Everything but the weights."""
        return {
            "num_inputs": self.num_inputs,
            "num_outputs": self.num_outputs,
            "cardinalities": list(self.cardinalities),
            **self.settings.model_dump(mode="json", exclude={"one_logit"}),
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        """The network of `to_json`, with fresh weights.

        Raises:
            BundleError: the values describe no network.
        """
        try:
            return cls(**plain)
        except (TypeError, RecipeError) as error:
            raise BundleError(f"the stored network cannot be built: {error}") from error


def _body(num_inputs: int, num_outputs: int, settings: NetworkSettings) -> Iterator[nn.Module]:
    width = num_inputs
    for next_width in settings.hidden:
        yield nn.Linear(width, next_width)
        if settings.batch_norm:
            yield nn.BatchNorm1d(next_width)
        yield _ACTIVATIONS[settings.activation]()
        if settings.dropout:
            yield Dropout(settings.dropout)
        width = next_width
    yield nn.Linear(width, num_outputs)


def _check_sizes(num_inputs: int, num_outputs: int, cardinalities: Sequence[int]) -> None:
    for name, size in [("inputs", num_inputs), ("outputs", num_outputs)]:
        if not isinstance(size, int) or size < 1:
            raise RecipeError(f"a network with {size!r} {name} was asked for; at least 1 is needed")
    if len(cardinalities) > num_inputs:
        raise RecipeError(f"{len(cardinalities)} columns of categories among {num_inputs} inputs")
    if any(cardinality < 1 for cardinality in cardinalities):
        raise RecipeError(f"cardinalities {list(cardinalities)}: each must be at least 1")

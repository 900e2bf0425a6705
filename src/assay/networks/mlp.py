"""The multi-layer perceptron."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from torch import Tensor, nn

from assay.networks.dropout import Dropout
from assay.networks.network import ACTIVATIONS, Network
from assay.networks.number_embedding import EmbeddedNumbers
from assay.networks.settings import NetworkSettings

# B rows of a batch, P prepared inputs, K outputs.


class MLP(Network):
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
        numbers: which other columns become vectors; None: none.

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
        numbers: EmbeddedNumbers | None = None,
    ) -> None:
        choices = {
            "hidden": hidden,
            "activation": activation,
            "dropout": dropout,
            "batch_norm": batch_norm,
            "embedding": embedding,
        }
        super().__init__(num_inputs, num_outputs, choices, cardinalities, numbers)
        self.body = nn.Sequential(*_body(self.width, num_outputs, self.settings))

    def forward(self, x_BP: Tensor) -> Tensor:
        """(B, P) float32 -> (B, K) float32 values or logits."""
        y_BK: Tensor = self.body(self.embeddings(x_BP))
        return y_BK


def _body(num_inputs: int, num_outputs: int, settings: NetworkSettings) -> Iterator[nn.Module]:
    width = num_inputs
    for next_width in settings.hidden:
        yield nn.Linear(width, next_width)
        if settings.batch_norm:
            yield nn.BatchNorm1d(next_width)
        yield ACTIVATIONS[settings.activation]()
        if settings.dropout:
            yield Dropout(settings.dropout)
        width = next_width
    yield nn.Linear(width, num_outputs)

"""An MLP whose blocks add to what they get."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn

from assay.networks.dropout import Dropout
from assay.networks.network import ACTIVATIONS, Network, one_width
from assay.networks.number_embedding import EmbeddedNumbers
from assay.networks.settings import NetworkSettings

# B rows of a batch, P prepared inputs, W units of a block, K outputs.


class ResidualMLP(Network):
    """Blocks that add what they find to what they get, so that a deep network is no harder to fit.

    Source: the "ResNet" of Gorishniy et al. (2021), "Revisiting Deep Learning Models for Tabular Data"; the
    idea is from He et al. (2016). Theirs normalises over the batch, which `batch_norm` gives; without it each
    row is normalised over the units of its layer (Ba et al., 2016), whatever the size of a batch.

    Args:
        num_inputs: columns of the input, P, the category numbers included.
        num_outputs: K; 1 for regression, the number of classes for classification.
        hidden: width of each block, all of them the same.
        activation: relu, tanh, sigmoid or gelu.
        dropout: share of units inside a block left out in a training step.
        batch_norm: normalise over the batch instead of over the units.
        cardinalities: numbers that each of the last columns takes, when it holds category numbers.
        embedding: length of the vectors that stand for categories; None: by their number.
        numbers: which other columns become vectors; None: none.

    Raises:
        RecipeError: a size or a setting is impossible, or the blocks are of several widths.
    """

    def __init__(
        self,
        num_inputs: int,
        num_outputs: int,
        hidden: Sequence[int],
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
        width = one_width(self.settings.hidden, "residual")
        blocks = [_Block(width, self.settings) for _ in self.settings.hidden]
        last = [_norm(width, self.settings), ACTIVATIONS[activation](), nn.Linear(width, num_outputs)]
        self.body = nn.Sequential(nn.Linear(self.width, width), *blocks, *last)

    def forward(self, x_BP: Tensor) -> Tensor:
        """(B, P) float32 -> (B, K) float32 values or logits."""
        y_BK: Tensor = self.body(self.embeddings(x_BP))
        return y_BK


class _Block(nn.Module):
    """x + linear(dropout(activation(linear(norm(x)))))."""

    def __init__(self, width: int, settings: NetworkSettings) -> None:
        super().__init__()
        self.change = nn.Sequential(
            _norm(width, settings),
            nn.Linear(width, 2 * width),
            ACTIVATIONS[settings.activation](),
            Dropout(settings.dropout),
            nn.Linear(2 * width, width),
        )

    def forward(self, x_BW: Tensor) -> Tensor:
        """(B, W) -> (B, W)."""
        y_BW: Tensor = x_BW + self.change(x_BW)
        return y_BW


def _norm(width: int, settings: NetworkSettings) -> nn.Module:
    return nn.BatchNorm1d(width) if settings.batch_norm else nn.LayerNorm(width)

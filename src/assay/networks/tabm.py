"""Many networks in one, which share most of their weights."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F  # noqa: N812  (the name that torch's own code uses)
from torch import Tensor, nn

from assay.networks.dropout import Dropout
from assay.networks.network import ACTIVATIONS, Network, one_width
from assay.networks.number_embedding import EmbeddedNumbers

# B rows of a batch, P prepared inputs, M members, K outputs.


class TabM(Network):
    """An ensemble of MLPs that share their weight matrices and differ in the scales around them.

    Each member is trained on its own loss, and the answer is their mean: for classes of the probabilities,
    for quantities of the values. Source: Gorishniy, Kotelnikov and Babenko (2025), "TabM: Advancing Tabular
    Deep Learning with Parameter-Efficient Ensembling"; the layers are those of its package tabm.

    Args:
        num_inputs: columns of the input, P, the category numbers included.
        num_outputs: K; 1 for regression, the number of classes for classification.
        hidden: width of each hidden layer, all of them the same.
        members: how many networks there are.
        activation: relu, tanh, sigmoid or gelu.
        dropout: share of hidden units left out in a training step.
        cardinalities: numbers that each of the last columns takes, when it holds category numbers.
        embedding: length of the vectors that stand for categories; None: by their number.
        numbers: which other columns become vectors; None: none.
        one_logit: whether a single output is the logit of the second of two classes, and not a value.

    Raises:
        RecipeError: a size or a setting is impossible, or the layers are of several widths.
    """

    def __init__(
        self,
        num_inputs: int,
        num_outputs: int,
        hidden: Sequence[int],
        *,
        members: int = 32,
        activation: str = "relu",
        dropout: float = 0.0,
        cardinalities: Sequence[int] = (),
        embedding: int | None = None,
        numbers: EmbeddedNumbers | None = None,
        one_logit: bool = False,
    ) -> None:
        choices = {
            "hidden": hidden,
            "members": members,
            "activation": activation,
            "dropout": dropout,
            "embedding": embedding,
            "one_logit": one_logit,
        }
        super().__init__(num_inputs, num_outputs, choices, cardinalities, numbers)
        import tabm

        widths = getattr(self.embeddings, "widths", [1] * num_inputs)
        width = one_width(self.settings.hidden, "tabm")
        self.backbone = tabm.make_tabm_backbone(
            d_in=self.width,
            n_blocks=len(self.settings.hidden),
            d_block=width,
            dropout=dropout,
            activation=ACTIVATIONS[activation].__name__,
            k=members,
            # As the package chooses: with vectors for numbers, signs alone would hardly tell members apart.
            start_scaling_init="random-signs" if numbers is None else "normal",
            start_scaling_init_chunks=widths,
        )
        for block in self.backbone.blocks:
            block[2] = Dropout(dropout) if dropout else nn.Identity()
        self.output = tabm.LinearEnsemble(width, num_outputs, k=members)
        self.members = members

    def forward(self, x_BP: Tensor) -> Tensor:
        """(B, P) float32 -> float32 (B, M, K) in training, the members' mean (B, K) in evaluation.

        Log-probabilities for two and more outputs; values, or one logit, for one.
        """
        x_BE = self.embeddings(x_BP)
        y_BMK: Tensor = self.output(self.backbone(x_BE.unsqueeze(1).expand(-1, self.members, -1)))
        if self.num_outputs > 1:
            y_BMK = F.log_softmax(y_BMK, dim=-1)
        return y_BMK if self.training else self._mean(y_BMK)

    def _mean(self, y_BMK: Tensor) -> Tensor:
        if self.num_outputs > 1:
            return torch.logsumexp(y_BMK, dim=1) - math.log(self.members)
        if self.settings.one_logit:
            yes_BK, no_BK = F.logsigmoid(y_BMK).logsumexp(dim=1), F.logsigmoid(-y_BMK).logsumexp(dim=1)
            return yes_BK - no_BK
        return y_BMK.mean(dim=1)

"""The last layer of a pretrained network, which may be trained on its own."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from assay.networks.dropout import Dropout

# N rows, B rows of a batch, F features, K outputs.

_FLAT = 1e-3  # the least deviation: a feature that hardly ever differs is not blown up


class BackboneHead(nn.Module):
    """Features brought to one scale, dropout, and a linear layer: (B, F) -> (B, K) values or logits.

    Args:
        num_features: F.
        num_outputs: K.
        dropout: share of the features that are left out in training.
    """

    def __init__(self, num_features: int, num_outputs: int, dropout: float) -> None:
        super().__init__()
        self.shift = nn.Buffer(torch.zeros(num_features))
        self.scale = nn.Buffer(torch.ones(num_features))
        self.dropout = Dropout(dropout) if dropout else nn.Identity()
        self.output = nn.Linear(num_features, num_outputs)

    def forward(self, features_BF: Tensor) -> Tensor:
        """(B, F) -> (B, K)."""
        y_BK: Tensor = self.output(self.dropout((features_BF - self.shift) / self.scale))
        return y_BK

    def fit_scale(self, features_NF: Tensor) -> None:
        """Take mean and deviation of each feature from training images; later stages tell them no more.

        Pooled maps of different stages differ by orders of magnitude, and weight decay and learning rate
        mean the same for all of them only on one scale.
        """
        self.shift.copy_(features_NF.mean(0))
        self.scale.copy_(features_NF.std(0, correction=0).clamp(min=_FLAT))

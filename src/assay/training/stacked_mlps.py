"""Several MLPs of one shape as one stack of weights."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from assay.networks import MLP

# R runs, B rows of a batch, P inputs, I inputs and O outputs of a layer, K outputs, W weights of one network.

_STEPS = 2**16


class StackedMLPs:
    """MLPs of one shape whose layers are multiplied in one batched product each.

    All weights lie in one matrix, a row for each network, so that a step of the optimizer is one step for all
    of them.

    Args:
        networks: plain: no batch norm, no embeddings; they may differ in weights and dropout.

    Attributes:
        weights_RW: being trained; a leaf that takes a gradient.
    """

    def __init__(self, networks: Sequence[MLP]) -> None:
        first = networks[0]
        self.widths = (first.num_inputs, *first.settings.hidden, first.num_outputs)
        self.activation = next(
            (layer for layer in first.body if not isinstance(layer, nn.Linear)), nn.Identity()
        )
        self._sizes = [size for one, other in pairwise(self.widths) for size in (one * other, other)]
        rows = [nn.utils.parameters_to_vector(network.parameters()) for network in networks]
        self.weights_RW = torch.stack(rows).detach().requires_grad_()
        self._dropouts = [network.settings.dropout for network in networks]

    def forward(self, x_RBP: Tensor, *, training: bool) -> Tensor:
        """(R, B, P) -> (R, B, K)."""
        parts = torch.split(self.weights_RW, self._sizes, dim=1)
        x, last = x_RBP, len(self.widths) - 2
        for layer, (num_in, num_out) in enumerate(pairwise(self.widths)):
            matrix_RIO = parts[2 * layer].view(-1, num_out, num_in).transpose(1, 2)
            x = torch.baddbmm(parts[2 * layer + 1].unsqueeze(1), x, matrix_RIO)
            if layer < last:
                x = self.activation(x)
                x = self._dropped(x) if training and any(self._dropouts) else x
        return x

    def keep(self, runs: Sequence[int]) -> None:
        """Go on with these runs only."""
        rows = torch.tensor(runs)
        self.weights_RW = self.weights_RW.detach()[rows].clone().requires_grad_()
        self._dropouts = [self._dropouts[run] for run in runs]

    def _dropped(self, x_RBO: Tensor) -> Tensor:
        """As `assay.networks.dropout`, with a share for each run."""
        num_dropped = [min(round(share * _STEPS), _STEPS - 1) for share in self._dropouts]
        bound_R11 = torch.tensor([number - _STEPS // 2 for number in num_dropped], dtype=torch.int16)[
            :, None, None
        ]
        scale_R11 = torch.tensor([_STEPS / (_STEPS - number) for number in num_dropped])[:, None, None]
        draws = torch.empty((x_RBO.numel() + 3) // 4, dtype=torch.int64).random_(-(2**63), None)
        numbers = draws.view(torch.int16)[: x_RBO.numel()].view(x_RBO.shape)
        return x_RBO * torch.ge(numbers, bound_R11, out=torch.empty_like(x_RBO)).mul_(scale_R11)


def can_stack(networks: Sequence[nn.Module]) -> bool:
    """Whether these networks are plain MLPs of one shape, in float32 and with every weight to be trained."""
    first = networks[0]
    return isinstance(first, MLP) and all(
        isinstance(network, MLP)
        and not network.settings.batch_norm
        and isinstance(network.embeddings, nn.Identity)
        and (network.num_inputs, network.num_outputs) == (first.num_inputs, first.num_outputs)
        and network.settings.hidden == first.settings.hidden
        and network.settings.activation == first.settings.activation
        and all(weight.requires_grad and weight.dtype == torch.float32 for weight in network.parameters())
        for network in networks
    )

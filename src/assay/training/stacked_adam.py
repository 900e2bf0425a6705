"""Adam for several runs at once, each with its own learning rate and weight decay."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

# R runs, W weights of one network.

_BETA_1, _BETA_2, _EPSILON = 0.9, 0.999, 1e-8  # torch's own


class StackedAdam:
    """torch's Adam and AdamW, with a learning rate and a decay for each run.

    Sources: Kingma and Ba (2015); Loshchilov and Hutter (2019).

    Args:
        weights_RW: the shape of what is trained.
        decays: weight decay of each run.
        decoupled: AdamW; else the decay is added to the gradient.
    """

    def __init__(self, weights_RW: Tensor, decays: Sequence[float], *, decoupled: bool) -> None:
        self._mean_RW, self._square_RW = torch.zeros_like(weights_RW), torch.zeros_like(weights_RW)
        self._decay_R1 = torch.tensor(decays)[:, None]
        self._decoupled, self._steps = decoupled, 0

    @torch.no_grad()
    def step(self, weights_RW: Tensor, gradient_RW: Tensor, rates: Sequence[float]) -> None:
        """One step of every run, in place."""
        self._steps += 1
        rate_R1 = torch.tensor(rates, dtype=weights_RW.dtype)[:, None]
        if self._decoupled:
            weights_RW.mul_(1 - rate_R1 * self._decay_R1)
        else:
            gradient_RW = gradient_RW + self._decay_R1 * weights_RW
        self._mean_RW.lerp_(gradient_RW, 1 - _BETA_1)
        self._square_RW.mul_(_BETA_2).addcmul_(gradient_RW, gradient_RW, value=1 - _BETA_2)
        bias_1, bias_2 = 1 - _BETA_1**self._steps, 1 - _BETA_2**self._steps
        spread_RW = self._square_RW.sqrt().div_(bias_2**0.5).add_(_EPSILON)
        weights_RW.sub_((rate_R1 / bias_1) * self._mean_RW / spread_RW)

    def keep(self, runs: Sequence[int]) -> None:
        """Go on with these runs only."""
        rows = torch.tensor(runs)
        self._mean_RW, self._square_RW = self._mean_RW[rows], self._square_RW[rows]
        self._decay_R1 = self._decay_R1[rows]

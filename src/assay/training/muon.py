"""Muon: momentum whose steps have the same length in every direction of a matrix."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn, optim

from assay.training.precision import is_bf16_quick

_NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)
_NUM_STEPS, _NUM_STEPS_OF_KEPT_NORM = 5, 3
_LARGE = 100_000  # numbers of a matrix from which on bf16 is quicker


class Muon(optim.AdamW):
    """Steps of matrices (filters are matrices: a row for each filter) made orthogonal; AdamW for the rest.

    The momentum of a matrix is replaced by the nearest matrix whose singular values are all about 1, found by
    Newton-Schulz iterations, so that rare directions learn as quickly as frequent ones. Source: Jordan and
    others (2024), "Muon: an optimizer for hidden layers in neural networks"; torch's own takes no filters.

    Args:
        groups: of weights; those with ``is_matrix`` true take Muon's steps.
        lr: learning rate.
        momentum: share of the last step of a matrix that is kept (Nesterov).
        keep_norm: hold the length of each matrix at the root of its number of rows, as the CIFAR-10 speed
            record of 2024 does; then there is no weight decay.
    """

    def __init__(
        self, groups: list[dict[str, Any]], lr: float, *, momentum: float, keep_norm: bool = False
    ) -> None:
        super().__init__(groups, lr, fused=True)
        self.momentum, self.keep_norm = momentum, keep_norm

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> None:  # type: ignore[override]
        """One step of all weights; there is no closure."""
        assert closure is None
        everything = self.param_groups
        try:
            self.param_groups = [group for group in everything if not group["is_matrix"]]
            super().step()
        finally:
            self.param_groups = everything
        for group in everything:
            if group["is_matrix"]:
                for weight in group["params"]:
                    if weight.grad is not None:
                        self._step(weight, weight.grad, group["lr"], group["weight_decay"])

    def _step(self, weight: Tensor, gradient: Tensor, rate: float, decay: float) -> None:
        state = self.state[weight]
        if not state:
            state["momentum"] = torch.zeros_like(weight)
            state["step"] = torch.zeros(())  # AdamW looks for it when a state is loaded
        state["momentum"].mul_(self.momentum).add_(gradient)
        ahead = gradient.add(state["momentum"], alpha=self.momentum)
        rows = len(weight)
        steps = _NUM_STEPS_OF_KEPT_NORM if self.keep_norm else _NUM_STEPS
        direction = orthogonal(ahead.reshape(rows, -1), steps).view(weight.shape)
        if self.keep_norm:
            weight.mul_(rows**0.5 / weight.norm())
            weight.add_(direction, alpha=-rate)
        else:
            weight.mul_(1 - rate * decay)
            weight.add_(direction, alpha=-rate * max(1.0, rows / weight[0].numel()) ** 0.5)


def orthogonal(matrix_RC: Tensor, num_steps: int = _NUM_STEPS) -> Tensor:
    """The matrix with singular values between about 0.7 and 1.2 instead of its own; float32."""
    a, b, c = _NEWTON_SCHULZ
    is_large = matrix_RC.numel() > _LARGE and is_bf16_quick(matrix_RC.device)
    x = matrix_RC.bfloat16() if is_large else matrix_RC
    x = x / (x.norm() + 1e-7)
    is_tall = x.shape[0] > x.shape[1]
    x = x.T if is_tall else x
    for _ in range(num_steps):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    found: Tensor = x.T if is_tall else x
    return found.to(matrix_RC.dtype)


def hidden_matrices(network: nn.Module) -> set[str]:
    """Names of the weights that Muon is for: matrices and filters; no embedding, and not the last layer."""
    embeddings = (part for part in network.modules() if isinstance(part, nn.Embedding | nn.EmbeddingBag))
    tables = {id(part.weight) for part in embeddings}
    names = [
        name
        for name, weight in network.named_parameters()
        if weight.requires_grad and weight.dim() > 1 and id(weight) not in tables
    ]
    return set(names[:-1])

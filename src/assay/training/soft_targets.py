"""Targets of which a share is one row's and the rest another's."""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812  (the name that torch's own code uses)
from torch import Tensor

from assay.training.objective import CLASS_LOSSES, Objective

# B rows, K classes.


def mixed(objective: Objective, targets: Tensor, partners_B: Tensor, shares_B: Tensor) -> Tensor:
    """The targets of rows that were mixed with others, for `Objective.training_loss`.

    Args:
        objective: says whether targets are class numbers or quantities.
        targets: (B, ...) as `Objective.adapt` gave them.
        partners_B: the row that each one was mixed with.
        shares_B: of a row's own target.

    Returns:
        (B, K, ...) shares of the classes for class numbers, else quantities (and shares of the upper class,
        for bce) in the shape of `targets`.
    """
    values = targets
    if objective.loss in CLASS_LOSSES:
        values = F.one_hot(targets, objective.output_shape[0]).movedim(-1, 1)
    values = values.to(objective.dtype)
    shares = shares_B.to(objective.dtype).view(-1, *[1] * (values.dim() - 1))
    return torch.lerp(values[partners_B], values, shares)

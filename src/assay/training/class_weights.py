"""How much each class counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from assay.core.errors import RecipeError


def class_weight_tensor(given: Sequence[float] | np.ndarray | Tensor) -> Tensor:
    """One weight for each class, (K,) float64.

    Raises:
        RecipeError: something else than numbers in the classes' order, a number below 0, or no number above.
    """
    values: Any = given.detach().cpu() if isinstance(given, Tensor) else given
    try:
        weights = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise RecipeError(
            f"class_weights = {given!r}: one number for each class is needed, in the order of the classes",
            hint="assay.data.resample.class_weights(classes, num_classes) gives balanced ones",
        ) from error
    if not np.isfinite(weights).all() or (weights < 0).any() or not weights.any():
        raise RecipeError(
            f"class_weights = {weights.tolist()}: numbers of at least 0, and one above 0, are needed"
        )
    return torch.from_numpy(weights)

"""How often each training row is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from assay.core.errors import RecipeError
from assay.training.batches import Batches, NumberedRows


def weigh(batches: Batches, given: Sequence[float] | np.ndarray | Tensor | None) -> None:
    """Let each pass draw rows in proportion to their weights, as many rows as before; None changes nothing.

    Raises:
        RecipeError: no table in memory, or weights that are not one number of at least 0 a row.
    """
    if given is None:
        return
    if not isinstance(batches, NumberedRows):
        raise RecipeError(
            "sample_weights were given, and the rows come from a data set or loader",
            hint="give (inputs, targets), or weigh the rows by the loader's sampler",
        )
    values: Any = given.detach().cpu() if isinstance(given, Tensor) else given
    try:
        weights = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise RecipeError("sample_weights: one number for each training row is needed") from error
    if weights.shape != (batches.num_rows,):
        raise RecipeError(f"sample_weights of shape {weights.shape} for {batches.num_rows:,} training rows")
    if not np.isfinite(weights).all() or (weights < 0).any() or not weights.any():
        raise RecipeError("sample_weights: numbers of at least 0, and one above 0, are needed")
    batches.weights = torch.from_numpy(weights)

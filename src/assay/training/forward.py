"""One call of the network, with errors that say which rows it was called with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from assay.core.errors import RecipeError

# What torch's layers raise for an input that does not fit them.
MISFIT = (RuntimeError, ValueError, IndexError, TypeError)


def call(forward: Callable[[Tensor], Any], inputs: Tensor, where: str) -> Any:
    """What `forward` gives for `inputs`.

    Raises:
        RecipeError: the network does not take them; `where` names the data.
    """
    try:
        return forward(inputs)
    except torch.OutOfMemoryError:
        raise
    except MISFIT as error:
        shape, kind = tuple(inputs.shape), str(inputs.dtype).removeprefix("torch.")
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise RecipeError(
            f"the network does not take inputs of shape {shape} ({kind}): {reason}", where=where
        ) from error

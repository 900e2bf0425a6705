"""From settings to a network."""

from __future__ import annotations

from collections.abc import Sequence

from assay.core.errors import RecipeError
from assay.networks.mlp import MLP
from assay.networks.settings import NetworkSettings


def build(
    settings: NetworkSettings,
    *,
    num_inputs: int,
    num_outputs: int,
    cardinalities: Sequence[int] = (),
) -> MLP:
    """The network that `settings` describe, with fresh weights from torch's global generator.

    Args:
        settings: the layers.
        num_inputs: columns that the preparation gives, the category numbers included.
        num_outputs: 1 for regression, the number of classes for classification.
        cardinalities: numbers that each of the last columns takes (0 .. cardinality - 1).

    Raises:
        RecipeError: one logit for something else than two classes.
    """
    if settings.one_logit and num_outputs not in {1, 2}:
        raise RecipeError(
            f"one_logit is for two classes, and the target has {num_outputs}",
            hint="leave network.one_logit out",
        )
    return MLP(
        num_inputs,
        1 if settings.one_logit else num_outputs,
        cardinalities=cardinalities,
        **settings.model_dump(exclude={"one_logit"}),
    )

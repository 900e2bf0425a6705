"""From settings to a network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from assay.core.errors import RecipeError
from assay.networks.mlp import MLP
from assay.networks.network import Network
from assay.networks.number_embedding import EmbeddedNumbers
from assay.networks.residual import ResidualMLP
from assay.networks.settings import NetworkSettings
from assay.networks.tabm import TabM


def build(
    settings: NetworkSettings,
    *,
    num_inputs: int,
    num_outputs: int,
    cardinalities: Sequence[int] = (),
    inputs: Tensor | None = None,
) -> Network:
    """The network that `settings` describe, with fresh weights from torch's global generator.

    Args:
        settings: the layers.
        num_inputs: columns that the preparation gives, the category numbers included.
        num_outputs: 1 for regression, the number of classes for classification.
        cardinalities: numbers that each of the last columns takes (0 .. cardinality - 1).
        inputs: (N, num_inputs) the prepared training rows, which say where the bins of a number embedding
            lie; needed for one.

    Raises:
        RecipeError: one logit for something else than two classes, or settings that do not go together.
    """
    if settings.one_logit and num_outputs not in {1, 2}:
        raise RecipeError(
            f"one_logit is for two classes, and the target has {num_outputs}",
            hint="leave network.one_logit out",
        )
    if settings.kind == "tabm" and settings.batch_norm:
        raise RecipeError(
            "a tabm network has no batch norm, and network.batch_norm is true",
            hint="leave network.batch_norm out",
        )
    shared: dict[str, Any] = {
        "num_inputs": num_inputs,
        "num_outputs": 1 if settings.one_logit else num_outputs,
        "cardinalities": cardinalities,
        "numbers": EmbeddedNumbers.of(settings, inputs, num_inputs - len(cardinalities)),
        **settings.model_dump(include={"hidden", "activation", "dropout", "embedding"}),
    }
    if settings.kind == "tabm":
        return TabM(members=settings.members, one_logit=settings.one_logit, **shared)
    kind = MLP if settings.kind == "mlp" else ResidualMLP
    return kind(batch_norm=settings.batch_norm, **shared)

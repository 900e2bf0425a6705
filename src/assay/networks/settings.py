"""The choices that make a network."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from assay.core.settings import Settings, setting

Activation = Literal["relu", "tanh", "sigmoid", "gelu"]


class NetworkSettings(Settings):
    """Layers of a multi-layer perceptron. No hidden layer makes it a single layer, i.e. a linear model."""

    hidden: tuple[Annotated[int, Field(ge=1)], ...] = setting(
        (128, 128), "width of each hidden layer, from the input to the output; empty: a single layer"
    )
    activation: Activation = setting(
        "relu", "relu, tanh, sigmoid or gelu", "cheap, and its gradient does not fade in deep networks"
    )
    dropout: float = setting(
        0.1,
        "share of hidden units that each training step leaves out",
        "a little costs nothing and delays over-fitting",
        ge=0,
        lt=1,
    )
    batch_norm: bool = setting(
        False,
        "normalise each hidden layer over the batch",
        "the inputs are scaled and the layers are few",
    )
    embedding: int | None = setting(
        None,
        "numbers that stand for one category of a column with many; absent: by the number of categories",
        ge=1,
    )
    one_logit: bool = setting(
        False,
        "give two classes one output (for the bce loss) instead of two",
        "two outputs are the same model, and the rest of the code then knows one case",
    )

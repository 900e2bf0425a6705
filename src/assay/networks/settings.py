"""The choices that make a network."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from assay.core.settings import Settings, setting

Kind = Literal["mlp", "residual", "tabm"]
Activation = Literal["relu", "tanh", "sigmoid", "gelu"]
NumberEmbedding = Literal["none", "plr", "piecewise"]


class NetworkSettings(Settings):
    """Layers of a network for tables. An mlp without hidden layers is a single layer, i.e. a linear model."""

    kind: Kind = setting(
        "mlp",
        "mlp (plain layers), residual (blocks that add to what they get) or tabm (an ensemble in one)",
        "the simplest, and the quickest to train",
    )
    hidden: tuple[Annotated[int, Field(ge=1)], ...] = setting(
        (128, 128),
        "width of each hidden layer, from the input to the output; empty: a single layer; residual and tabm: "
        "of each block, all of one width",
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
        "normalise each hidden layer over the batch; not for tabm",
        "the inputs are scaled and the layers are few",
    )
    members: int = setting(
        32, "networks that a tabm is made of", "the number of its authors; fewer are quicker", ge=1
    )
    embedding: int | None = setting(
        None,
        "numbers that stand for one category of a column with many; absent: by the number of categories",
        ge=1,
    )
    number_embedding: NumberEmbedding = setting(
        "none",
        "what a number becomes: none (it stays one), plr (periodic) or piecewise (bins at quantiles)",
        "vectors for numbers help where the target jumps or bends often, and take longer to train",
    )
    number_width: int = setting(16, "length of the vector that stands for one number", ge=1, le=512)
    bins: int = setting(32, "bins of a piecewise embedding, at most", ge=2, le=256)
    frequencies: int = setting(24, "frequencies of a plr embedding", ge=1, le=512)
    frequency_scale: float = setting(0.05, "how far those frequencies spread at the start", gt=0)
    one_logit: bool = setting(
        False,
        "give two classes one output (for the bce loss) instead of two",
        "two outputs are the same model, and the rest of the code then knows one case",
    )

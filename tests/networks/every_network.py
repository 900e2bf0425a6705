"""Networks of every kind on rows that hold plain numbers, marks, numbers worth a vector, and categories."""

import torch
from torch import Tensor

from assay.networks import Network, NetworkSettings, build

NUM_NUMBERS, CARDINALITIES = 6, (10, 300)
CHOICES = {
    f"{kind} {numbers}": {"kind": kind, "number_embedding": numbers, "hidden": (16, 16), "dropout": 0.3}
    for kind in ("mlp", "residual", "tabm")
    for numbers in ("none", "plr", "piecewise")
}


def prepared_rows(num_rows: int = 200) -> Tensor:
    """(N, 8): a constant, a mark, a skewed number, three normal ones, two category numbers."""
    generator = torch.Generator().manual_seed(3)
    numbers = torch.randn(num_rows, NUM_NUMBERS, generator=generator)
    numbers[:, 0] = 1.0
    numbers[:, 1] = (numbers[:, 1] > 0.5).float()
    numbers[:, 2] = numbers[:, 2].exp().round()
    codes = [torch.randint(0, size, (num_rows, 1), generator=generator).float() for size in CARDINALITIES]
    return torch.cat([numbers, *codes], dim=1)


def made(rows: Tensor, num_outputs: int = 3, **choices) -> Network:
    """A network for these rows, the same at each call."""
    torch.manual_seed(7)
    settings = NetworkSettings(**{"members": 4, "number_width": 5, "bins": 8, "frequencies": 6, **choices})
    return build(
        settings,
        num_inputs=rows.shape[1],
        num_outputs=num_outputs,
        cardinalities=CARDINALITIES,
        inputs=rows,
    )

"""Numbers as learned vectors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
from torch import Tensor, nn

from assay.core.errors import RecipeError
from assay.networks.settings import NetworkSettings, NumberEmbedding

_MOST_ROWS = 100_000  # rows that say where the quantiles lie
_NARROWEST = 1e-6  # bin, as a share of the column's range: narrower ones cannot be told apart in float32


@dataclass(frozen=True)
class EmbeddedNumbers:
    """Which numbers of the input become vectors, and how.

    A number that takes two values only, as a mark or one of several one-hot inputs does, gains nothing from a
    vector and stays as it is. Source: Gorishniy, Rubachev and Babenko (2022), "On Embeddings for Numerical
    Features in Tabular Deep Learning"; the modules are those of its package rtdl_num_embeddings.

    Attributes:
        kind: plr or piecewise.
        width: length of each vector.
        columns: of the input, from 0, in ascending order; at least one.
        bins: piecewise: the edges of each column's bins, ascending, at least three.
        frequencies: plr: how many there are.
        frequency_scale: plr: how far they spread at the start.
    """

    kind: NumberEmbedding
    width: int
    columns: tuple[int, ...]
    bins: tuple[tuple[float, ...], ...] = ()
    frequencies: int = 0
    frequency_scale: float = 0.0

    @classmethod
    def of(cls, settings: NetworkSettings, inputs: Tensor | None, num_numbers: int) -> Self | None:
        """The choice for a network's settings; None where no number becomes a vector.

        Args:
            settings: of the network.
            inputs: (N, P) the prepared training rows, whose quantiles are the edges of the bins.
            num_numbers: how many of the first columns are numbers; category numbers follow.

        Raises:
            RecipeError: an embedding was asked for, and there are no rows.
        """
        kind = settings.number_embedding
        if kind == "none":
            return None
        if inputs is None or not len(inputs):
            raise RecipeError(
                f"network.number_embedding = {kind!r} needs the training rows, and there are none",
                hint="give build(..., inputs=...) the prepared training rows",
            )
        edges = _edges(inputs[:, :num_numbers], settings.bins)
        columns = tuple(column for column, found in enumerate(edges) if len(found) > 2)
        if not columns:
            return None
        if kind == "plr":
            return cls(
                kind,
                settings.number_width,
                columns,
                frequencies=settings.frequencies,
                frequency_scale=settings.frequency_scale,
            )
        return cls(kind, settings.number_width, columns, tuple(edges[column] for column in columns))

    def module(self) -> nn.Module:
        """Takes (B, columns), gives (B, columns, width); weights are fresh, bins are buffers."""
        import rtdl_num_embeddings as rtdl
        import torch

        vectors: nn.Module
        if self.kind == "plr":
            vectors = rtdl.PeriodicEmbeddings(
                len(self.columns),
                self.width,
                n_frequencies=self.frequencies,
                frequency_init_scale=self.frequency_scale,
                lite=True,
            )
            return vectors
        with torch.device("cpu"):  # the package looks at the edges, which have no values on a meta device
            edges = [torch.tensor(found) for found in self.bins]
            vectors = rtdl.PiecewiseLinearEmbeddings(edges, self.width, activation=False, version="B")
        return vectors

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        """What `to_json` wrote."""
        bins = tuple(tuple(edges) for edges in plain["bins"])
        return cls(**{**plain, "columns": tuple(plain["columns"]), "bins": bins})


def _edges(numbers_NM: Tensor, num_bins: int) -> list[tuple[float, ...]]:
    """Of each column, the distinct quantiles that divide its values into bins of equal counts."""
    step = -(-len(numbers_NM) // _MOST_ROWS)
    values_NM = numbers_NM[::step].detach().cpu().numpy().astype(np.float64)
    shares_Q = np.linspace(0, 1, num_bins + 1)
    quantiles_QM = np.quantile(values_NM, shares_Q, axis=0, method="nearest")  # no value that no row has
    return [_apart(edges) for edges in quantiles_QM.T]


def _apart(edges: np.ndarray) -> tuple[float, ...]:
    narrowest = _NARROWEST * max(edges[-1] - edges[0], np.abs(edges).max())
    kept = [edges[0]]
    for edge in edges[1:]:
        if edge - kept[-1] > narrowest:
            kept.append(edge)
    return tuple(float(edge) for edge in kept)

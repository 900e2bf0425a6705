"""Search in many sorted tables at once, by what is quickest where the module runs."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own name for it
from torch import Tensor

PADDING = 1e300  # stands behind the last entry of a table; no value that is looked up reaches it
_is_scripting = torch.jit.is_scripting  # type: ignore[attr-defined] # in a function TorchScript reads such words
_AT_ONCE = 128  # entries that one value is compared with in one step of an exported program


def num_not_above(values_NQ: Tensor, table_QK: Tensor) -> Tensor:
    """(N, Q) int64: how many entries of its table are not above each value.

    Torch searches in one call: 3 us for a row of 20 values in tables of 128. ONNX has no such operator, and a
    bisection of seven steps costs there 28 nodes, so an exported program compares and counts. A count has no
    rounding: both give the same.

    Args:
        values_NQ: one column of values for each table, without NaN.
        table_QK: ascending rows, K a power of two; shorter tables are filled up with PADDING.
    """
    # TorchScript passes over a whole block, and would compile half a condition.
    if not _is_scripting():  # noqa: SIM102
        if torch.compiler.is_exporting():
            return _counted(values_NQ, table_QK)
    return torch.searchsorted(table_QK, values_NQ.t().contiguous(), right=True).t()


def _counted(values_NQ: Tensor, table_QK: Tensor) -> Tensor:
    """The same by comparison with a whole table, or of a long one with the block it lies in."""
    num_tables, size = table_QK.shape
    if size <= _AT_ONCE:
        return _num_true(table_QK <= values_NQ.unsqueeze(2))
    begun_NQ = _counted(values_NQ, table_QK[:, ::_AT_ONCE])  # blocks whose first entry is not above
    block_NQ = torch.clamp(begun_NQ - 1, min=0)
    blocks_TB = table_QK.reshape(-1, _AT_ONCE)
    own_NQB = F.embedding(block_NQ + first_places(num_tables, size // _AT_ONCE, table_QK.device), blocks_TB)
    return block_NQ * _AT_ONCE + _num_true(own_NQB <= values_NQ.unsqueeze(2))


def _num_true(flags_NQK: Tensor) -> Tensor:
    """(N, Q) int64; ONNX Runtime sums float32 in a third of the time that whole numbers take."""
    return flags_NQK.to(torch.float32).sum(2).to(torch.int64)


def first_places(num_tables: int, size: int, device: torch.device | None = None) -> Tensor:
    """(Q,) int64: where each of Q tables begins when all stand in one row."""
    return torch.arange(num_tables, device=device) * size


def stacked(tables: Sequence[Sequence[float]], padding: float) -> Tensor:
    """(Q, K) float64 of tables of different lengths, K the next power of two."""
    size = 1 << max(max(map(len, tables)) - 1, 0).bit_length()
    return torch.tensor([[*table, *[padding] * (size - len(table))] for table in tables], dtype=torch.float64)

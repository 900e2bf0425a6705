"""Tables in memory as checked tensors."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from assay.core.errors import DataError


def input_tensor(values: Any, where: str, number_type: torch.dtype) -> Tensor:
    """Inputs (N, ...), every number finite: whole numbers as int64, all others as `number_type`.

    Raises:
        DataError: not numbers, ragged, no rows, or a number that is not finite (with its row and column).
    """
    inputs = _tensor(values, where, "inputs")
    if inputs.dim() == 0 or len(inputs) == 0:
        shape = tuple(inputs.shape)
        raise DataError(f"the inputs have the shape {shape}; at least one row is needed", where=where)
    inputs = typed(inputs, torch.int64 if is_whole(inputs) else number_type, where)
    if inputs.is_floating_point():
        check_finite(inputs, where, "input")
    return inputs.contiguous()


def target_tensor(values: Any, num_rows: int, where: str) -> Tensor:
    """Targets as a tensor of their own kind, one for each of `num_rows` rows.

    Raises:
        DataError: not numbers, ragged, another number of rows, or a number that is not finite.
    """
    targets = _tensor(values, where, "targets")
    if targets.dim() == 0 or len(targets) != num_rows:
        found = 0 if targets.dim() == 0 else len(targets)
        raise DataError(f"{num_rows:,} rows of inputs and {found:,} targets", where=where)
    if targets.is_floating_point():
        check_finite(targets, where, "target")
    return targets


def is_whole(inputs: Tensor) -> bool:
    """Whether the inputs are of an integer type; truth values are numbers 0 and 1."""
    return not (inputs.is_floating_point() or inputs.is_complex() or inputs.dtype == torch.bool)


def typed(inputs: Tensor, dtype: torch.dtype, where: str) -> Tensor:
    """Inputs as `dtype`, without loss of their meaning.

    Raises:
        DataError: complex numbers, or fractions where the network takes whole numbers.
    """
    if inputs.is_complex():
        raise DataError("the inputs are complex numbers; real ones are needed", where=where)
    if inputs.is_floating_point() and not dtype.is_floating_point:
        raise DataError(
            f"the inputs are of type {_name(inputs.dtype)}, and the network is trained on whole numbers",
            hint="give them as integers",
            where=where,
        )
    return inputs.to(dtype)


def check_finite(values: Tensor, where: str, what: str) -> None:
    """Raise a `DataError` that names the first number which is not finite, by row and column from 1."""
    if bool(torch.isfinite(values.sum())):  # one pass; a sum that overflows is looked at closely below
        return
    bad = (~torch.isfinite(values)).nonzero()
    if len(bad) == 0:
        return
    row, *columns = (int(index) + 1 for index in bad[0])
    value = float(values[tuple(bad[0])])
    place = f"row {row}" + "".join(f", column {column}" for column in columns)
    raise DataError(
        f"the {what} at {place} is {value} ({len(bad):,} in all are not finite)",
        hint="fill missing values and clip extreme ones before training",
        where=where,
    )


def _tensor(values: Any, where: str, what: str) -> Tensor:
    if isinstance(values, Tensor):
        return values.detach()
    try:
        array = np.asarray(values)
    except (ValueError, TypeError) as error:
        raise DataError(
            f"the {what} are no table of numbers: {error}", hint="give rows of one length", where=where
        ) from error
    if array.dtype.kind not in "fiubc":
        raise DataError(
            f"the {what} are of type {array.dtype}; numbers are needed",
            hint="encode text and dates first, e.g. by assay.Preparation",
            where=where,
        )
    if array.dtype.kind == "u":
        array = array.astype(np.int64)
    return torch.tensor(array)


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")

"""Predictions as a user may hand them over, refused in words where they are none."""

from __future__ import annotations

from typing import Any

import numpy as np

from assay.core.errors import DataError, RecipeError
from assay.core.predictions import Predictions
from assay.core.task import Task


def check_parts(parts: dict[str, Any], replicates: int) -> None:
    """Refuse parts that hold no predictions, or not of one task and the same classes.

    Raises:
        DataError: what was found, and in which part.
        RecipeError: no resample was asked for.
    """
    if not isinstance(replicates, int) or replicates < 1:
        raise RecipeError(f"replicates = {replicates!r}: at least 1 was expected", where="replicates")
    for name, part in parts.items():
        if not isinstance(part, Predictions):
            raise DataError(
                f"the {name} part is a {type(part).__name__}, and `Predictions` were expected",
                hint="assay.Predictions(task, truth, output, labels)",
            )
        _check(name, part)
    first = next(iter(parts.values()))
    for name, part in parts.items():
        if part.task is not first.task:
            raise DataError(
                f"the training rows are for {first.task.value}, the {name} rows for {part.task.value}"
            )
        if part.labels != first.labels:
            raise DataError(
                f"the training rows have the labels {first.labels}, the {name} rows {part.labels}"
            )


def _check(name: str, part: Predictions) -> None:
    if not isinstance(part.task, Task):
        raise DataError(
            f"the {name} part's task is {part.task!r}", hint=f"one of {', '.join(map(str, Task))}"
        )
    truth, output = np.asarray(part.truth), np.asarray(part.output)
    dimensions = 2 if part.task.is_classification else 1
    if truth.ndim != 1 or output.ndim != dimensions or len(output) != len(truth):
        expected = "(N,) and (N, K)" if dimensions == 2 else "(N,) and (N,)"
        raise DataError(
            f"the {name} part's truth and output have the shapes {truth.shape} and {output.shape}, "
            f"and {expected} were expected"
        )
    if truth.dtype.kind not in "iuf" or output.dtype.kind not in "iuf":
        raise DataError(f"the {name} part holds {truth.dtype} and {output.dtype}, and numbers were expected")
    if dimensions == 2 and len(truth) and not 0 <= truth.min() <= truth.max() < output.shape[1]:
        odd = truth.max() if truth.max() >= output.shape[1] else truth.min()
        raise DataError(
            f"the {name} part has the class number {odd}, and {output.shape[1]} classes",
            hint="classes are numbered from 0",
        )

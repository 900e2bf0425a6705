"""Whether the reference model has learnt what it can: not yet, still learning, or by and large.

Shapes: N rows, K classes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from assay.core.predictions import Predictions
from assay.core.seeds import child_seed
from assay.diagnosis.floor.paired import paired_errors

_LEARNT = 2.0  # standard deviations
_STEEP = 0.5

Parts = Sequence[tuple[Predictions, Predictions]]
"""For each part the predictions of the model, and those of the same model fitted on a quarter of the rows."""


def has_learnt(parts: Parts, *, seed: int) -> bool:
    """Whether the model is better than one answer for all rows, in squared error, beyond noise."""
    measure = "brier" if parts[0][0].task.is_classification else "rmse"
    models = [(full, replace(full, output=_constant(full))) for full, _ in parts]
    errors_M, errors_MB = paired_errors(
        models, (measure, measure), seed=child_seed(seed, "learnt"), replicates=200
    )
    return bool(errors_M[1] - errors_M[0] > _LEARNT * (errors_MB[1] - errors_MB[0]).std())


def still_learns(parts: Parts) -> bool:
    """Whether the last three quarters of the rows bought half or more of all that the model has learnt.

    What it has learnt is what its squared errors are lower than those of one answer for all rows. A power law
    whose largest part has just begun says nothing about where it ends.
    """
    full, part, constant = (
        sum(float(_squares(p, output).sum()) for p, output in outputs)
        for outputs in (
            [(full, full.output) for full, _ in parts],
            [(full, part.output) for full, part in parts],
            [(full, _constant(full)) for full, _ in parts],
        )
    )
    return part - full > _STEEP * (constant - full)


def _squares(p: Predictions, output: np.ndarray) -> np.ndarray:
    truth = np.eye(output.shape[1])[p.truth] if p.task.is_classification else p.truth
    return np.asarray(np.square(output - truth))


def _constant(p: Predictions) -> np.ndarray:
    if not p.task.is_classification:
        return np.full(len(p), p.truth.mean())
    share_K = np.bincount(p.truth, minlength=p.output.shape[1]) / len(p)
    return np.tile(share_K, (len(p), 1))

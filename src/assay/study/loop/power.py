"""Whether the validation rows could show at all that a remedy helps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from assay.core.predictions import Predictions
from assay.study.loop.comparison import compare


def can_show_help(parent: Sequence[Predictions], metric: str, *, comparisons: int, seed: int) -> bool:
    """Whether a network without any error would be told from the parent's beyond noise.

    Args:
        parent: the validation rows as the best run's trainings predict them.
        metric: of the error.
        comparisons: how many remedies would be looked at.
        seed: names the draws.
    """
    perfect = [_perfect(p) for p in parent]
    return compare(parent, perfect, metric, comparisons=comparisons, seed=seed).helped


def _perfect(p: Predictions) -> Predictions:
    if not p.task.is_classification:
        return replace(p, output=p.truth)
    return replace(p, output=np.eye(p.output.shape[1])[p.truth], threshold=None)

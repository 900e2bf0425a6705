"""Predictions of the validation rows by which recipes are compared."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from assay.bundle.halves import halves
from assay.bundle.threshold import THRESHOLD_METRICS, fit_threshold
from assay.core.predictions import Predictions


def compared_predictions(p: Predictions, metric: str, seed: int) -> Predictions:
    """The predictions, a fitted threshold replaced by cross-fitted ones.

    A threshold was chosen on these very rows, so that its error there flatters it. Each half is decided by
    the threshold that is best on the other half instead.
    """
    if p.threshold is None or metric not in THRESHOLD_METRICS or p.output.shape[1] != 2:
        return p
    parts = halves(p, seed)
    chosen_N = np.zeros(len(p))
    for fitted, measured in (parts, parts[::-1]):
        if len(np.unique(p.truth[fitted])) < 2:
            return p
        chosen_N[measured] = p.output[measured, 1] > fit_threshold(p.take(fitted), metric, seed)
    return replace(p, output=np.stack([1.0 - chosen_N, chosen_N], axis=1), threshold=None)

"""How far the reference model still is from the floor, by what the last three quarters of its rows bought.

Shapes: B replicates.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assay.core.numbers import number
from assay.core.predictions import Predictions
from assay.core.seeds import child_seed
from assay.diagnosis.floor.estimate import Estimate
from assay.diagnosis.floor.heavy_tail import rmse_end
from assay.diagnosis.floor.paired import paired_errors

METHOD = "reference model's learning curve"


@dataclass(frozen=True)
class _Law:
    """The excess that is left, as a multiple of what the last three quarters of the rows bought.

    Attributes:
        measure: the metric in which the curve is measured.
        median: of the multiple.
        spread: standard deviation of its logarithm.
    """

    measure: str
    median: float
    spread: float


_BEYOND = 0.01  # at each end, wider than 95 %: the model was chosen on these rows, and the law may be another
_FEW = 150.0  # rows at which the exponent is twice as uncertain
_OWN = (0.42, 0.75)
_BY_BRIER = (0.28, 0.85)  # of the Brier score summed over classes, for the error rate
METRICS = {"accuracy", "balanced_accuracy", "roc_auc", "log_loss", "brier", "rmse", "mae", "r2"}
"""Metrics for which a better model is a better answer."""


def learning_curve_floor(
    parts: Sequence[tuple[Predictions, Predictions]],
    metric: str,
    *,
    lead: float,
    num_rows: int,
    seed: int,
    replicates: int,
) -> Estimate:
    """The floor as the reference model's error less an estimate of its excess over the floor.

    A model's error falls with its rows as floor + a * rows^(-c) (Cortes et al. 1994; Hestness et al. 2017).
    From a quarter of the rows to all of them it fell by a * rows^(-c) * (4^c - 1), so that the excess that is
    left is 1 / (4^c - 1) times that fall: once it for c = 1/2, a third for c = 1. The exponent isn't known:
    the multiple is drawn from a log-normal distribution that holds these, and its noise is that of the rows;
    with a few hundred rows, where a curve may not have begun to fall, the distribution is wider. An
    error rate's fall is noisy, so it is measured by the Brier score, whose excess bounds that of the error
    rate from above and comes near it; an RMSE's by squared errors.

    The excess may also be none, e.g. where the probabilities still move but no longer cross one half. So the
    upper end is what the model has reached, beyond noise, less what somebody else was better for certain.

    An estimate, not a bound: it assumes that the model would find everything with enough rows, and that the
    curve has bent already. A pattern that the model needs far more rows to see counts as noise.

    Args:
        parts: for each part the model's predictions of its rows, and those of the same model fitted on a
            quarter of the rows; none of them of rows that it was fitted to.
        metric: one of `METRICS`.
        lead: by how much somebody else was better than the model on the same rows: excess, for certain.
        num_rows: that the model was fitted to.
        seed: names the draws.
        replicates: how many.
    """
    law = _law(parts[0][0], metric)
    spread = law.spread * (1.0 + _FEW / num_rows)
    measures = ("rmse" if law.measure == "mse" else law.measure,) * 2
    models = [(part, part, small) for part, small in parts]
    errors_M, errors_MB = paired_errors(
        models, (metric, *measures), seed=child_seed(seed, "learning curve"), replicates=replicates
    )
    power = 2.0 if law.measure == "mse" else 1.0
    error, at_all, at_part = np.sign(errors_M) * np.abs(errors_M) ** power
    error_B, at_all_B, at_part_B = np.sign(errors_MB) * np.abs(errors_MB) ** power
    rng = np.random.default_rng(child_seed(seed, "exponent"))
    multiple_B = law.median * np.exp(spread * rng.standard_normal(replicates))
    ahead = error - max(math.sqrt(error) - lead, 0.0) ** 2 if power == 2.0 else lead
    floor_B = error_B - np.maximum(multiple_B * np.maximum(at_part_B - at_all_B, 0.0), ahead)
    value = error - max(law.median * max(at_part - at_all, 0.0), ahead)
    low, value = (float(max(end, 0.0)) ** (1.0 / power) for end in (np.quantile(floor_B, _BEYOND), value))
    high = float(max(np.quantile(error_B, 1.0 - _BEYOND) - ahead, 0.0)) ** (1.0 / power)
    if metric == "rmse":
        errors_N = np.concatenate([part.truth - part.output for part, _ in parts])
        high = max(high, rmse_end(errors_N, _BEYOND) - lead)
    because = (
        f"with a quarter of the rows the reference model errs {number(errors_M[2])} in place of "
        f"{number(errors_M[1])} ({measures[0]}); if its error goes on falling by a power law, it ends at "
        f"about {number(value)} (an estimate, not a bound)"
    )
    return Estimate(METHOD, min(low, value), max(high, value), value, because)


def _law(p: Predictions, metric: str) -> _Law:
    if metric == "accuracy":
        halved = 2.0 if p.output.shape[1] == 2 else 1.0  # for two classes the score counts one of them
        return _Law("brier", halved * _BY_BRIER[0], _BY_BRIER[1])
    return _Law("mse" if metric == "rmse" else metric, *_OWN)

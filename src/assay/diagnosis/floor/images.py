"""The floor of images: no other model reads pixels well, so that labels have to say what can be reached.

Shapes: N rows, Nt training rows, Nv validation rows, K classes, S networks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from assay.core.metrics import check_metric
from assay.core.predictions import Predictions
from assay.core.seeds import child_seed
from assay.diagnosis.floor.combine import floor_of
from assay.diagnosis.floor.estimate import Estimate
from assay.diagnosis.floor.floor import Floor
from assay.diagnosis.floor.heavy_tail import kurtosis, rmse_end
from assay.diagnosis.floor.label_noise import doubted_labels, unequal_labels
from assay.diagnosis.floor.methods import NETWORK, Answers, people_said
from assay.diagnosis.floor.paired import paired_errors
from assay.diagnosis.floor.reached import BEYOND, reached

MEAN = "mean of the networks"


def estimate_image_floor(
    train: Predictions,
    validation: Sequence[Predictions],
    metric: str,
    *,
    same: np.ndarray | None = None,
    soft_labels: np.ndarray | None = None,
    repeated_labels: np.ndarray | None = None,
    seed: int = 0,
    replicates: int = 1000,
) -> Floor:
    """The lowest reachable error on images, as an interval.

    From below, for certain: equal images with different labels. From above, for every metric: what the
    network reached, and the mean of several networks. Between these, for accuracy: half of the labels that
    the networks doubt, which are too many if anything, or what people said, where soft or repeated labels are
    given. A reference model of another family, as tables have it, knows nothing of pixels.

    Args:
        train: predictions of the Nt training rows.
        validation: of the Nv validation rows, by S networks of one recipe with different seeds.
        metric: what the errors are made of.
        same: (Nt + Nv,) numbers, equal for images whose pixels are all equal, training rows first; None: not
            looked for.
        soft_labels: (Nt + Nv, K) the share of people who said each class.
        repeated_labels: (Nt + Nv, A) other people's answers, NaN where there is none.
        seed: names the draws.
        replicates: resamples of the rows.

    Raises:
        RecipeError: the task has no such metric.
    """
    check_metric(metric, train.task)
    first, mean = validation[0], _mean(validation)
    bounds = _reached(first, mean if len(validation) > 1 else None, metric, seed, replicates)
    if metric not in {"accuracy", "rmse"}:
        return floor_of(Answers(bounds))
    truth_N = np.concatenate([train.truth, first.truth])
    people = people_said(train, truth_N, soft_labels, repeated_labels)
    if not train.task.is_classification:
        return floor_of(Answers(bounds, people=people))
    repeated = None if same is None else unequal_labels(same, truth_N)
    return floor_of(Answers(bounds, repeated, people=people, doubts=doubted_labels(mean)))


def _mean(runs: Sequence[Predictions]) -> Predictions:
    return replace(runs[0], output=np.mean([run.output for run in runs], axis=0))


def _reached(
    first: Predictions, mean: Predictions | None, metric: str, seed: int, replicates: int
) -> tuple[Estimate, ...]:
    models = {NETWORK: first} if mean is None else {NETWORK: first, MEAN: mean}
    errors_M, errors_MB = paired_errors(
        [tuple(models.values())],
        (metric,) * len(models),
        seed=child_seed(seed, "reached"),
        replicates=replicates,
    )
    answers = zip(models.items(), errors_M, errors_MB, strict=True)
    return tuple(
        reached(name, float(error), errors_B, len(first), _tail(p, metric))
        for (name, p), error, errors_B in answers
    )


def _tail(p: Predictions, metric: str) -> float:
    if metric != "rmse":
        return 0.0
    residual_N = p.truth - p.output
    return rmse_end(residual_N, BEYOND, kurtosis(residual_N))

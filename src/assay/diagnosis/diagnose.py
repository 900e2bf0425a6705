"""Error analysis: training and validation error against the floor."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assay.core.errors import DataError, RecipeError
from assay.core.metrics import check_metric
from assay.core.predictions import Predictions
from assay.diagnosis.absent import Absent
from assay.diagnosis.checked_parts import check_parts
from assay.diagnosis.diagnosis import Diagnosis
from assay.diagnosis.floor import Floor
from assay.diagnosis.gaps import Gaps
from assay.diagnosis.measured import Measured, measure, seed_shocks
from assay.diagnosis.remedies import Remedy, remedies
from assay.diagnosis.verdict import Judgement, judge


def diagnose(
    train: Predictions,
    validation: Predictions,
    *,
    metric: str = "auto",
    bayes_error: float | None = None,
    floor: Floor | None = None,
    train_like: Predictions | None = None,
    replications: Sequence[tuple[Predictions, ...]] = (),
    of_images: bool = False,
    seed: int = 0,
    replicates: int = 1000,
) -> Diagnosis:
    """Say what is to blame for the error of a network: bias, variance, mismatch, or nothing to be cured.

    bias = training error - floor, variance = validation error - training error; where validation is of
    another kind than training (other groups, later times), variance = train-like error - training error and
    mismatch = validation error - train-like error (Ng, Machine Learning Yearning, 2018). The largest one is
    to blame, if it is more than a tenth of the validation error and the largest, both beyond the noise of the
    rows and for every floor that the floor's interval allows.

    The noise is measured by a bootstrap with 95 % percentile intervals (Efron 1979). It draws what errs alike
    together: with `times`, circular blocks of consecutive rows (Künsch 1989; Politis & Romano 1992), whose
    length follows from the rows' errors (Politis & White 2004; Patton, Politis & White 2009), at least
    N^(1/3); with `groups`, whole groups (Davison & Hinkley 1997); else rows. The intervals are widened as
    Student's t is for few independent pieces, and where each resample has the same error (no row was wrong,
    or each) their ends are those of Clopper & Pearson (1934). From a single group none can be had: nan. The
    diagnosis says in words what was drawn.

    Parts that differ are not compared: "undecided" where validation lacks a class, and, without a floor,
    where the training error is above the validation error beyond the noise.

    Args:
        train: predictions of training rows, with their times or groups if they have any.
        validation: the same of validation rows.
        metric: what the errors are made of; auto: accuracy for classes, RMSE for quantities.
        bayes_error: the floor, the lowest error that anyone can reach, in the metric's own terms. Without it
            only bounds are known, and the verdict is "undecided" unless it is the same for every floor.
        floor: the same as an estimate with its interval; at most one of the two.
        train_like: of held-out rows of the training rows' kind, where `validation` holds new groups or times.
        replications: the parts (as above) as predicted by more trainings of the recipe with other seeds:
            errors are then means over them, and intervals include the seeds' noise.
        of_images: whether the rows are images, which have remedies of their own.
        seed: names the bootstrap's draws.
        replicates: how many resamples are drawn.

    Raises:
        DataError: the parts are not of one task or not of the same rows, or do not define the metric.
        RecipeError: the metric or the floor is impossible.
    """
    parts = _parts(train, validation, train_like)
    check_parts(parts, replicates)
    metric = _checked_metric(metric, parts)
    measured = _measured(parts, replications, metric, seed=seed, replicates=replicates)
    like = measured.get("train-like")
    floor = _known(bayes_error, floor, metric) or Floor.unknown((like or measured["validation"]).interval)
    absent = Absent.of(train, validation if train_like is None else train_like)
    gaps = Gaps(metric, floor, measured["training"], measured["validation"], absent, like)
    return _diagnosis(gaps, 1 + len(replications), of_images, classes=train.task.is_classification)


def _advice(gaps: Gaps, judgement: Judgement, of_images: bool, *, classes: bool) -> tuple[Remedy, ...]:
    is_estimated = gaps.floor.is_known and not gaps.floor.is_given
    return remedies(judgement, classes=classes, floor_estimated=is_estimated, of_images=of_images)


def _parts(train: Predictions, validation: Predictions, like: Predictions | None) -> dict[str, Predictions]:
    parts = {"training": train, "validation": validation}
    return parts if like is None else parts | {"train-like": like}


def _measured(
    parts: dict[str, Predictions],
    replications: Sequence[tuple[Predictions, ...]],
    metric: str,
    *,
    seed: int,
    replicates: int,
) -> dict[str, Measured]:
    """Each part's error over all trainings."""
    runs = [tuple(parts.values()), *replications]
    _check_runs(runs)
    shocks_BS = seed_shocks(len(runs), replicates, seed)
    return {
        name: measure(name, [run[number] for run in runs], metric, shocks_BS=shocks_BS, seed=seed)
        for number, name in enumerate(parts)
    }


def _checked_metric(metric: str, parts: dict[str, Predictions]) -> str:
    train = parts["training"]
    if metric == "auto":
        metric = "accuracy" if train.task.is_classification else "rmse"
    check_metric(metric, train.task)
    return metric


def _check_runs(runs: Sequence[tuple[Predictions, ...]]) -> None:
    """Each training must have predicted the same rows."""
    for number, run in enumerate(runs[1:], 1):
        if len(run) != len(runs[0]):
            raise DataError(
                f"replication {number} has {len(run)} parts, and the first training {len(runs[0])}"
            )
        for part, first in zip(run, runs[0], strict=True):
            if not np.array_equal(part.truth, first.truth):
                raise DataError(
                    f"replication {number} predicts other rows than the first training",
                    hint="replications change the seed of the training, not the split",
                )


def _known(bayes_error: float | None, floor: Floor | None, metric: str) -> Floor | None:
    if bayes_error is None:
        return floor
    if floor is not None:
        raise RecipeError("both bayes_error and floor were given, and one is the other", where="bayes_error")
    return Floor.given(bayes_error, metric)


def _diagnosis(gaps: Gaps, num_seeds: int, of_images: bool, *, classes: bool) -> Diagnosis:
    judgement, mismatch = judge(gaps), gaps.mismatch
    return Diagnosis(
        metric=gaps.metric,
        floor=gaps.floor,
        train_error=gaps.train.interval,
        validation_error=gaps.validation.interval,
        bias=gaps.bias.interval,
        variance=gaps.variance.interval,
        verdict=judgement.verdict,
        because=judgement.because,
        missing=judgement.missing,
        remedies=_advice(gaps, judgement, of_images, classes=classes),
        rows=(gaps.train.num_rows, gaps.validation.num_rows),
        bootstrap=(gaps.train.bootstrap, gaps.validation.bootstrap),
        mismatch=None if mismatch is None else mismatch.interval,
        train_like_error=None if gaps.train_like is None else gaps.train_like.interval,
        num_seeds=num_seeds,
    )

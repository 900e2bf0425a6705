"""Error analysis: training and validation error against the floor."""

from __future__ import annotations

from assay.core.errors import DataError
from assay.core.metrics import check_metric
from assay.core.predictions import Predictions
from assay.core.seeds import child_seed
from assay.diagnosis.absent import Absent
from assay.diagnosis.bootstrap import bootstrap, defined_error
from assay.diagnosis.diagnosis import Diagnosis
from assay.diagnosis.floor import Floor
from assay.diagnosis.gaps import Gaps, Measured
from assay.diagnosis.remedies import remedies
from assay.diagnosis.resampling import Resampling
from assay.diagnosis.verdict import judge


def diagnose(
    train: Predictions,
    validation: Predictions,
    *,
    metric: str = "auto",
    bayes_error: float | None = None,
    seed: int = 0,
    replicates: int = 1000,
) -> Diagnosis:
    """Say what is to blame for the error of a network: bias, variance, or nothing that can be cured.

    bias = training error - floor, variance = validation error - training error (Ng, Machine Learning
    Yearning, 2018). The larger one is to blame, if it is larger beyond the noise of the rows.

    The noise is measured by a bootstrap with 95 % percentile intervals (Efron 1979). It draws what errs alike
    together: with `times`, circular blocks of consecutive rows (Künsch 1989; Politis & Romano 1992), whose
    length follows from the rows' errors (Politis & White 2004; Patton, Politis & White 2009), at least
    N^(1/3); with `groups`, whole groups (Davison & Hinkley 1997); else rows. The intervals are widened as
    Student's t is for few independent pieces, and where each resample has the same error (no row was wrong,
    or each) their ends are those of Clopper & Pearson (1934). The diagnosis says in words what was drawn.

    Parts that differ are not compared: the verdict is "undecided" where validation lacks a class, and,
    without a floor, where the training error is above the validation error beyond the noise.

    Args:
        train: predictions of training rows, with their times or groups if they have any.
        validation: the same of validation rows.
        metric: what the errors are made of; auto: accuracy for classes, RMSE for quantities.
        bayes_error: the floor, the lowest error that anyone can reach, in the metric's own terms. Without it
            only bounds are known, and the verdict is "undecided" unless it is the same for every floor.
        seed: names the bootstrap's draws.
        replicates: how many resamples are drawn.

    Raises:
        DataError: the two parts are not of one task, or do not define the metric.
        RecipeError: the metric or the floor is impossible.
    """
    if train.task is not validation.task:
        raise DataError(
            f"the training rows are for {train.task.value}, the validation rows for {validation.task.value}"
        )
    if metric == "auto":
        metric = "accuracy" if train.task.is_classification else "rmse"
    check_metric(metric, train.task)
    given = None if bayes_error is None else Floor.given(bayes_error, metric)
    parts = {"training": train, "validation": validation}
    measured = {name: _measured(name, part, metric, seed, replicates) for name, part in parts.items()}
    floor = given or Floor.unknown(measured["validation"].interval)
    absent = Absent.of(train, validation)
    return _diagnosis(Gaps(metric, floor, measured["training"], measured["validation"], absent))


def _measured(name: str, part: Predictions, metric: str, seed: int, replicates: int) -> Measured:
    value = defined_error(part, metric, name)
    # Each part has draws of its own: with shared ones, equal sizes would make independent rows move together.
    errors = bootstrap(part, metric, seed=child_seed(seed, name), replicates=replicates)
    return Measured(value, errors, len(part), Resampling.of(part, metric).words)


def _diagnosis(gaps: Gaps) -> Diagnosis:
    judgement = judge(gaps)
    return Diagnosis(
        metric=gaps.metric,
        floor=gaps.floor,
        train_error=gaps.train.interval,
        validation_error=gaps.validation.interval,
        bias=gaps.bias,
        variance=gaps.variance,
        verdict=judgement.verdict,
        because=judgement.because,
        missing=judgement.missing,
        remedies=remedies(judgement),
        rows=(gaps.train.num_rows, gaps.validation.num_rows),
        bootstrap=(gaps.train.bootstrap, gaps.validation.bootstrap),
    )

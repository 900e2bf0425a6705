"""What more rows would buy: errors at a few numbers of training rows, and the power law that they follow.

Shapes: N validation rows, K numbers of training rows, R replicates.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np

from assay.core.errors import BundleError
from assay.core.interval import Interval
from assay.core.metrics import weighted_error
from assay.core.predictions import Predictions
from assay.core.seeds import child_seed
from assay.diagnosis.bootstrap import error_interval, interval
from assay.diagnosis.power_law import PowerLaws, power_laws
from assay.diagnosis.resampling import Resampling

TIMES = 4
"""How many times the rows the curve is followed to."""
_LEAST_SIZES = 3
_LEAST_SPAN = 4  # the most rows by the fewest
_CLEAR = 0.5  # of the error: an interval of the gain that is wider says nothing of use
_SURE = 0.975  # of the resamples
_NUM_BAND = 25
_CELLS = 1_000_000  # counts held at once


@dataclass(frozen=True)
class Point:
    """The errors of one training: how many rows it had, and what it came to."""

    rows: int
    train_error: Interval
    validation_error: Interval


@dataclass(frozen=True)
class Ahead:
    """The curve at a number of rows: where none was measured, an extrapolation."""

    rows: int
    error: Interval


@dataclass(frozen=True)
class LearningCurve:
    """Errors by the number of training rows, with 95 % intervals.

    Attributes:
        metric: what the errors are made of.
        points: of the trainings, by rising rows.
        curve: the fitted validation error from the fewest rows to four times the most; empty where the points
            allow no curve.
        gain: what four times the rows would take off the validation error; None without a curve.
        because: what the curve says and on what grounds, in sentences.
    """

    metric: str
    points: tuple[Point, ...]
    curve: tuple[Ahead, ...]
    gain: Interval | None
    because: str

    @classmethod
    def of(
        cls,
        metric: str,
        parts: Iterable[tuple[Predictions, Predictions]],
        *,
        seed: int = 0,
        replicates: int = 1000,
    ) -> Self:
        """Measure the trainings, and follow the curve as far as it can be followed.

        Args:
            metric: what the errors are made of.
            parts: (training, validation) predictions of each training; the same validation rows each time, in
                the same order.
            seed: of the resampling.
            replicates: R.

        Raises:
            RecipeError: the task has no such metric.
            DataError: the rows do not define it.
        """
        ordered = sorted(parts, key=lambda part: len(part[0]))
        points = tuple(
            Point(len(train), *(error_interval(p, metric, seed=seed) for p in (train, validation)))
            for train, validation in ordered
        )
        rows_K = np.array([point.rows for point in points], dtype=np.float64)
        if short := _too_short(rows_K):
            return cls(metric, points, (), None, short)
        validations = [validation for _, validation in ordered]
        errors_RK = _resampled(validations, metric, seed, replicates)
        first_R, last_R = (errors_RK[:, rows_K == end].mean(axis=1) for end in (rows_K.min(), rows_K.max()))
        if np.mean(first_R < last_R) > _SURE:
            return cls(metric, points, (), None, _rises(points))
        errors_K = np.array([point.validation_error.value for point in points])
        rng = np.random.default_rng(child_seed(seed, "power laws"))
        laws = power_laws(rows_K, errors_K, _covariance(errors_RK), rng)
        gain = _middle(laws.gain(TIMES))
        told = _told(gain, points, is_clear=float(np.mean(first_R > last_R)) > _SURE)
        return cls(metric, points, _followed(points, laws), gain, told)

    @property
    def ahead(self) -> Ahead | None:
        """The validation error at four times the rows; None without a curve."""
        return self.curve[-1] if self.curve else None

    def to_json(self) -> dict[str, Any]:
        """The record as `learning_curve.json` holds it."""
        return {
            "metric": self.metric,
            "points": [asdict(point) for point in self.points],
            "curve": [asdict(ahead) for ahead in self.curve],
            "times": TIMES,
            "ahead": asdict(self.ahead) if self.ahead else None,
            "gain": asdict(self.gain) if self.gain else None,
            "because": self.because,
        }

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> Self:
        """The learning curve of a record.

        Raises:
            BundleError: the record is not what `to_json` wrote.
        """
        try:
            return cls(
                metric=str(record["metric"]),
                points=tuple(
                    Point(
                        int(point["rows"]),
                        Interval(**point["train_error"]),
                        Interval(**point["validation_error"]),
                    )
                    for point in record["points"]
                ),
                curve=tuple(Ahead(int(one["rows"]), Interval(**one["error"])) for one in record["curve"]),
                gain=Interval(**record["gain"]) if record["gain"] else None,
                because=str(record["because"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise BundleError(f"the learning curve is damaged: {error}") from error


def _too_short(rows_K: np.ndarray) -> str:
    sizes = sorted({int(rows) for rows in rows_K})
    if len(sizes) >= _LEAST_SIZES and sizes[-1] >= _LEAST_SPAN * sizes[0]:
        return ""
    found = (
        f"{len(sizes)} numbers of training rows, from {sizes[0]:,} to {sizes[-1]:,}"
        if sizes
        else "no training"
    )
    return (
        f"The curve is too short to follow: {found}; "
        f"it takes {_LEAST_SIZES}, and {_LEAST_SPAN} times as many at its end as at its beginning."
    )


def _resampled(parts: Sequence[Predictions], metric: str, seed: int, replicates: int) -> np.ndarray:
    """(R, K) the errors on one and the same resample of the validation rows each time."""
    rng, resampling = (
        np.random.default_rng(child_seed(seed, "learning curve")),
        Resampling.of(parts[-1], metric),
    )
    on_rows = [weighted_error(p, metric) for p in parts]
    at_once = max(1, min(replicates, _CELLS // len(parts[-1])))
    errors = []
    for start in range(0, replicates, at_once):
        counts = np.stack([resampling.draw(rng) for _ in range(min(at_once, replicates - start))])
        errors.append(np.stack([error(counts) for error in on_rows], axis=1))
    errors_RK = np.concatenate(errors)
    defined_RK = errors_RK[np.isfinite(errors_RK).all(axis=1)]
    return np.resize(defined_RK, errors_RK.shape)


def _covariance(errors_RK: np.ndarray) -> np.ndarray:
    """(K, K), of full rank where errors are equal on every resample."""
    covariance_KK: np.ndarray = np.cov(errors_RK, rowvar=False)
    covariance_KK += np.eye(len(covariance_KK)) * (1e-6 * errors_RK.mean() ** 2 + 1e-12)
    return covariance_KK


def _followed(points: Sequence[Point], laws: PowerLaws) -> tuple[Ahead, ...]:
    rows = np.geomspace(points[0].rows, TIMES * points[-1].rows, _NUM_BAND)
    return tuple(Ahead(round(number), _middle(laws.error(number))) for number in rows)


def _middle(values_R: np.ndarray) -> Interval:
    return interval(float(np.median(values_R)), values_R)


def _rises(points: Sequence[Point]) -> str:
    rises = f"higher with {points[-1].rows:,} training rows than with {points[0].rows:,}"
    return f"The validation error is {rises}, beyond noise: no curve that falls fits it."


def _told(gain: Interval, points: Sequence[Point], *, is_clear: bool) -> str:
    """In sentences; `is_clear` says whether the measured error falls beyond the validation rows' noise."""
    fewest, most, error = points[0].rows, points[-1].rows, points[-1].validation_error.value
    assert gain.value is not None  # the median of the drawn curves
    assert error is not None  # measured
    decimals = _decimals(gain.high - gain.low)
    value, low, high, now = (f"{one:,.{decimals}f}" for one in (gain.value, gain.low, gain.high, error))
    ahead = f"{TIMES} times the rows ({TIMES * most:,})"
    if not is_clear:
        return (
            f"From {fewest:,} to {most:,} training rows the validation error falls by no more than noise. "
            f"{ahead} would buy at most {high} of the error of {now}."
        )
    if gain.high - gain.low > _CLEAR * error:
        noisy = "the curve is too noisy to say it closer"
        return f"{ahead} would buy between {low} and {high} of the error of {now}: {noisy}."
    return f"{ahead} would buy about {value} of the error of {now} ({low} to {high})."


def _decimals(width: float) -> int:
    """As many as give the width of an interval two digits."""
    return max(1 - math.floor(math.log10(width)), 0) if width > 0.0 else 4

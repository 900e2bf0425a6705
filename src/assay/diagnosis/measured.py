"""The error of one part of the rows, with its noise.

Shapes: B replicates of the bootstrap, S trainings with different seeds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assay.core.interval import Interval
from assay.core.predictions import Predictions
from assay.core.seeds import child_seed
from assay.diagnosis.bootstrap import bootstrap, defined_error, interval
from assay.diagnosis.resampling import Resampling


@dataclass(frozen=True)
class Measured:
    """An error with its replicates.

    Attributes:
        error: on all rows; of several trainings, the mean of their errors.
        replicates: on resamples of the rows, and of the trainings where there are several, (B,).
        num_rows: how many rows there are.
        bootstrap: how the resamples were drawn, in words.
        num_groups: how many groups were drawn from; None where rows were.
    """

    error: float
    replicates: np.ndarray
    num_rows: int
    bootstrap: str
    num_groups: int | None = None

    @property
    def interval(self) -> Interval:
        """The error with its 95 % interval."""
        return interval(self.error, self.replicates)

    @property
    def has_interval(self) -> bool:
        """Whether the rows say how far the error is uncertain; those of a single group don't."""
        return not np.isnan(self.replicates).any()


def measure(
    name: str, runs: Sequence[Predictions], metric: str, *, shocks_BS: np.ndarray, seed: int
) -> Measured:
    """Measure a part.

    Args:
        name: of the part; its rows are drawn by a seed of its own: with shared draws, parts of equal size
            would move together.
        runs: S predictions of the same rows, by trainings with different seeds.
        metric: what the error is made of.
        shocks_BS: (B, S) the noise of the trainings (see `seed_shocks`), shared by all parts.
        seed: the user's.
    """
    errors_S = np.array([defined_error(run, metric, name) for run in runs])
    draws = {"seed": child_seed(seed, name), "replicates": len(shocks_BS)}
    rows_B = np.mean([bootstrap(run, metric, **draws) for run in runs], axis=0)
    replicates_B = rows_B if len(runs) == 1 else np.maximum(rows_B + shocks_BS @ errors_S, 0.0)
    drawn = Resampling.of(runs[0], metric)
    words = drawn.words if len(runs) == 1 else f"{drawn.words}, and over {len(runs)} seeds"
    groups = drawn.units if drawn.of_groups else None
    return Measured(float(errors_S.mean()), replicates_B, len(runs[0]), words, groups)


def seed_shocks(num_seeds: int, replicates: int, seed: int) -> np.ndarray:
    """Weights (B, S) that turn the errors of S trainings into B draws of their mean's noise.

    A multiplier bootstrap: the draws are normal with the covariance of the mean of S (of all parts at once,
    since one training makes the errors of all), widened to Student's t with S - 1 degrees of freedom.
    """
    if num_seeds == 1:
        return np.zeros((replicates, 1))
    rng = np.random.default_rng(child_seed(seed, "trainings"))
    normal_BS = rng.standard_normal((replicates, num_seeds))
    centred_BS = normal_BS - normal_BS.mean(axis=1, keepdims=True)
    wider_B = np.sqrt((num_seeds - 1) / rng.chisquare(num_seeds - 1, size=replicates))
    shocks_BS: np.ndarray = wider_B[:, None] * centred_BS / np.sqrt(num_seeds * (num_seeds - 1))
    return shocks_BS

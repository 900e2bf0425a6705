"""How well each column alone predicts the target, on rows that the prediction was not made from.

The column's values are put into bins (quantiles of numbers, categories, one for missing), each bin predicts
the mean or the commonest class of its rows in one half of a sample, and the other half judges. A column with
as many values as rows (an identifier) learns nothing that holds on the other half, so it cannot pass for a
good one.

Suffixes: N rows of a half, B bins, K classes.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np
import polars as pl

from assay.core.seeds import child_seed
from assay.data.column import Kind
from assay.data.inspection.ascending import is_first
from assay.data.table import Table

_FEWEST = 30  # rows with a target; below, chance decides
_PRESENT = 0.8  # of the values, for ranks to stand for the column
_MOST_BINS = 256
_MOST_CELLS = 20_000_000  # of the bins x classes table


@dataclass(frozen=True)
class Alone:
    """The predictive power of one column.

    Attributes:
        name: the column.
        measure: ``"R2"`` (of the values or their ranks, the higher) for a quantity; ``"accuracy"``.
        measured: on the judging half.
        baseline: of always predicting the mean (0) or the commonest class.
        score: the share of the baseline's error that is gone: R2, or (measured - baseline) / (1 - baseline);
            never below 0.
    """

    name: str
    measure: Literal["R2", "accuracy"]
    measured: float
    baseline: float
    score: float

    def to_json(self) -> dict[str, object]:
        """Plain values."""
        return asdict(self)


def predictive_power(table: Table) -> dict[str, Alone]:
    """By feature; empty without a target, for fewer than 30 rows, and for a target with one value.

    Dates are left out: a random half says nothing about a later time.

    Args:
        table: a sample of the rows, at most some ten thousand.
    """
    if table.target is None or table.task is None:
        return {}
    known = table.frame.filter(pl.col(table.target.name).is_not_null())
    if known.height < _FEWEST or known[table.target.name].n_unique() < 2:
        return {}
    half = np.random.default_rng(child_seed(0, "alone")).permutation(known.height) < known.height // 2
    target = known[table.target.name]
    judge = _ClassJudge(target, half) if table.task.is_classification else _ValueJudge(target, half)
    judged = [known[column.name] for column in table.features if column.kind is not Kind.DATE]
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # sorting lets Python's lock go
        found = list(pool.map(judge.score, judged))
    return {alone.name: alone for alone in found if alone is not None}


class _ValueJudge:
    """Judges predictions of a quantity."""

    def __init__(self, target: pl.Series, half: np.ndarray) -> None:
        values = target.cast(pl.Float64).to_numpy()
        self.half = half
        self.fit_N, self.judged_N = values[half], values[~half]
        self.ranks_N = _ranks(self.judged_N)
        with np.errstate(over="ignore", invalid="ignore"):  # beyond 1e154 the squares are: no score then
            self.mean = self.fit_N.mean()
            self.spread = float(((self.judged_N - self.mean) ** 2).sum())

    def score(self, feature: pl.Series) -> Alone | None:
        if not (np.isfinite(self.spread) and self.spread > 0):
            return None
        r2 = max(self._by_bins(feature), self._by_rank(feature))
        return Alone(feature.name, "R2", r2, 0.0, max(r2, 0.0))

    def _by_bins(self, feature: pl.Series) -> float:
        bins, num_bins = _bins(feature, self.half)
        sums_B = np.bincount(bins[self.half], self.fit_N, minlength=num_bins)
        counts_B = np.bincount(bins[self.half], minlength=num_bins)
        means_B = (sums_B + self.mean) / (counts_B + 1)  # one row's weight for the mean of all
        return self._r2(means_B[bins[~self.half]])

    def _by_rank(self, feature: pl.Series) -> float:
        """Spearman's rho squared: finds the target in another unit, or its logarithm, whatever its tails."""
        if not feature.dtype.is_numeric():
            return 0.0
        x = feature.cast(pl.Float64).to_numpy()[~self.half]
        there = ~np.isnan(x)
        if there.mean() < _PRESENT:
            return 0.0
        x_rank = _ranks(x[there])
        y_rank = self.ranks_N if there.all() else _ranks(self.judged_N[there])
        spread = float((x_rank**2).sum() * (y_rank**2).sum())
        return float((x_rank * y_rank).sum()) ** 2 / spread if spread > 0 else 0.0

    def _r2(self, predicted_N: np.ndarray) -> float:
        return 1.0 - float(((self.judged_N - predicted_N) ** 2).sum()) / self.spread


def _ranks(values: np.ndarray) -> np.ndarray:
    """Ranks, ties by their mean, centred at 0."""
    order = np.argsort(values)
    starts = np.flatnonzero(is_first(values[order]))
    tied = np.diff(starts, append=len(values))
    ranks = np.empty(len(values))
    ranks[order] = np.repeat(starts + (tied - 1) / 2, tied)
    ranks -= ranks.mean()
    return ranks


class _ClassJudge:
    """Judges predictions of a class."""

    def __init__(self, target: pl.Series, half: np.ndarray) -> None:
        classes = target.rank("dense").to_numpy().astype(np.int64) - 1
        self.half = half
        self.fit_N, self.judged_N = classes[half], classes[~half]
        self.num_classes = int(classes.max()) + 1
        self.counts_K = np.bincount(self.fit_N, minlength=self.num_classes)
        self.baseline = float((self.judged_N == self.counts_K.argmax()).mean())

    def score(self, feature: pl.Series) -> Alone | None:
        """By the better bins: the usual ones, in which a rare class may share one, or runs of one class."""
        if self.baseline == 1.0:
            return None
        binned = [_bins(feature, self.half)]
        if feature.dtype.is_numeric():
            binned += self._runs(feature.cast(pl.Float64).to_numpy())
        found = [self._accuracy(*bins) for bins in binned if bins[1] * self.num_classes <= _MOST_CELLS]
        if not found:
            return None
        gone = (max(found) - self.baseline) / (1.0 - self.baseline)
        return Alone(feature.name, "accuracy", max(found), self.baseline, max(gone, 0.0))

    def _runs(self, values: np.ndarray) -> list[tuple[np.ndarray, int]]:
        """Bins whose edges lie where the class changes, if that is seldom; what is noise changes often."""
        fit, there = values[self.half], ~np.isnan(values)
        known = there[self.half]
        order = np.argsort(fit[known])
        sorted_N, classes_N = fit[known][order], self.fit_N[known][order]
        is_edge = (classes_N[1:] != classes_N[:-1]) & (sorted_N[1:] > sorted_N[:-1])
        if not 0 < is_edge.sum() < _usual_bins(len(sorted_N)):
            return []
        edges = 0.5 * sorted_N[:-1][is_edge] + 0.5 * sorted_N[1:][is_edge]
        bins = np.where(there, np.searchsorted(edges, values, side="left"), len(edges) + 1)
        return [(bins, len(edges) + 2)]

    def _accuracy(self, bins: np.ndarray, num_bins: int) -> float:
        cells = bins[self.half] * self.num_classes + self.fit_N
        counts_BK = np.bincount(cells, minlength=num_bins * self.num_classes).reshape(num_bins, -1)
        prior_K = self.counts_K / len(self.fit_N)  # decides ties and bins without a row
        guess_B = (counts_BK + prior_K).argmax(axis=1)
        return float((guess_B[bins[~self.half]] == self.judged_N).mean())


def _bins(feature: pl.Series, half: np.ndarray) -> tuple[np.ndarray, int]:
    """(2N,) bin numbers and how many bins there are; the last is for missing values."""
    if feature.dtype.is_numeric():
        return _number_bins(feature.cast(pl.Float64).to_numpy(), half)
    codes = feature.rank("dense").fill_null(0).to_numpy().astype(np.int64)
    most = int(codes.max())
    return np.where(codes == 0, most, codes - 1), most + 1


def _usual_bins(num_rows: int) -> int:
    return int(np.clip(np.sqrt(num_rows), 2, _MOST_BINS))


def _number_bins(values: np.ndarray, half: np.ndarray) -> tuple[np.ndarray, int]:
    there = ~np.isnan(values)
    fit = np.sort(values[half & there])
    most = _usual_bins(len(fit))
    edges = fit[is_first(fit)]
    if len(edges) > most:
        edges = np.unique(fit[np.linspace(0, len(fit) - 1, most).astype(np.int64)])
    bins = np.where(there, np.searchsorted(edges, values, side="left"), len(edges) + 1)
    return bins, len(edges) + 2

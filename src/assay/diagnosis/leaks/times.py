"""L402: held-out rows lie between training rows of nearly the same moment, and targets change slowly.

Suffixes: N training rows, M held-out rows.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from assay.data.column import Kind, Role
from assay.diagnosis.leaks.kinship import judged, likeness, told
from assay.diagnosis.leaks.leak import Leak
from assay.diagnosis.leaks.pair import Pair
from assay.diagnosis.leaks.scores import Scores

_FEWEST = 30  # different moments
_STEPS = 3.0  # median steps in time that are near
_BETWEEN = 0.3  # of the held-out rows


def time_leak(pair: Pair, scores: Scores) -> Leak | None:
    """Whether the parts are mixed in time, and a row's target says much about its neighbour's."""
    name = _column(pair)
    if name is None:
        return None
    moments = _moments(pair.both(name))
    there = ~np.isnan(moments)
    train = np.flatnonzero(there[: pair.num_train])
    order = train[np.argsort(moments[train], kind="stable")]
    held_out_M = moments[pair.num_train :]
    different = np.unique(moments[there])
    if len(different) < _FEWEST or not len(order):
        return None
    near = _STEPS * float(np.median(np.diff(different)))
    between_M, nearest_M = _neighbours(moments[order], order, held_out_M, near)
    if between_M.mean() < _BETWEEN:
        return None
    alike = likeness(
        pair.targets[1][between_M],
        pair.targets[0][nearest_M[between_M]],
        is_class=pair.task.is_classification,
    )
    return _leak(name, moments, between_M, alike, scores) if alike else None


def _leak(name: str, moments: np.ndarray, between_M: np.ndarray, alike: float, scores: Scores) -> Leak:
    pair = scores.pair
    near_far = scores.of_future(moments)
    inflation, level = judged(near_far, alike)
    measure = "agreement beyond chance" if pair.task.is_classification else "rank correlation"
    compared = told(
        near_far,
        scores.metric,
        "on later rows with neighbours in time in training",
        "with earlier rows alone",
    )
    message = (
        f"{pair.share(int(between_M.sum()))} lie between training rows of nearly the same {name!r}, and "
        f"neighbours' targets are alike ({measure} {alike:.2f}){compared}"
    )
    advice = "if the network will meet later rows, hold out the latest ones (--split time)"
    return Leak("L402", level, message, advice, pair.part, pair.data_rows(between_M), inflation)


def _column(pair: Pair) -> str | None:
    if pair.train.time is not None:
        return pair.train.time.name
    dates = [
        column.name
        for column in pair.train.columns
        if column.kind is Kind.DATE and column.role in {Role.FEATURE, Role.IGNORED}
    ]
    return dates[0] if dates else None


def _moments(series: pl.Series) -> np.ndarray:
    if series.dtype.is_temporal():
        series = series.cast(pl.Datetime("us")).cast(pl.Int64).cast(pl.Float64) / 1e6
    if not series.dtype.is_numeric():
        return np.full(len(series), np.nan)
    return series.cast(pl.Float64).fill_null(np.nan).to_numpy()


def _neighbours(
    times_N: np.ndarray, order_N: np.ndarray, held_out_M: np.ndarray, near: float
) -> tuple[np.ndarray, np.ndarray]:
    """(M,) whether training rows lie near before and after (or at) it, and the nearer one's number."""
    wanted_M = np.nan_to_num(held_out_M, nan=-np.inf)
    after = np.searchsorted(times_N, wanted_M, side="left")
    before = np.searchsorted(times_N, wanted_M, side="right") - 1
    last = len(times_N) - 1
    to_before = np.where(before >= 0, wanted_M - times_N[np.clip(before, 0, last)], np.inf)
    to_after = np.where(after <= last, times_N[np.clip(after, 0, last)] - wanted_M, np.inf)
    between_M = np.isfinite(held_out_M) & (to_before <= near) & (to_after <= near)
    nearest = np.where(to_before <= to_after, np.clip(before, 0, last), np.clip(after, 0, last))
    return between_M, order_N[nearest]

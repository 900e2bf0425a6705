"""L401: rows of one person, device or the like stand on both sides, and are alike.

Suffixes: N training rows, M held-out rows.
"""

from __future__ import annotations

import re

import numpy as np
import polars as pl

from assay.data.column import Column, Kind, Role
from assay.data.inspection.codes import Level
from assay.diagnosis.leaks.kinship import judged, likeness, told
from assay.diagnosis.leaks.leak import Leak
from assay.diagnosis.leaks.pair import Pair
from assay.diagnosis.leaks.scores import Scores

_NAMES = """
    id ids uuid guid patient subject person participant customer client user household family donor student
    pupil employee animal mouse device machine sensor visitor artist album speaker author owner driver vehicle
"""
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_FEWEST_GROUPS = 10
_MOST_ROWS = 50  # of a group on average; larger ones (a shop, a district) are known when new rows come
_SHARED = 0.05  # of the held-out rows have their group in training


def group_leak(pair: Pair, scores: Scores) -> Leak | None:
    """The first column, given or named so, whose groups stand on both sides with targets alike."""
    for column in _candidates(pair):
        leak = _leak(pair, column, scores)
        if leak is not None:
            return leak
    return None


def _candidates(pair: Pair) -> list[Column]:
    if pair.train.group is not None:
        return [pair.train.group]
    return [
        column
        for column in pair.train.columns
        if column.role in {Role.FEATURE, Role.IGNORED}
        and column.kind not in {Kind.CONSTANT, Kind.DATE}
        and _names_group(column.name)
        and pair.num_train <= _MOST_ROWS * pair.train.frame[column.name].n_unique()
    ]


def _names_group(name: str) -> bool:
    """Whether its last word does: `patient_id`, `customer`, but not `customer_age`."""
    words = _WORD.findall(name)
    return bool(words) and words[-1].lower() in _NAMES.split()


def _leak(pair: Pair, column: Column, scores: Scores) -> Leak | None:
    both = pair.both(column.name)
    codes = both.rank("dense").cast(pl.Int64).fill_null(0).to_numpy()
    train_N, held_out_M = codes[: pair.num_train], codes[pair.num_train :]
    shared_M = np.isin(held_out_M, train_N[train_N > 0])
    num_groups = len(np.unique(train_N[train_N > 0]))
    if num_groups < _FEWEST_GROUPS or shared_M.mean() < _SHARED:
        return None
    alike = likeness(
        pair.targets[1][shared_M],
        _of_group(pair, train_N)[held_out_M[shared_M]],
        is_class=pair.task.is_classification,
    )
    if not alike:
        return None
    near_far = scores.of_kin(train_N, held_out_M)
    inflation, level = judged(near_far, alike)
    if column is not pair.train.group:  # recognised by its name alone: new rows may be of known groups
        level = min(level, Level.WARNING)
    measure = "agreement beyond chance" if pair.task.is_classification else "rank correlation"
    count = int(shared_M.sum())
    message = (
        f"{pair.share(count)} have rows of the same {column.name!r} in training ({num_groups:,} there), and "
        f"their targets are alike ({measure} {alike:.2f})"
        f"{told(near_far, scores.metric, f'with rows of the same {column.name!r} in training', 'without')}"
    )
    advice = (
        f"if new rows will come with a new {column.name!r}, keep each in one part "
        f"(--group-column {column.name!r})"
    )
    return Leak("L401", level, message, advice, pair.part, pair.data_rows(shared_M), inflation)


def _of_group(pair: Pair, train_N: np.ndarray) -> np.ndarray:
    """By group number: the mean target of its training rows, or its commonest class."""
    target_N = pair.targets[0]
    most = int(train_N.max()) + 1
    if not pair.task.is_classification:
        counts = np.maximum(np.bincount(train_N, minlength=most), 1)
        return np.asarray(np.bincount(train_N, target_N, minlength=most) / counts)
    frame = pl.DataFrame({"group": train_N, "label": target_N}).group_by("group", "label").len()
    first = frame.sort(["len", "label"], descending=[True, False]).unique("group", keep="first")
    commonest = np.zeros(most, dtype=np.int64)
    commonest[first["group"].to_numpy()] = first["label"].to_numpy()
    return commonest

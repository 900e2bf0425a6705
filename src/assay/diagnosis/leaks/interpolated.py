"""L105: rows of a rare class that lie on the line between two others: SMOTE before the split.

Suffixes: Q rows that are looked at, D features, k neighbours.
"""

from __future__ import annotations

import numpy as np

from assay.core.seeds import child_seed
from assay.data.column import Kind
from assay.diagnosis.leaks.leak import Leak
from assay.diagnosis.leaks.pair import Pair, counted
from assay.diagnosis.leaks.scores import Scores
from assay.diagnosis.leaks.wording import adds, level_of, percent

_MOST = 200  # rows of a class that are looked at
_NEIGHBOURS = 25
_STRAIGHT = 1e-6  # 1 + cosine of the angle between the two neighbours, seen from the row
_COLUMNS = 3  # that change along the line, at least
_RATE = 0.15  # of the class's rows
_TIMES = 4.0  # as often as in the class where it is rarest


def interpolated(pair: Pair, scores: Scores) -> Leak | None:
    """Whether held-out rows of a class lie exactly between two of it, of which one or both are training rows.

    SMOTE (Chawla et al. 2002) draws a row on the line between one of the class and one of its neighbours. By
    chance no row of three columns or more does.
    """
    places = pair.positions(Kind.QUANTITATIVE, Kind.ORDINAL)
    if not pair.task.is_classification or len(places) < _COLUMNS:
        return None
    points = np.nan_to_num(np.concatenate([part[:, places] for part in pair.numbers]))
    std_D = points.std(axis=0)
    points = points[:, std_D > 0.0] / std_D[std_D > 0.0]
    classes = np.concatenate(pair.targets)
    between: dict[int, tuple[np.ndarray, np.ndarray]] = {
        int(number): _between(points, np.flatnonzero(classes == number), pair.num_train)
        for number in np.unique(classes)
    }
    rates = {number: float(found.mean()) for number, (_, found) in between.items() if len(found) >= 5}
    if len(rates) < 2:
        return None
    made = [n for n, rate in rates.items() if rate >= _RATE and rate >= _TIMES * min(rates.values())]
    return _leak(pair, between, made, rates, scores) if made else None


def _leak(
    pair: Pair,
    between: dict[int, tuple[np.ndarray, np.ndarray]],
    made: list[int],
    rates: dict[int, float],
    scores: Scores,
) -> Leak:
    rows = np.concatenate([between[number][0][between[number][1]] for number in made])
    leaked = np.zeros(pair.num_held_out, dtype=bool)
    leaked[rows] = True
    unknown = np.ones(pair.num_held_out, dtype=bool)
    unknown[np.concatenate([looked_at for looked_at, _ in between.values()])] = False
    added = scores.of_rows(leaked, left_out=unknown)
    most = max(made, key=rates.__getitem__)
    sample = f"{counted(len(between[most][0]), f'{pair.part} row')} looked at"
    seen = sum(len(between[number][0]) for number in made)
    message = (
        f"{percent(rates[most])} of {sample} of class {pair.labels[most]!r} lie exactly between two "
        f"others of it, a training row among them ({len(rows):,} found among {seen:,}): rows were made by "
        f"interpolation (SMOTE) before the split{adds(added, scores)}"
    )
    advice = "split first, and make rows from training rows alone; test rows must be real"
    share = float(np.mean([rates[number] for number in made]))
    return Leak(
        "L105",
        level_of(added.value, share),
        message,
        advice,
        pair.part,
        pair.data_rows(np.sort(rows)),
        added.value,
        unknown=pair.data_rows(unknown),
    )


def _between(points: np.ndarray, rows: np.ndarray, num_train: int) -> tuple[np.ndarray, np.ndarray]:
    """Some held-out rows of a class, and whether each lies between a training row and another one."""
    from sklearn.neighbors import NearestNeighbors

    held_out = rows[rows >= num_train]
    if len(held_out) > _MOST:
        rng = np.random.default_rng(child_seed(0, "interpolated"))
        held_out = np.sort(rng.choice(held_out, _MOST, replace=False))
    k = min(_NEIGHBOURS, len(rows) - 1)
    if k < 2 or not len(held_out):
        return held_out - num_train, np.zeros(len(held_out), dtype=bool)
    index = NearestNeighbors(n_neighbors=k + 1).fit(points[rows])
    near_Qk = rows[index.kneighbors(points[held_out], return_distance=False)]
    found = [
        _is_between(points[row], points[near], near < num_train)
        for row, near in zip(held_out, near_Qk, strict=True)
    ]
    return held_out - num_train, np.array(found, dtype=bool)


def _is_between(point_D: np.ndarray, near_kD: np.ndarray, in_train_k: np.ndarray) -> bool:
    towards_kD = near_kD - point_D
    lengths_k = np.linalg.norm(towards_kD, axis=1)
    kept = (lengths_k > 1e-9) & ((np.abs(towards_kD) > 1e-9).sum(axis=1) >= _COLUMNS)
    units_kD = towards_kD[kept] / lengths_k[kept][:, None]
    straight_kk = units_kD @ units_kD.T < -1.0 + _STRAIGHT
    one_in_train_kk = in_train_k[kept][:, None] | in_train_k[kept][None, :]
    return bool((straight_kk & one_in_train_kk).any())

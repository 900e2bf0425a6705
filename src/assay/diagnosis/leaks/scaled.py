"""L201: columns that were scaled with the minimum, maximum, mean or deviation of all rows, held-out ones too.

Suffixes: N training rows, U rows of all parts, D features.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from assay.core.predictions import Predictions
from assay.data.inspection.codes import Level
from assay.diagnosis.leaks.leak import Leak
from assay.diagnosis.leaks.pair import Pair, listed
from assay.diagnosis.leaks.scores import METRICS, Scores
from assay.diagnosis.leaks.wording import METRIC_WORDS

_EXACT = 1e-5  # what float32 and seven digits of text leave of an exact 0 or 1
_APART = 1e-4  # from which on the training part surely has other statistics
_FEWEST_VALUES = 10  # different ones; a flag is 0 and 1 by itself
_FEW_ROWS = 3  # that reach an end; more are a natural boundary
_RANGES = ((0.0, 1.0), (-1.0, 1.0))
_NEIGHBOURS = 15


@dataclass(frozen=True, eq=False)
class _Scaling:
    """How columns were scaled: by what words, which fit over all rows, and which of them not in training."""

    words: str
    fits: np.ndarray
    apart: np.ndarray


def scaled_on_all(pairs: Sequence[Pair]) -> Leak | None:
    """Whether columns have exact statistics over training and held-out rows that they lack in training alone.

    Columns scaled by the training rows have them there; raw columns nowhere.

    Args:
        pairs: the same training rows beside each other part.
    """
    places = [
        place
        for place, column in enumerate(pairs[0].features)
        if pairs[0].train.frame[column.name].dtype.is_numeric()
    ]
    if not places:
        return None
    train_ND = pairs[0].numbers[0][:, places]
    for size in range(len(pairs), 0, -1):
        for chosen in combinations(pairs, size):
            union_UD = np.concatenate([train_ND, *(pair.numbers[1][:, places] for pair in chosen)])
            found = _by_range(train_ND, union_UD) or _by_moments(train_ND, union_UD)
            if found is not None:
                return _leak(chosen, [pairs[0].features[place].name for place in places], found, places)
    return None


def _by_range(train_ND: np.ndarray, union_UD: np.ndarray) -> _Scaling | None:
    varied_D = np.array([_is_varied(column) for column in union_UD.T])
    low_D, high_D = _ends(union_UD)
    train_low_D, train_high_D = _ends(train_ND)
    for low, high in _RANGES:
        fits = varied_D & (np.abs(low_D - low) <= _EXACT) & (np.abs(high_D - high) <= _EXACT)
        lost_low, lost_high = train_low_D > low + _APART, train_high_D < high - _APART
        rare_low = (np.abs(union_UD - low) <= _EXACT).sum(axis=0) <= _FEW_ROWS
        rare_high = (np.abs(union_UD - high) <= _EXACT).sum(axis=0) <= _FEW_ROWS
        apart = fits & ((lost_low & rare_low) | (lost_high & rare_high))
        if (
            fits.sum() >= 0.5 * varied_D.sum()
            and apart.any()
            and (fits.sum() >= 3 or apart.sum() == fits.sum())
        ):
            return _Scaling(f"reach exactly {low:g} and {high:g}", fits, apart)
    return None


def _by_moments(train_ND: np.ndarray, union_UD: np.ndarray) -> _Scaling | None:
    fits = _is_standard(union_UD, _EXACT)
    apart = fits & ~_is_standard(train_ND, _APART)
    if apart.sum() >= 2 or (apart.any() and apart.sum() == fits.sum() == union_UD.shape[1]):
        return _Scaling("have exactly mean 0 and standard deviation 1", fits, apart)
    return None


def _is_standard(x_ND: np.ndarray, tolerance: float) -> np.ndarray:
    """(D,) whether mean and standard deviation (by N or N - 1) are 0 and 1."""
    there_D = (~np.isnan(x_ND)).sum(axis=0)
    count_D = np.maximum(there_D, 2)
    mean_D = np.nansum(x_ND, axis=0) / count_D
    square_D = np.nansum((x_ND - mean_D) ** 2, axis=0)
    stds = (np.sqrt(square_D / count_D), np.sqrt(square_D / (count_D - 1)))
    is_one = np.minimum(*(np.abs(std - 1.0) for std in stds)) <= tolerance
    return np.asarray((np.abs(mean_D) <= tolerance) & is_one & (there_D > 2))


def _is_varied(column: np.ndarray) -> bool:
    known = column[~np.isnan(column)]
    return len(np.unique(known[:10_000])) >= _FEWEST_VALUES


def _ends(x_ND: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    low_D = np.where(np.isnan(x_ND), np.inf, x_ND).min(axis=0)
    return low_D, np.where(np.isnan(x_ND), -np.inf, x_ND).max(axis=0)


def _leak(chosen: Sequence[Pair], names: list[str], found: _Scaling, places: list[int]) -> Leak:
    columns = tuple(name for name, fits in zip(names, found.fits, strict=True) if fits)
    apart = [name for name, is_apart in zip(names, found.apart, strict=True) if is_apart]
    parts = ", ".join(["training", *(pair.part for pair in chosen[:-1])]) + f" and {chosen[-1].part}"
    inflation = _inflation(chosen[-1], np.array(places)[found.fits])
    added = ""
    if inflation is not None:
        metric = METRIC_WORDS[METRICS[chosen[-1].task.is_classification]]
        does = f"takes {-inflation:.3f} away from" if inflation <= -0.0005 else "adds nothing to"
        does = f"adds {inflation:.3f} to" if inflation >= 0.0005 else does
        added = f"; it {does} the {metric} of {_NEIGHBOURS} nearest neighbours"
    message = (
        f"{len(columns):,} of {len(names):,} columns of numbers {found.words} over {parts} rows "
        f"together, and {len(apart):,} of them ({listed(apart)}) don't in training alone{added}"
    )
    advice = "split first; fit the scaling on the training rows and apply it to the others"
    return Leak("L201", Level.WARNING, message, advice, chosen[-1].part, inflation=inflation, columns=columns)


def _inflation(pair: Pair, places: np.ndarray) -> float | None:
    """What the scaling adds to the score of nearest neighbours, whose distances it changes; often nothing."""
    from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

    is_class = pair.task.is_classification
    rng = np.random.default_rng(0)
    train, held_out = (
        np.sort(rng.permutation(num_rows)[:most])
        for num_rows, most in ((pair.num_train, 10_000), (pair.num_held_out, 2_000))
    )
    if len(train) < _NEIGHBOURS:
        return None
    x_ND, x_MD = (
        np.nan_to_num(part[rows][:, places])
        for part, rows in zip(pair.numbers, (train, held_out), strict=True)
    )
    std_D = x_ND.std(axis=0)
    std_D[std_D == 0.0] = 1.0
    values = []
    for scale_D in (1.0, std_D):  # distances know no mean
        model = (KNeighborsClassifier if is_class else KNeighborsRegressor)(_NEIGHBOURS, algorithm="brute")
        model.fit(x_ND / scale_D, pair.targets[0][train])
        predicted = model.predict(x_MD / scale_D)
        output = np.eye(len(pair.labels))[predicted] if is_class else predicted
        p = Predictions(pair.task, pair.targets[1][held_out], output, pair.labels)
        values.append(Scores(pair).score(p))
    return None if values[0] is None or values[1] is None else values[0] - values[1]

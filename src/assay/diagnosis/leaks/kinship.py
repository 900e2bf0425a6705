"""How alike the targets of kin are: a held-out row's and that of training rows of its group or moment.

Suffixes: M held-out rows with kin in training.
"""

from __future__ import annotations

import numpy as np

from assay.core.numbers import number
from assay.data.inspection.codes import Level
from assay.diagnosis.leaks import reference
from assay.diagnosis.leaks.wording import METRIC_WORDS, level_of

_LEAST = 0.1  # correlation, or agreement beyond chance, from which on kin are alike
_VERY_ALIKE = 0.5
_SURELY = 4.0  # standard errors
_FEWEST = 20  # rows
_ADDS = 0.01  # to the score, from which on it is more than a note


def likeness(own_M: np.ndarray, kin_M: np.ndarray, *, is_class: bool) -> float:
    """Correlation of ranks, or for classes Cohen's kappa; 0 where it is small or may be chance."""
    num_rows = len(own_M)
    if num_rows < _FEWEST or len(np.unique(own_M)) < 2 or len(np.unique(kin_M)) < 2:
        return 0.0
    if is_class:
        most = int(max(own_M.max(), kin_M.max())) + 1
        shares, kin_shares = (np.bincount(values, minlength=most) / num_rows for values in (own_M, kin_M))
        chance = float(shares @ kin_shares)
        value = (float((own_M == kin_M).mean()) - chance) / (1.0 - chance)
        noise = np.sqrt(chance / (1.0 - chance) / num_rows)
    else:
        value = float(np.corrcoef(_ranks(own_M), _ranks(kin_M))[0, 1])
        noise = 1.0 / np.sqrt(num_rows)
    return value if value >= max(_LEAST, _SURELY * noise) else 0.0


def _ranks(values: np.ndarray) -> np.ndarray:
    ascending = np.sort(values)
    return np.searchsorted(ascending, values, "left") + np.searchsorted(ascending, values, "right")


def judged(near_far: tuple[float, float] | None, alike: float) -> tuple[float | None, Level]:
    """The inflation of scores with and without kin in training, and the level that follows.

    A note where kin are a little alike and add next to nothing to the score. Kin in training cannot make a
    score worse: where the difference is not positive, it is chance, and the inflation None.
    """
    inflation = None if near_far is None or near_far[0] <= near_far[1] else near_far[0] - near_far[1]
    is_alarm = alike >= _VERY_ALIKE or (inflation is not None and inflation >= _ADDS)
    return inflation, level_of(inflation) if is_alarm else Level.NOTE


def told(near_far: tuple[float, float] | None, metric: str, near: str, far: str) -> str:
    """`; the reference reaches an R2 of 0.5 with such rows in training and 0.2 without`."""
    if near_far is None:
        return ""
    values = [number(round(value, 3)) for value in near_far]
    return (
        f"; the reference ({reference.NAME}) reaches {values[0]} {METRIC_WORDS[metric]} {near} and "
        f"{values[1]} {far}"
    )

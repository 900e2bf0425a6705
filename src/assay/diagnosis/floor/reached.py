"""What was reached on new rows: an upper bound of the floor, whatever the metric."""

from __future__ import annotations

import numpy as np

from assay.core.numbers import number
from assay.diagnosis.floor.estimate import Estimate

BEYOND = 0.025 / 3.0  # the lowest of three models counts (Bonferroni)


def reached(method: str, error: float, errors_B: np.ndarray, num_rows: int, tail: float = 0.0) -> Estimate:
    """The error of a model on rows that it was not fitted to, and an upper end for the best of three models.

    The floor is the lowest error that anyone can reach, and this one was reached. Assumes only that these
    rows are like those to come, and that none of them was seen in training.

    Args:
        method: whose error it is.
        error: on all rows.
        errors_B: on B resamples of them.
        num_rows: how many rows; where none was wrong the end is that of Clopper & Pearson (1934).
        tail: the least that the upper end may be (`rmse_end`).
    """
    unseen = 1.0 - BEYOND ** (1.0 / num_rows) if error == 0.0 else error
    high = max(float(np.quantile(errors_B, 1.0 - BEYOND)), unseen, tail)
    because = (
        f"it reached {number(error)} on rows that it was not fitted to: the floor is at most {number(high)}"
    )
    return Estimate(method, 0.0, high, None, because)

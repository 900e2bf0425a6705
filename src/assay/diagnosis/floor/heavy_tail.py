"""The upper end of an RMSE whose errors have a heavy tail.

Shapes: N rows.
"""

from __future__ import annotations

import math

import numpy as np

_FEWEST = 5.0  # effective rows; with fewer the end would tell of the formula alone
_SURE = 3.0  # standard errors


def kurtosis(error_N: np.ndarray) -> float:
    """Mean fourth power by the squared mean square, the upper end of it: 3 for normal errors and many rows.

    The heavier the tail, the more of it has not been seen yet, and the more fourth powers differ from row to
    row: three standard errors of their mean are added.
    """
    square_N = np.square(error_N)
    mean = float(square_N.mean())
    if mean == 0.0:
        return 1.0
    fourth_N = np.square(square_N / mean)
    return float(fourth_N.mean() + _SURE * fourth_N.std() / math.sqrt(len(error_N)))


def log_noise(num_rows: int, heavy: float) -> float:
    """The standard deviation of the logarithm of the mean square of rows, for errors of a kurtosis."""
    return math.sqrt(max(heavy - 1.0, 0.0) / num_rows)


def rmse_end(error_N: np.ndarray, beyond: float, heavy: float = 1.0) -> float:
    """The RMSE below which the one of all rows to come lies, but for a chance of `beyond`.

    A resample can't hold an error larger than the largest one seen, so that the bootstrap of few rows with a
    heavy tail ends too early. The mean square of N rows is worth that of (sum e^2)^2 / sum e^4 equal ones
    (Kish's effective number of rows, 1965), which is N / kurtosis; its logarithm is taken for a Student's t
    variable with as many degrees of freedom less one, which gives the end room where a handful of rows makes
    the whole error.

    Args:
        error_N: target less prediction.
        beyond: e.g. 0.025.
        heavy: the kurtosis, where it is known from more rows; the larger one counts.
    """
    from scipy.stats import t as student

    num_rows = len(error_N)
    heavy = min(max(heavy, kurtosis(error_N)), max(num_rows / _FEWEST, 1.0))
    freedom = max(num_rows / heavy, _FEWEST) - 1.0
    wider = math.exp(float(student.ppf(1.0 - beyond, freedom)) * log_noise(num_rows, heavy))
    return math.sqrt(float(np.square(error_N).mean()) * wider)

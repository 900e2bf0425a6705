"""Repeated rows: equal inputs with different targets are an error that no model avoids.

Shapes: N rows, K classes, G sets of rows with equal inputs.
"""

from __future__ import annotations

import math

import numpy as np

from assay.core.numbers import number
from assay.diagnosis.floor.bounds import cover_hart
from assay.diagnosis.floor.equal_rows import are_copies
from assay.diagnosis.floor.estimate import Estimate

_Z = 1.96
_FEWEST = 20  # repeated rows; fewer say nothing of the others
METHOD = "repeated rows"


def repeated_rows(same_N: np.ndarray, truth_N: np.ndarray, metric: str) -> Estimate | None:
    """A lower bound of the error rate, or of the RMSE, from rows with equal inputs.

    Whatever a model answers to equal inputs, it errs on all but the most frequent target. Within a set of k
    rows the share of the others is, on average over draws, not above the error that no model avoids, so that
    their sum over all sets, divided by all rows, is a lower bound in expectation. For sets of two or three it
    is a loose one; there the chance that two of the rows differ, d, says more: d is unbiased (that is the
    k / (k - 1)), and the bound of Cover & Hart (1967), which holds exactly here since the rows are equal,
    turns it into an error. The larger of the two is taken. For a quantity the variance within the sets,
    unbiased by the same k / (k - 1), is the noise's own on these rows.

    Assumes that equal inputs were measured anew. Copies of a row agree with it always: they only lower the
    bound, which stays true. Where all sets agree, but for a few, they count as copies and say
    nothing; so do equal rows with an equal target among rows of a quantity.

    Args:
        same_N: numbers, equal for rows with equal inputs (see `equal_rows`), training and validation rows.
        truth_N: class numbers or values.
        metric: accuracy or rmse.

    Returns:
        None where fewer than 20 rows repeat another one.
    """
    if are_copies(same_N, truth_N):
        return None
    if metric == "rmse":
        return _noise(same_N, truth_N)
    return _disagreement(same_N, truth_N)


def _disagreement(same_N: np.ndarray, truth_N: np.ndarray) -> Estimate | None:
    num_rows, num_classes = len(same_N), int(truth_N.max()) + 1
    num_sets = int(same_N.max()) + 1
    counts_GK = np.bincount(same_N * num_classes + truth_N, minlength=num_sets * num_classes)
    counts_GK = counts_GK.reshape(num_sets, num_classes)
    size_G = counts_GK.sum(axis=1)
    counts_GK, size_G = counts_GK[size_G > 1], size_G[size_G > 1]
    repeated = int(size_G.sum())
    if repeated < _FEWEST:
        return None
    minority_G = size_G - counts_GK.max(axis=1)
    differ_G = (np.square(size_G) - np.square(counts_GK).sum(axis=1)) / (size_G - 1.0)  # k times d, unbiased
    ends = [_mean_below(minority_G, num_rows)]
    d_low = _mean_below(differ_G, repeated)
    share = repeated / num_rows
    ends.append((share * cover_hart(d_low[0], num_classes), share * cover_hart(d_low[1], num_classes)))
    low, bound = max(ends)
    return _said(low, bound, repeated, num_rows, "their targets differ")


def _noise(same_N: np.ndarray, truth_N: np.ndarray) -> Estimate | None:
    num_rows = len(same_N)
    order_N = np.lexsort((truth_N, same_N))
    same, value = same_N[order_N], truth_N[order_N]
    is_copy = np.append(False, (same[1:] == same[:-1]) & (value[1:] == value[:-1]))
    if len(np.unique(value)) < num_rows / 10:  # few different values: equal ones are no sign of a copy
        is_copy[:] = False
    _, set_N = np.unique(same[~is_copy], return_inverse=True)
    value = value[~is_copy]
    size_G = np.bincount(set_N)
    squares_G = np.bincount(set_N, np.square(value - (np.bincount(set_N, value) / size_G)[set_N]))
    many_G = size_G > 1
    repeated = int(size_G[many_G].sum())
    if repeated < _FEWEST:
        return None
    variance_G = squares_G[many_G] * size_G[many_G] / (size_G[many_G] - 1.0)
    low, bound = (math.sqrt(end) for end in _mean_below(variance_G, len(value)))
    return _said(low, bound, repeated, num_rows, "their targets vary")


def _mean_below(sums_G: np.ndarray, num_rows: int) -> tuple[float, float]:
    """Lower end of the 95 % interval of sum / rows, and the value; the sets are the independent pieces."""
    spread = math.sqrt(len(sums_G)) * float(sums_G.std(ddof=1)) if len(sums_G) > 1 else float(sums_G.sum())
    value = float(sums_G.sum()) / num_rows
    return max(value - _Z * spread / num_rows, 0.0), value


def _said(low: float, bound: float, repeated: int, num_rows: int, found: str) -> Estimate:
    because = (
        f"{repeated:,} of {num_rows:,} rows have equal inputs with another one, and {found}: no model can be "
        f"better than {number(bound)} (assumes that they were measured anew)"
    )
    return Estimate(METHOD, low, None, None, because)

"""Confident learning: which given labels the probabilities of other classes contradict.

Shapes: N rows, K classes.
"""

from __future__ import annotations

import numpy as np


def confident_joint(given_N: np.ndarray, probability_NK: np.ndarray) -> np.ndarray:
    """Counts (K, K) int64: rows with given label i (row) that are confidently of class j (column).

    A row is confidently of class j when its probability of j is at least the mean probability of j among the
    rows labelled j; of several such classes the most probable counts (Northcutt, Jiang & Chuang 2021,
    equations 1 and 2).

    Args:
        given_N: int64 class numbers, as labelled.
        probability_NK: out of sample: by a model that has not learnt from the row.
    """
    num_classes = probability_NK.shape[1]
    rows_K = np.bincount(given_N, minlength=num_classes)
    own_N = probability_NK[np.arange(len(given_N)), given_N]
    sums_K = np.bincount(given_N, own_N, minlength=num_classes)
    # A class without a row has no threshold: nothing is confidently of it.
    threshold_K = np.where(rows_K > 0, sums_K / np.maximum(rows_K, 1), np.inf)
    confident_NK = probability_NK >= threshold_K
    likely_N = np.where(confident_NK, probability_NK, -1.0).argmax(axis=1)
    counted_N = confident_NK.any(axis=1)
    cells = given_N[counted_N] * num_classes + likely_N[counted_N]
    joint_KK: np.ndarray = np.bincount(cells, minlength=num_classes**2).reshape(num_classes, num_classes)
    return joint_KK


def contradicted(given_N: np.ndarray, probability_NK: np.ndarray) -> np.ndarray:
    """(N,) bool: the rows whose label is likely an error, by "prune by noise rate".

    The joint, scaled so that each given label has all its rows, says how many rows of label i are truly of
    class j; so many with the largest margin (probability of j minus that of i) are taken (the paper, section
    3.2). A row whose given label is the most probable one is never among them.

    Args:
        given_N: int64 class numbers, as labelled.
        probability_NK: out of sample.
    """
    joint_KK = confident_joint(given_N, probability_NK).astype(np.float64)
    rows_K = np.bincount(given_N, minlength=len(joint_KK))
    sums_K = joint_KK.sum(axis=1)
    expected_KK = joint_KK * (rows_K / np.maximum(sums_K, 1.0))[:, None]
    found_N = np.zeros(len(given_N), dtype=bool)
    for given, truly in zip(*np.nonzero(expected_KK), strict=True):
        if given != truly:
            rows = np.flatnonzero(given_N == given)
            margin = probability_NK[rows, truly] - probability_NK[rows, given]
            found_N[rows[np.argsort(-margin, kind="stable")[: round(expected_KK[given, truly])]]] = True
    contradicted_N: np.ndarray = found_N & (probability_NK.argmax(axis=1) != given_N)
    return contradicted_N

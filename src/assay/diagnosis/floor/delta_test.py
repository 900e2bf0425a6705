"""The Gamma test: how far the targets of neighbours differ, extrapolated to neighbours at no distance.

Shapes: N rows, D inputs, M rows that are asked, J neighbours.
"""

from __future__ import annotations

import math

import numpy as np

from assay.core.numbers import number
from assay.diagnosis.floor.estimate import Estimate
from assay.diagnosis.floor.neighbours import nearest

_Z = 1.96
_NEIGHBOURS = 10


def delta_test(points_ND: np.ndarray, value_N: np.ndarray, method: str) -> Estimate | None:
    """The noise's standard deviation, the lowest RMSE.

    Half of the mean squared difference between a row's target and that of its k-th neighbour is the noise's
    variance plus what the function changes over the distance; drawn against the mean squared distance for
    k = 1 to 10, a straight line meets distance zero at the noise's variance (Stefánsson, Končar & Jones
    1997).

    Assumes a smooth function of few inputs, with neighbours close enough for it to be straight between them,
    and noise that is independent from row to row: neighbours in time that share their noise look like less
    noise. With many inputs the distances hardly differ, and the answer tends upwards.

    Args:
        points_ND: standardised inputs, or a model's predictions.
        value_N: targets.
        method: the name of the estimate.
    """
    if len(value_N) < 5 * _NEIGHBOURS or not points_ND.shape[1]:
        return None
    asked_M, near_MJ = nearest(points_ND, _NEIGHBOURS)
    half_MJ = 0.5 * np.square(value_N[near_MJ] - value_N[asked_M, None])
    distance_MJ = np.square(points_ND[near_MJ] - points_ND[asked_M, None]).sum(axis=2)
    weight_J = _to_zero(distance_MJ.mean(axis=0))
    each_M = half_MJ @ weight_J  # the intercept is a weighted sum of the ten means: its noise is that of rows
    variance, noise = float(each_M.mean()), math.sqrt(2.0) * float(each_M.std()) / math.sqrt(len(each_M))
    ends = [math.sqrt(max(variance + side * _Z * noise, 0.0)) for side in (-1.0, 0.0, 1.0)]
    because = (
        f"targets of neighbours, extrapolated to no distance, leave noise of {number(ends[1])} "
        "(assumes a smooth function of few inputs; with many it comes out too high)"
    )
    return Estimate(method, ends[0], ends[2], ends[1], because)


def _to_zero(distance_J: np.ndarray) -> np.ndarray:
    """(J,) weights of the means that make the intercept of the least-squares line."""
    centred_J = distance_J - distance_J.mean()
    squares = float(np.square(centred_J).sum())
    even_J = np.full(len(distance_J), 1.0 / len(distance_J))
    return (
        even_J
        if squares <= 1e-12 * distance_J.mean() ** 2
        else even_J - distance_J.mean() * centred_J / squares
    )

"""Bounds between the error of neighbours and the Bayes error."""

from __future__ import annotations

import math


def cover_hart(error: float, num_classes: int) -> float:
    """The Bayes error below which a 1-nearest-neighbour error rate R cannot come about (Cover & Hart 1967).

    R* >= (K - 1) / K * (1 - sqrt(1 - K / (K - 1) * R)); for two classes (1 - sqrt(1 - 2 R)) / 2. The theorem
    speaks of infinitely many rows, where neighbours coincide. Averaging over places keeps it, since the bound
    is convex in R.
    """
    share = (num_classes - 1.0) / num_classes
    return share * (1.0 - math.sqrt(max(0.0, 1.0 - error / share)))


def devroye(error: float, num_neighbours: int) -> float:
    """The same for the majority of k >= 3 neighbours, two classes: R / (1 + 1 / sqrt(k)) (Devroye 1981)."""
    return error / (1.0 + 1.0 / math.sqrt(num_neighbours))

"""How many labels of images are wrong, or could be: what equal images and a network's doubts say.

Shapes: N rows, K classes, G sets of equal images.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from assay.core.numbers import number
from assay.diagnosis.errors.confident_learning import contradicted
from assay.diagnosis.floor.estimate import Estimate

if TYPE_CHECKING:
    from assay.core.predictions import Predictions

REPEATED, DOUBTED = "equal images with other labels", "doubted labels"
_Z = NormalDist().inv_cdf(0.975)


def unequal_labels(same_N: np.ndarray, class_N: np.ndarray) -> Estimate | None:
    """A lower bound of the error rate: one image that has several labels is an error for any network.

    Whatever is answered to an image that stands there k times, all labels but the most frequent one are
    missed. This is a count, without any model; that the images to come repeat as often is its one assumption.
    Its lower end is that of a 95 % interval.

    Args:
        same_N: numbers, equal for images whose pixels are all equal; training and validation rows.
        class_N: class numbers.

    Returns:
        None where no two equal images differ in their labels.
    """
    num_classes, num_sets = int(class_N.max()) + 1, int(same_N.max()) + 1
    cells, counts = np.unique(same_N * num_classes + class_N, return_counts=True)
    size_G, most_G = np.zeros(num_sets), np.zeros(num_sets)
    np.add.at(size_G, cells // num_classes, counts)
    np.maximum.at(most_G, cells // num_classes, counts)
    missed_G = (size_G - most_G)[size_G > 1]
    if not missed_G.any():
        return None
    noise = _Z * math.sqrt(float(np.square(missed_G).sum()))  # sets come by chance, as Poisson has it
    low = max(float(missed_G.sum()) - noise, 0.0) / len(same_N)
    in_conflict = int(size_G[size_G > most_G].sum())
    because = (
        f"{in_conflict:,} of {len(same_N):,} images are equal to one with another label: "
        f"{int(missed_G.sum()):,} of them are missed by any network"
    )
    return Estimate(REPEATED, low, None, None, because)


def doubted_labels(p: Predictions) -> Estimate:
    """An upper estimate of the error rate that wrong and ambiguous labels leave to any network.

    The share of rows whose label confident learning doubts (Northcutt, Jiang & Chuang 2021). A network that
    knows little doubts labels that are right, so that the share comes out too high, the more so the weaker
    the network: the interval begins at 0, its upper end is Wilson's (1927), and its middle stands for a value
    that nobody knows. Doubts are always about rows that the network got wrong, so that the share is never
    above its error.

    Args:
        p: predictions of rows that the network has not learnt from; of several networks the mean of their
            probabilities, which doubts less for chance.
    """
    doubted = int(contradicted(p.truth, p.output).sum())
    share, high = doubted / len(p), _wilson(doubted, len(p))
    because = (
        f"confident learning doubts {doubted:,} of {len(p):,} labels ({number(share)}): the floor is at most "
        f"about {number(high)} (a weak network doubts too many)"
    )
    return Estimate(DOUBTED, 0.0, high, share / 2.0, because)


def _wilson(count: int, num_rows: int) -> float:
    """The upper end of the 95 % interval of a share (Wilson 1927)."""
    share, square = count / num_rows, _Z**2 / num_rows
    spread = _Z * math.sqrt(share * (1.0 - share) / num_rows + square / (4.0 * num_rows))
    return min((share + square / 2.0 + spread) / (1.0 + square), 1.0)

"""What is done about rare classes: weights, or positions to draw training rows by.

Plain NumPy and no resampling library: over- and under-sampling are two lines of drawing, what comes out are
positions instead of copies of the rows, and the draw is named by Assay's own seeds.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from assay.core.errors import DataError
from assay.core.seeds import child_seed


def resample(classes: np.ndarray, method: Literal["over", "under"], seed: int = 0) -> np.ndarray:
    """Positions at which every class present stands equally often: training rows only, never before a split.

    Args:
        classes: (N,) class numbers of the training rows.
        method: ``over`` keeps every row and draws more of the rarer classes with replacement, up to the most
            frequent one; ``under`` draws from each class, without replacement, as many as the rarest has.
        seed: names the draw.

    Returns:
        (M,) int64 positions in `classes`, ascending.

    Raises:
        DataError: there are no rows.
    """
    if not len(classes):
        raise DataError("there are no rows to resample")
    rng = np.random.default_rng(child_seed(seed, "resample", method))
    numbers, counts = np.unique(classes, return_counts=True)
    drawn = []
    for number in numbers:
        rows = np.flatnonzero(classes == number)
        if method == "over":
            drawn += [rows, rng.choice(rows, size=counts.max() - len(rows), replace=True)]
        else:
            drawn.append(rng.choice(rows, size=counts.min(), replace=False))
    return np.sort(np.concatenate(drawn)).astype(np.int64)


def class_weights(classes: np.ndarray, num_classes: int) -> np.ndarray:
    """(K,) float64 weights N / (K * rows of the class): classes count alike, and a row counts 1 on average.

    A class without a row has weight 0, and K counts the others only. (King and Zeng, Political Analysis 9,
    2001.)

    Args:
        classes: (N,) class numbers 0..K-1 of the training rows.
        num_classes: K.
    """
    counts = np.bincount(classes, minlength=num_classes)
    present = counts > 0
    weights = np.zeros(num_classes)
    weights[present] = len(classes) / (present.sum() * counts[present])
    return weights

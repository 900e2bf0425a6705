"""Rows like the training rows that nothing is learnt from: what tells variance from mismatch."""

from __future__ import annotations

import numpy as np

from assay.data.inspection.wording import percent
from assay.data.split.keys import class_key
from assay.data.split.settings import SplitSettings
from assay.data.table import Table

_FEWEST = 20  # the error on fewer says nothing


def hold_back(
    table: Table, train: np.ndarray, most: int, settings: SplitSettings, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Take some training rows away by chance, so that groups and times stand on both sides.

    They are the "training-dev set" of Ng (Machine Learning Yearning, 2018, chapter 40): where the error on
    them is near the training error and the validation error is far above, new rows are not to blame, but
    rows of another kind.

    Args:
        table: all rows.
        train: row numbers of the training rows.
        most: rows to take at most.
        settings: with the share.
        rng: draws.

    Returns:
        the training rows that are left, and those held back (none where they would be too few).
    """
    wanted = min(round(settings.train_like * len(train)), most)
    if wanted < _FEWEST:
        return train, train[:0]
    held_N = np.zeros(len(train), dtype=bool)
    held_N[rng.permutation(len(train))[:wanted]] = True
    if key := class_key(table.take(train)):
        held_N &= np.isin(key[0], key[0][~held_N])  # training keeps each class
    return train[~held_N], train[held_N]


def reason(num_held: int, num_left: int) -> str:
    """Why these rows are missing from the training."""
    share = num_held / (num_held + num_left)
    return (
        f"{num_held:,} of the training rows ({percent(share)}), drawn by chance, are held back to tell rows "
        "that are new from rows of another kind"
    )

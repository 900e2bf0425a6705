"""The random split: every row has the same chance, and every class keeps its share in each part."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assay.core.errors import DataError
from assay.data.split.shares import part_sizes


def random_parts(num_rows: int, shares: Sequence[float], rng: np.random.Generator) -> list[np.ndarray]:
    """K arrays of positions, drawn without replacement; sizes by largest remainder."""
    ends = np.cumsum(part_sizes(num_rows, shares))
    return [np.sort(part) for part in np.split(rng.permutation(num_rows), ends[:-1])]


def stratified_parts(
    classes: np.ndarray, labels: Sequence[object], shares: Sequence[float], rng: np.random.Generator
) -> list[np.ndarray]:
    """K arrays of positions, drawn so that each class is divided as the whole is.

    Args:
        classes: (N,) class numbers 0..C-1, each present.
        labels: the C labels, for messages.
        shares: K shares that come to 1.
        rng: draws.

    Raises:
        DataError: a class has fewer rows than there are parts.
    """
    totals = np.bincount(classes, minlength=len(labels))
    if totals.min() < len(shares):
        raise _too_few(totals, labels, len(shares))
    counts_CK = class_counts(totals, shares)
    # Stable: inside a class the rows stay in their random order.
    shuffled = rng.permutation(len(classes))
    by_class = shuffled[np.argsort(classes[shuffled], kind="stable")]
    pieces = np.split(by_class, np.cumsum(counts_CK.ravel())[:-1])
    num_parts = len(shares)
    return [np.sort(np.concatenate(pieces[part::num_parts])) for part in range(num_parts)]


def class_counts(totals: np.ndarray, shares: Sequence[float]) -> np.ndarray:
    """(C, K) rows of each class in each part, by largest remainder in both directions.

    Each class comes to its total, each part to its size, and each count is its exact share rounded up or down
    (a controlled rounding: Cox, JASA 82, 1987). Only where rare classes would miss a part, each is given one
    row there, and sizes give way.
    """
    sizes = part_sizes(int(totals.sum()), shares)
    counts = np.floor(np.outer(totals, shares) + 1e-9).astype(np.int64)
    counts = np.maximum(counts, 1)
    largest = counts.argmax(axis=1)
    over = np.maximum(counts.sum(axis=1) - totals, 0)
    counts[np.arange(len(totals)), largest] -= over
    needed = sizes - counts.sum(axis=0)
    # One row at most to each part of a class, the neediest part first: the construction of Gale and Ryser,
    # which fills both margins whenever they can be filled.
    for number in range(len(totals)):
        left = int(totals[number] - counts[number].sum())
        neediest = np.argsort(-needed, kind="stable")[:left]
        counts[number, neediest] += 1
        needed[neediest] -= 1
    return counts


def _too_few(totals: np.ndarray, labels: Sequence[object], num_parts: int) -> DataError:
    rare = [number for number in np.argsort(totals, kind="stable") if totals[number] < num_parts]
    shown = ", ".join(f"{labels[number]!r} has {totals[number]}" for number in rare[:5])
    more = f" and {len(rare) - 5} more" if len(rare) > 5 else ""
    return DataError(
        f"each class needs at least {num_parts} rows, one for each part; class {shown}{more}",
        hint="gather more rows, merge the class with another, or leave its rows out; "
        "if the target is a quantity, say task = regression",
    )

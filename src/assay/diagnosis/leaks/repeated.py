"""Held-out rows that are equal to training rows, and training rows that are equal to each other.

Suffixes: N training rows, M held-out rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import polars as pl

from assay.data.column import Kind, Role
from assay.diagnosis.leaks.pair import Pair


@dataclass(frozen=True, eq=False)
class Repeated:
    """Equal rows, by 64-bit hashes of features and target (not of identifiers, constants, ignored columns).

    Attributes:
        partners: (M,) the first training row with equal features and target, or -1.
        twins: (M,) the first training row with equal features where each of these has another target, or -1.
        copied: (N,) whether a training row stands in training again, its target included.
        conflicting: (N,) whether it stands there again with another target, and never with its own.
        odds: expected equals of a row among the training rows, if columns were independent.
    """

    partners: np.ndarray
    twins: np.ndarray
    copied: np.ndarray
    conflicting: np.ndarray
    odds: float

    @property
    def by_odds(self) -> float:
        """The share of rows that would find an equal training row if columns were independent."""
        return 1.0 - float(np.exp(-self.odds))

    @classmethod
    def of(cls, pair: Pair) -> Self:
        """Compare all rows."""
        names = [column.name for column in pair.train.columns if _matters(column.role, column.kind)]
        num_train = pair.num_train
        if not names:
            none_N, none_M = np.zeros(num_train, dtype=bool), np.full(pair.num_held_out, -1)
            return cls(none_M, none_M, none_N, none_N, 0.0)
        frame = pl.concat(
            [table.frame.select([*names, pair.target]) for table in (pair.train, pair.held_out)]
        )
        features = frame.select(names).hash_rows().to_numpy()
        rows = frame.hash_rows().to_numpy()
        partners = _first_equal(rows[num_train:], rows[:num_train])
        twins = _first_equal(features[num_train:], features[:num_train])
        twins[partners >= 0] = -1
        copied, alike = _is_repeated(rows[:num_train]), _is_repeated(features[:num_train])
        odds = num_train * float(np.prod([_chance(frame[name]) for name in names]))
        return cls(partners, twins, copied, alike & ~copied, odds)


def _matters(role: Role, kind: Kind) -> bool:
    return role in {Role.FEATURE, Role.TIME, Role.GROUP} and kind not in {Kind.IDENTIFIER, Kind.CONSTANT}


def _first_equal(wanted_M: np.ndarray, known_N: np.ndarray) -> np.ndarray:
    """(M,) position of the first equal value, or -1."""
    values, first = np.unique(known_N, return_index=True)
    places = np.minimum(np.searchsorted(values, wanted_M), len(values) - 1)
    return np.where(values[places] == wanted_M, first[places], -1)


def _is_repeated(hashes_N: np.ndarray) -> np.ndarray:
    _, inverse, counts = np.unique(hashes_N, return_inverse=True, return_counts=True)
    return np.asarray(counts[inverse] > 1)


def _chance(series: pl.Series) -> float:
    """That two rows have an equal value."""
    shares = series.alias("value").to_frame().group_by("value").len()["len"].to_numpy() / len(series)
    return float((shares**2).sum())


def disagreement(pair: Pair) -> float:
    """How often rows that are equal by chance differ in the target, at least: half as often as any two."""
    both = pair.both(pair.target)
    return 0.5 * (1.0 - _chance(both))


def by_chance(num_conflicts: int, disagree: float) -> float:
    """Rows with an equal row of the same target that chance explains, where so many have one of another.

    Copies never contradict each other; rows that are equal because there are few different ones do.
    """
    return num_conflicts * (1.0 - disagree) / max(disagree, 1e-9)

"""Which rows the floor is judged on: those that are nobody's copies.

Shapes: Nt training rows, Nv validation rows, D inputs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from assay.core.predictions import Predictions
from assay.diagnosis.floor.equal_rows import are_copies, equal_rows
from assay.diagnosis.floor.evidence import Evidence


@dataclass(frozen=True, eq=False)
class Judged:
    """The evidence on rows that count.

    Attributes:
        evidence: without the copies.
        same: (Nt + Nv,) numbers, equal for rows with equal inputs, training rows first; of the rows kept.
        num_copies: training rows left out, which stand in there more than once.
        num_seen: validation rows left out, which stand in training as well.
    """

    evidence: Evidence
    same: np.ndarray
    num_copies: int
    num_seen: int

    @classmethod
    def of(cls, evidence: Evidence) -> Self:
        """Leave out copies: where rows with equal inputs are copies (`are_copies`), the first counts."""
        num_train = len(evidence.train)
        same_N = equal_rows(np.vstack([evidence.train_inputs, evidence.validation_inputs]))
        truth_N = np.concatenate([evidence.train.truth, evidence.validation.truth])
        train_N, new_N = np.arange(num_train), np.arange(len(evidence.validation))
        if are_copies(same_N, truth_N):
            train_N = np.sort(np.unique(same_N[:num_train], return_index=True)[1])
            new_N = np.flatnonzero(~np.isin(same_N[num_train:], same_N[:num_train]))
            if not len(new_N):  # all of them were seen: nothing is left to judge by
                new_N = np.arange(len(evidence.validation))
        kept = _take(evidence, train_N, new_N)
        same_N = np.concatenate([same_N[train_N], same_N[num_train + new_N]])
        same_N = np.unique(same_N, return_inverse=True)[1]
        return cls(kept, same_N, num_train - len(train_N), len(evidence.validation) - len(new_N))


def _take(evidence: Evidence, train_N: np.ndarray, new_N: np.ndarray) -> Evidence:
    def part(p: Predictions | None, rows: np.ndarray) -> Predictions | None:
        return None if p is None else p.take(rows)

    both = np.concatenate([train_N, len(evidence.train) + new_N])
    small = evidence.reference_small
    return replace(
        evidence,
        train=evidence.train.take(train_N),
        validation=evidence.validation.take(new_N),
        train_inputs=evidence.train_inputs[train_N],
        validation_inputs=evidence.validation_inputs[new_N],
        reference=part(evidence.reference, new_N),
        reference_train=part(evidence.reference_train, train_N),
        reference_small=None if small is None else (small[0].take(train_N), small[1].take(new_N)),
        soft_labels=None if evidence.soft_labels is None else evidence.soft_labels[both],
        repeated_labels=None if evidence.repeated_labels is None else evidence.repeated_labels[both],
    )

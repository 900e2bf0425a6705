"""A rule: conditions on columns that rows meet or don't.

Shapes: N rows, M bins of a column.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from assay.diagnosis.errors.binned_column import BinnedColumn


@dataclass(frozen=True, eq=False)
class Rule:
    """Conditions that must all be met.

    Attributes:
        allowed: by position of the column: its allowed bins (M,), and whether a missing value is allowed.
    """

    allowed: dict[int, tuple[np.ndarray, bool]] = field(default_factory=dict)

    def narrowed(self, column: int, bins_M: np.ndarray, missing: bool) -> Rule:
        """The rule with one condition more."""
        old_M, old_missing = self.allowed.get(column, (np.ones_like(bins_M), True))
        return Rule({**self.allowed, column: (old_M & bins_M, old_missing and missing)})

    def covers(self, columns: list[BinnedColumn]) -> np.ndarray:
        """(N,) bool: which rows meet it."""
        met_N = np.ones(len(columns[0].bins), dtype=bool)
        for number, (bins_M, missing) in self.allowed.items():
            # The place after the last bin is that of a missing value, whose number is -1.
            met_N &= np.append(bins_M, missing)[columns[number].bins]
        return met_N

    def names(self, columns: list[BinnedColumn]) -> tuple[str, ...]:
        """The columns that it speaks of."""
        return tuple(columns[number].name for number in self.allowed)

    def words(self, columns: list[BinnedColumn]) -> str:
        """`LIMIT_BAL <= 50,000 and PAY_0 in 2, 3`."""
        texts = []
        for number, (bins_M, missing) in self.allowed.items():
            has_missing = bool((columns[number].bins < 0).any())
            texts.append(columns[number].words(bins_M, missing and has_missing))
        return " and ".join(texts)

"""Slices: parts of the rows, each told by a rule, where the errors concentrate.

Shapes: N rows.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from assay.core.interval import Interval
from assay.core.seeds import child_seed
from assay.diagnosis.errors.binned_column import BinnedColumn, binned_columns
from assay.diagnosis.errors.halves import first_half
from assay.diagnosis.errors.measure import LEAST_IN_SLICE, Measure
from assay.diagnosis.errors.row_loss import row_losses
from assay.diagnosis.errors.tree import Node, loss_tree

if TYPE_CHECKING:
    from assay.core.predictions import Predictions
    from assay.data.table import Table
    from assay.diagnosis.errors.measure import Measured
    from assay.diagnosis.errors.rule import Rule

_LEAST_ROWS = 200  # fewer leave halves in which a difference of 20 % is noise
_MOST_ROWS = 20_000  # looked at: they show what is worth showing, and the bootstrap of more takes long
_LEAST_SHARE = 0.02  # of the rows: less is no place to work on
_MOST = 5
_NO_DIVISION = 2  # leaves of two trees that are nothing but a root


@dataclass(frozen=True)
class Slice:
    """A part of the validation rows with more error than the others.

    Attributes:
        rule: which rows, in the columns' own names and values.
        columns: that the rule speaks of.
        rows: validation rows in it.
        coverage: their share of all validation rows.
        measured: of them, the rows that the rule was not chosen on; the numbers below are theirs.
        error: on them, with a 95 % interval.
        elsewhere: the error on the other rows.
        share: of the summed loss (for classes: of the wrong rows) that lies in the slice.
    """

    rule: str
    columns: tuple[str, ...]
    rows: int
    coverage: float
    measured: int
    error: Interval
    elsewhere: Interval
    share: float

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> Self:
        """The slice that `to_json` wrote."""
        intervals = {name: Interval(**record[name]) for name in ("error", "elsewhere")}
        return cls(**{**record, "columns": tuple(record["columns"]), **intervals})


@dataclass(frozen=True)
class Slices:
    """What was found, and how it was looked for.

    Attributes:
        found: the slices, first the one that holds most errors beyond its share of rows; none is an answer.
        because: how they were found, or why there are none, one sentence.
    """

    found: tuple[Slice, ...]
    because: str


def find_slices(
    p: Predictions, table: Table, metric: str, *, seed: int = 0, replicates: int = 1000
) -> Slices:
    """Where the errors concentrate: the leaves of a shallow tree that is honest about noise.

    The tree is chosen on one half of the rows, and the errors of its leaves are measured on the other half
    (Athey & Imbens 2016), so that a rule which only fits noise shows no more error than elsewhere there. Each
    half chooses a tree; told are the slices of the one that explains more. A leaf is a slice when its error
    is above the others' beyond noise, at 5 % for all leaves of both trees together (Bonferroni), and at least
    a fifth above it. Two slices of one tree that hang together and can't be told apart are one.

    Args:
        p: predictions of the N validation rows.
        table: the same rows, in the same order.
        metric: of the diagnosis.
        seed: names the halves and the bootstrap's draws.
        replicates: of the bootstrap.
    """
    losses_N, num_rows = row_losses(p, metric), len(p)
    if num_rows < _LEAST_ROWS:
        return Slices(
            (), f"{num_rows:,} validation rows are too few to look for slices, {_LEAST_ROWS} would do"
        )
    columns = binned_columns(table)
    if not columns or not losses_N.any():
        return Slices((), "no row was wrong" if columns else "the features do not vary")
    halves = _halves(p, losses_N, np.random.default_rng(child_seed(seed, "slices")))
    num_rows = int(np.sum(halves))
    if min(half_N.sum() for half_N in halves) < _LEAST_ROWS / 4:
        return Slices((), "the validation rows come from too few groups to be halved")
    roots = [_tree(columns, losses_N, chosen_N) for chosen_N in halves]
    num_leaves = sum(root.num_leaves for root in roots)
    found: list[Slice] = []
    for root, other_N in zip(roots, halves[::-1], strict=True):
        measure = Measure(p.take(np.flatnonzero(other_N)), metric, num_leaves, seed, replicates)
        slices = [_slice(one, columns, other_N) for one in _slices(root, columns, other_N, measure)]
        found = max(
            found, sorted(slices, key=_excess, reverse=True), key=lambda some: sum(map(_excess, some))
        )
    return Slices(tuple(found[:_MOST]), _because(num_leaves, bool(found), num_rows))


def _halves(p: Predictions, losses_N: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """(N,) bool each: rows of one half and of the other, of many rows some."""
    half_N, drawn_N = first_half(p, losses_N, rng), rng.random(len(p)) < _MOST_ROWS / len(p)
    return half_N & drawn_N, ~half_N & drawn_N


def _tree(columns: list[BinnedColumn], losses_N: np.ndarray, chosen_N: np.ndarray) -> Node:
    return loss_tree(
        [replace(column, bins=column.bins[chosen_N]) for column in columns],
        np.sqrt(losses_N[chosen_N]),  # of squared errors: else a few extreme rows would choose the tree
        max(LEAST_IN_SLICE, int(_LEAST_SHARE * chosen_N.sum())),
    )


def _excess(found: Slice) -> float:
    """The share of the summed loss beyond the share of the rows."""
    return found.share - found.coverage


def _slices(
    node: Node, columns: list[BinnedColumn], other_N: np.ndarray, measure: Measure
) -> list[tuple[Rule, Measured]]:
    """The slices among a node's leaves; two that the other half can't tell apart are told as their node."""
    if node.children:
        parts = [_slices(child, columns, other_N, measure) for child in node.children]
        whole = [
            part[0][1] if len(part) == 1 and part[0][0] is child.rule else None
            for part, child in zip(parts, node.children, strict=True)
        ]
        if whole[0] is None or whole[1] is None or measure.differ(whole[0], whole[1]):
            return parts[0] + parts[1]
    measured = measure.slice(node.rule.covers(columns)[other_N])
    return [] if measured is None else [(node.rule, measured)]


def _slice(found: tuple[Rule, Measured], columns: list[BinnedColumn], other_N: np.ndarray) -> Slice:
    rule, measured = found
    covered_N = rule.covers(columns)
    return Slice(
        rule=rule.words(columns),
        columns=rule.names(columns),
        rows=int(covered_N.sum()),
        coverage=float(covered_N.mean()),
        measured=int(covered_N[other_N].sum()),
        error=measured.error,
        elsewhere=measured.elsewhere,
        share=measured.share,
    )


def _because(num_leaves: int, any_found: bool, num_rows: int) -> str:
    if any_found:
        return f"the rules were chosen on one half of {num_rows:,} validation rows and measured on the other"
    if num_leaves <= _NO_DIVISION:
        return f"no division of {num_rows:,} validation rows has more error on one side than noise makes"
    return (
        f"trees on either half of {num_rows:,} validation rows proposed {num_leaves} parts; on the other "
        "half none has clearly more error than the rest"
    )

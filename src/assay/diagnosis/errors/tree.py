"""A shallow decision tree on losses, its nodes as rules.

Shapes: N rows, C columns, M bins of a column.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from assay.diagnosis.errors.binned_column import BinnedColumn
from assay.diagnosis.errors.rule import Rule

_DEPTH = 3  # a rule of more than three conditions is no longer read
# Of a leaf, in variances: 3.5 standard errors, which is what hundreds of tried edges may reach by chance.
_PRICE = 12.0
_PRIOR = 20.0  # rows of the mean that each level gets, so that rare levels don't stand at an end by chance


@dataclass(frozen=True, eq=False)
class Node:
    """A part of the rows: its rule, and the two parts that it is divided into (none: a leaf)."""

    rule: Rule
    children: tuple[Node, ...] = ()

    @property
    def num_leaves(self) -> int:
        """How many leaves hang on it."""
        return sum(child.num_leaves for child in self.children) or 1


def loss_tree(columns: list[BinnedColumn], losses_N: np.ndarray, least: int) -> Node:
    """A regression tree on the losses (Breiman et al. 1984), pruned by cost-complexity; returns its root.

    Levels without an order are ordered by their mean loss, which makes the best division of them a cut
    (Fisher 1958). The price of a leaf is such that noise rarely pays it.

    Args:
        columns: C columns of the N rows.
        losses_N: of the rows.
        least: rows that a leaf must hold.
    """
    from sklearn.tree import DecisionTreeRegressor

    ranks = [_ranks(column, losses_N) for column in columns]
    inputs_NC = np.column_stack([_ranked(column, rank) for column, rank in zip(columns, ranks, strict=True)])
    tree = DecisionTreeRegressor(
        max_depth=_DEPTH,
        min_samples_leaf=least,
        ccp_alpha=_PRICE * float(losses_N.var()) / len(losses_N),
        random_state=0,
    ).fit(inputs_NC, losses_N)
    return _node(tree.tree_, ranks, 0, Rule())


def _ranks(column: BinnedColumn, losses_N: np.ndarray) -> np.ndarray:
    """(M,) the place of each bin on the axis that the tree cuts."""
    num_bins = len(column.names)
    if column.is_ordered:
        return np.arange(num_bins, dtype=np.float64)
    known = column.bins >= 0
    sums = np.bincount(column.bins[known], losses_N[known], num_bins) + _PRIOR * losses_N.mean()
    means = sums / (np.bincount(column.bins[known], minlength=num_bins) + _PRIOR)
    ranks_M = np.empty(num_bins)
    ranks_M[np.argsort(means, kind="stable")] = np.arange(num_bins)
    return ranks_M


def _ranked(column: BinnedColumn, ranks_M: np.ndarray) -> np.ndarray:
    ranked_N: np.ndarray = np.append(ranks_M, np.nan)[column.bins]  # -1 takes the last: missing
    return ranked_N


def _node(tree: Any, ranks: list[np.ndarray], number: int, rule: Rule) -> Node:
    left, right = int(tree.children_left[number]), int(tree.children_right[number])
    if left < 0:
        return Node(rule)
    column = int(tree.feature[number])
    goes_left_M = ranks[column] <= tree.threshold[number]
    missing_left = bool(tree.missing_go_to_left[number])
    rules = (
        rule.narrowed(column, goes_left_M, missing_left),
        rule.narrowed(column, ~goes_left_M, not missing_left),
    )
    return Node(
        rule, tuple(_node(tree, ranks, child, part) for child, part in zip((left, right), rules, strict=True))
    )

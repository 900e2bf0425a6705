"""Permutation importance: how much worse the predictions get when a column's values are shuffled.

Shapes: N rows, R repeats, B replicates, C columns.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from assay.core.interval import Interval
from assay.core.metrics import check_metric, error, weighted_error
from assay.core.numbers import number
from assay.core.predictions import Predictions
from assay.core.seeds import child_seed
from assay.diagnosis.bootstrap import interval
from assay.diagnosis.resampling import Resampling

if TYPE_CHECKING:
    from assay.data.table import Table

Predict = Callable[["Table"], Predictions]

_REPLICATES = 200
_TWINS = 0.7  # correlation of ranks from which two columns can stand in for each other
_MOST_ROWS = 5_000  # predicted again for each column and shuffle; more would narrow the intervals little
_FEWEST = 10  # rows of both columns that a correlation needs


@dataclass(frozen=True)
class Importance:
    """What one column is worth to the network.

    Attributes:
        column: its name.
        change: of the error when the column's values are shuffled, with a 95 % interval over rows and
            shuffles; an interval with 0 in it means that nothing is lost beyond noise.
        twins: columns that correlate with it by 0.7 or more (Spearman's rank correlation). The network may
            read the one where the other is shuffled, so that both look less important than they are.
    """

    column: str
    change: Interval
    twins: tuple[str, ...] = ()

    def __str__(self) -> str:
        shares = f"; shares what it says with {', '.join(self.twins)}" if self.twins else ""
        return f"{self.column}: {number(self.change.value or 0.0)} ({self.change.ends}){shares}"

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> Self:
        """What `to_json` wrote."""
        return cls(record["column"], Interval(**record["change"]), tuple(record["twins"]))


def permutation_importance(
    predict: Predict,
    table: Table,
    metric: str,
    *,
    known: Predictions | None = None,
    seed: int = 0,
    repeats: int = 5,
) -> tuple[Importance, ...]:
    """How much the error grows when a feature's values are shuffled over the rows, one feature at a time.

    The difference of Breiman (2001) in the model-agnostic form of Fisher, Rudin & Dominici (2019). It says
    what this network uses, not what the data hold. The intervals are paired: each replicate draws rows (as
    the diagnosis does: rows, blocks or groups) and shuffles, and compares the error before and after on the
    same rows.

    Args:
        predict: predictions beside the truth of a table's N rows, in their order.
        table: rows that the network has not learnt from, with the target; of more than 5,000 some are drawn.
        metric: of the diagnosis.
        known: predictions of the same rows with their times or groups, by which rows are then drawn.
        seed: names the shuffles and draws.
        repeats: R shuffles of each column.

    Returns:
        one for each feature, the most important first.

    Raises:
        RecipeError: the task has no such metric.
    """
    rng = np.random.default_rng(child_seed(seed, "importance"))
    if len(table) > _MOST_ROWS:
        chosen = np.sort(rng.choice(len(table), _MOST_ROWS, replace=False))
        table, known = table.take(chosen), known and known.take(chosen)
    before = predict(table)
    check_metric(metric, before.task)
    resampling = Resampling.of(before if known is None else known, metric)
    weights_BN = np.stack([resampling.draw(rng) for _ in range(_REPLICATES)])
    shuffles_BR = rng.multinomial(repeats, np.full(repeats, 1.0 / repeats), size=_REPLICATES) / repeats
    value, value_B = error(before, metric), weighted_error(before, metric)(weights_BN)
    twins = _twins(table)
    found = []
    for column in table.features:
        shuffled = [predict(_shuffled(table, column.name, rng)) for _ in range(repeats)]
        worse_RB = np.stack([weighted_error(one, metric)(weights_BN) - value_B for one in shuffled])
        change = float(np.mean([error(one, metric) for one in shuffled])) - value
        change_B = np.einsum("br,rb->b", shuffles_BR, worse_RB)
        found.append(Importance(column.name, interval(change, change_B), twins[column.name]))
    return tuple(sorted(found, key=lambda one: -(one.change.value or 0.0)))


def _shuffled(table: Table, name: str, rng: np.random.Generator) -> Table:
    series = table.frame[name]
    return replace(table, frame=table.frame.with_columns(series[rng.permutation(len(series))].alias(name)))


def _twins(table: Table) -> dict[str, tuple[str, ...]]:
    """By feature, the other features that it correlates with, the closest first."""
    names = [column.name for column in table.features]
    if not names or len(table) < _FEWEST:
        return dict.fromkeys(names, ())
    ranks_NC = np.column_stack([_ranks(table, name) for name in names])
    spread_C = ranks_NC.std(axis=0)
    scaled_NC = (ranks_NC - ranks_NC.mean(axis=0)) / np.where(spread_C > 0.0, spread_C, 1.0)
    strength_CC = np.abs(scaled_NC.T @ scaled_NC) / len(ranks_NC)
    np.fill_diagonal(strength_CC, 0.0)
    return {
        name: tuple(names[other] for other in np.argsort(-row) if row[other] >= _TWINS)
        for name, row in zip(names, strength_CC, strict=True)
    }


def _ranks(table: Table, name: str) -> np.ndarray:
    """(N,) ranks of the values, ties alike; a missing value has the middle rank, and says nothing."""
    ranks = table.frame[name].rank("average")
    middle = (len(ranks) + 1) / 2.0
    values: np.ndarray = ranks.fill_null(middle).to_numpy()
    return values

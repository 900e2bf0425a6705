"""Which class is taken for which, more often than chance would have it.

Shapes: N rows, K classes.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from assay.core.interval import Interval
from assay.core.metrics import confusion
from assay.core.seeds import child_seed
from assay.core.task import Task
from assay.diagnosis.bootstrap import LEVEL, bootstrap, interval
from assay.diagnosis.errors.row_loss import percent, row_numbers

if TYPE_CHECKING:
    from assay.core.predictions import Predictions

_MOST = 5
_LEAST_ROWS = 5  # mistaken: a pair of fewer rows is an anecdote
_EXAMPLES = 4  # rows of a pair that are named
_MEASURED = 20  # pairs at most: the most frequent ones


@dataclass(frozen=True)
class ConfusionPair:
    """A class that is taken for another one.

    Attributes:
        truth: the label of the rows.
        predicted: what they are taken for.
        rows: how many.
        share: of the rows of the true class, with a 95 % interval.
        chance: the share if mistakes fell on every row, and on every wrong class, alike.
        examples: numbers in the data file, from 1, of some of the rows, those that were taken so most surely.
    """

    truth: str
    predicted: str
    rows: int
    share: Interval
    chance: float
    examples: tuple[int, ...] = ()

    def __str__(self) -> str:
        ends = f"{percent(self.share.low)} to {percent(self.share.high)}"
        taken = (
            f"{self.truth} taken for {self.predicted}: {percent(self.share.value or 0.0)} of all {self.truth}"
        )
        return f"{taken} ({ends}; {percent(self.chance)} if mistakes fell evenly)"

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> Self:
        """What `to_json` wrote."""
        examples = tuple(record.get("examples", ()))
        return cls(**{**record, "share": Interval(**record["share"]), "examples": examples})


def confusion_pairs(p: Predictions, *, seed: int = 0, replicates: int = 1000) -> tuple[ConfusionPair, ...]:
    """The pairs of classes that are confused beyond chance and noise, the most rows first.

    Chance: each row is mistaken with the overall error rate, whatever its class, and then for any other
    class in proportion to that class's rows. Of two classes at most one is taken for the other beyond that.
    A pair is beyond it when its share is above chance at 5 % for all pairs together (Bonferroni).
    """
    if not p.task.is_classification or not len(p):
        return ()
    counts_KK = np.array(confusion(p))
    rows_K, num_rows = counts_KK.sum(axis=1), len(p)
    error_rate = 1.0 - float(np.trace(counts_KK)) / num_rows
    others_KK = rows_K[None, :] / np.maximum(num_rows - rows_K, 1)[:, None]
    chance_KK = np.clip(error_rate * others_KK, 0.0, 1.0)
    share_KK = counts_KK / np.maximum(rows_K, 1)[:, None]
    noise_KK = np.sqrt(chance_KK * (1.0 - chance_KK) / np.maximum(rows_K, 1)[:, None])
    likely_KK = (counts_KK >= _LEAST_ROWS) & (share_KK > chance_KK + noise_KK)  # the others need no bootstrap
    np.fill_diagonal(likely_KK, False)
    likely = sorted(zip(*map(list, np.nonzero(likely_KK)), strict=True), key=lambda at: -int(counts_KK[at]))
    likely = likely[:_MEASURED]
    level = 1.0 - (1.0 - LEVEL) / (len(rows_K) * (len(rows_K) - 1))
    beyond = NormalDist().inv_cdf(level)
    pairs = []
    for truth, predicted in likely:
        of_class = p.take(np.flatnonzero(p.truth == truth))
        taken_N, chance = of_class.predicted == predicted, float(chance_KK[truth, predicted])
        share = float(taken_N.mean())
        draws = child_seed(seed, "pair", int(truth), int(predicted))
        share_B = share_replicates(taken_N, of_class, draws, replicates)
        if share - chance > beyond * float(share_B.std()):
            names, rows = (p.labels[truth], p.labels[predicted]), int(taken_N.sum())
            examples = _examples(of_class.take(np.flatnonzero(taken_N)), int(predicted))
            pairs.append(ConfusionPair(*names, rows, interval(share, share_B), chance, examples))
    return tuple(pairs[:_MOST])


def _examples(taken: Predictions, predicted: int) -> tuple[int, ...]:
    surest = np.argsort(-taken.output[:, predicted], kind="stable")[:_EXAMPLES]
    return tuple(row_numbers(taken)[surest].tolist())


def share_replicates(hits_N: np.ndarray, p: Predictions, seed: int, replicates: int) -> np.ndarray:
    """(B,) replicates of the share of rows that are hits; rows that err alike are drawn together.

    A share is the error rate of a network that always says no, which the bootstrap knows.
    """
    says_no_N2 = np.tile([1.0, 0.0], (len(p), 1))
    shares = replace(
        p, task=Task.BINARY, truth=hits_N.astype(np.int64), output=says_no_N2, labels=("no", "yes")
    )
    return bootstrap(shares, "accuracy", seed=seed, replicates=replicates)

"""What a score is worth with and without what leaked.

Suffixes: N training rows, M held-out rows, D features, K classes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from assay.core.metrics import error
from assay.core.predictions import Predictions
from assay.core.seeds import child_seed
from assay.diagnosis.leaks.pair import Pair, counted
from assay.diagnosis.leaks.reference import Reference

_MOST_TRAIN = 30_000  # rows, or this many cells, that the reference model learns from
_MOST_CELLS = 900_000
_MOST_HELD_OUT = 10_000
_FEWEST = 10  # rows, below which a score says nothing
_FOLDS = 3
_BLOCKS = 6  # of time
_FIRST_BLOCKS = 2  # that are learnt from and not predicted

METRICS = {True: "balanced_accuracy", False: "r2"}
"""What a score is, by whether the target is a class: one that a shifted share of the classes doesn't lift."""


@dataclass(frozen=True)
class Added:
    """What leaked rows add to a score.

    Attributes:
        value: the score of all rows minus that of the clean ones; below 0 where they take some away.
        because: why there is no value, one clause.
    """

    value: float | None
    because: str = ""


def no_clean_score(p: Predictions, clean: np.ndarray, part: str, which: str = "") -> str:
    """Why clean rows (a mask) define no score beside that of all rows: one clause; empty where they do."""
    if not clean.any():
        return f"every {part} row{which} is a copy"
    if p.task.is_classification:
        lost = np.setdiff1d(p.truth, p.truth[clean])
        if len(lost):
            more = f" (and of {len(lost) - 1:,} more)" if len(lost) > 1 else ""
            return f"every {part} row{which} of class {p.labels[int(lost[0])]!r} is a copy{more}"
    count = int(clean.sum())
    if count < _FEWEST:
        return f"only {counted(count, f'{part} row')} {'is' if count == 1 else 'are'} left without the copies"
    return ""


@dataclass(frozen=True, eq=False)
class Scores:
    """Scores of held-out rows: by the user's predictions, else by a reference model that memorises.

    Attributes:
        pair: the parts.
        given: the user's predictions of all held-out rows, or None.
        seed: names what is drawn.
    """

    pair: Pair
    given: Predictions | None = None
    seed: int = 0

    @property
    def metric(self) -> str:
        """Balanced accuracy, or R2."""
        return METRICS[self.pair.task.is_classification]

    @cached_property
    def held_out(self) -> np.ndarray:
        """The held-out rows that are scored: all that were predicted, or a sample for the reference model."""
        if self.given is not None:
            return np.arange(self.pair.num_held_out)
        return self._sample(self.pair.num_held_out, _MOST_HELD_OUT, "held out")

    @property
    def is_sampled(self) -> bool:
        """Whether the reference model saw a sample of the rows only."""
        return self.given is None and (
            self._most_train < self.pair.num_train or len(self.held_out) < self.pair.num_held_out
        )

    def predictions(self, partners: np.ndarray | None = None) -> Predictions:
        """Of the rows `held_out`.

        Args:
            partners: (M,) the training row that each held-out row was copied from, or -1: in a sample of the
                training rows they must not be missing.
        """
        if self.given is not None:
            return self.given
        train = self._sample(self.pair.num_train, self._most_train, "train")
        if partners is not None:
            known = partners[self.held_out]
            train = np.union1d(train, known[known >= 0])
        return self._fitted(train, self.held_out)

    def score(self, p: Predictions, rows: np.ndarray | None = None) -> float | None:
        """The score of some of the predictions, None where too few rows define none."""
        some = p if rows is None else p.take(np.flatnonzero(rows))
        if len(some) < _FEWEST:
            return None
        if self.pair.task.is_classification and len(np.unique(some.truth)) < len(np.unique(p.truth)):
            return None
        value = 1.0 - error(some, self.metric)
        return value if np.isfinite(value) else None

    def of_rows(
        self,
        leaked: np.ndarray,
        partners: np.ndarray | None = None,
        left_out: np.ndarray | None = None,
    ) -> Added:
        """What leaked rows add: the score of all rows minus that of the others.

        Args:
            leaked: (M,) a mask.
            partners: as for `predictions`.
            left_out: (M,) rows of which nobody knows whether they leaked: in neither score.
        """
        p, clean = self.predictions(partners), ~leaked[self.held_out]
        if left_out is not None:
            known = np.flatnonzero(~left_out[self.held_out])
            p, clean = p.take(known), clean[known]
        is_partial = left_out is not None and left_out.any()
        because = no_clean_score(p, clean, self.pair.part, " looked at" if is_partial else "")
        if because:
            return Added(None, because)
        scores = self.score(p), self.score(p, clean)
        return Added(None if scores[0] is None or scores[1] is None else scores[0] - scores[1])

    def of_columns(self, names: tuple[str, ...]) -> float | None:
        """What columns add to the reference model's score."""
        places = [place for place, column in enumerate(self.pair.features) if column.name not in names]
        alone = Scores(self.pair, None, self.seed)
        train = alone._sample(self.pair.num_train, alone._most_train // 3, "train")
        full = alone.score(alone._fitted(train, alone.held_out))
        if not places:  # without features a model predicts the commonest class, or the mean
            least = 1.0 / max(len(self.pair.labels), 1) if self.pair.task.is_classification else 0.0
            return None if full is None else full - least
        rest = alone.score(alone._fitted(train, alone.held_out, places))
        return None if full is None or rest is None else full - rest

    def of_kin(self, train_units: np.ndarray, held_out_units: np.ndarray) -> tuple[float, float] | None:
        """The reference model's scores with and without training rows that are kin to the scored ones.

        Units (groups) are divided into three folds. A fold's held-out rows are predicted
        twice: from training rows of other folds, and from as many rows drawn from all folds.

        Args:
            train_units: (N,) unit numbers.
            held_out_units: (M,) unit numbers; rows of one unit are kin.
        """
        rng = np.random.default_rng(child_seed(self.seed, "kin"))
        alone = Scores(self.pair, None, self.seed)
        most = int(max(train_units.max(), held_out_units.max())) + 1
        fold = rng.permutation(most) % _FOLDS
        near, far, rows = [], [], []
        for number in range(_FOLDS):
            scored = alone.held_out[fold[held_out_units[alone.held_out]] == number]
            others = np.flatnonzero(fold[train_units] != number)
            others = others[np.sort(rng.permutation(len(others))[: alone._most_train // 5])]
            if not len(scored) or not len(others):
                continue
            drawn = np.sort(rng.choice(self.pair.num_train, len(others), replace=False))
            near.append(alone._fitted(drawn, scored).output)
            far.append(alone._fitted(others, scored).output)
            rows.append(scored)
        return alone._compared(near, far, rows)

    def of_future(self, moments: np.ndarray) -> tuple[float, float] | None:
        """The reference model's scores with and without training rows of the scored ones' time and later.

        Time is cut into blocks of as many rows. The held-out rows of each later block are predicted twice:
        from training rows before the block, and from as many training rows of any time.

        Args:
            moments: (N + M,) when each row was; NaN: nobody knows, and the row is left out.
        """
        rng = np.random.default_rng(child_seed(self.seed, "future"))
        alone, num_train = Scores(self.pair, None, self.seed), self.pair.num_train
        edges = np.quantile(moments[~np.isnan(moments)], np.linspace(0.0, 1.0, _BLOCKS + 1))
        edges[-1] = np.inf
        train_N, held_out_M = moments[:num_train], moments[num_train:]
        anytime = np.flatnonzero(~np.isnan(train_N))
        near, far, rows = [], [], []
        for begin, end in pairwise(edges[_FIRST_BLOCKS:]):
            times = held_out_M[alone.held_out]
            scored = alone.held_out[(times >= begin) & (times < end)]
            before = np.flatnonzero(train_N < begin)
            before = before[np.sort(rng.permutation(len(before))[: alone._most_train // 5])]
            if not len(scored) or not len(before):
                continue
            drawn = np.sort(rng.choice(anytime, len(before), replace=False))
            near.append(alone._fitted(drawn, scored).output)
            far.append(alone._fitted(before, scored).output)
            rows.append(scored)
        return alone._compared(near, far, rows)

    def _compared(
        self, near: list[np.ndarray], far: list[np.ndarray], rows: list[np.ndarray]
    ) -> tuple[float, float] | None:
        """The scores of two models that predicted the same rows, piece by piece."""
        if not rows:
            return None
        truth = self.pair.targets[1][np.concatenate(rows)]
        one, other = (
            self.score(Predictions(self.pair.task, truth, np.concatenate(parts), self.pair.labels))
            for parts in (near, far)
        )
        return None if one is None or other is None else (one, other)

    @property
    def _most_train(self) -> int:
        return min(_MOST_TRAIN, _MOST_CELLS // max(len(self.pair.features), 1))

    def _sample(self, num_rows: int, most: int, name: str) -> np.ndarray:
        if num_rows <= most:
            return np.arange(num_rows)
        rng = np.random.default_rng(child_seed(self.seed, "leaks", name))
        return np.sort(rng.choice(num_rows, most, replace=False))

    def _fitted(
        self, train: np.ndarray, held_out: np.ndarray, places: list[int] | None = None
    ) -> Predictions:
        train_ND, held_out_MD = self.pair.numbers
        chosen = slice(None) if places is None else places
        reference = Reference.fitted(
            train_ND[train][:, chosen], self.pair.targets[0][train], self.pair, self.seed
        )
        output = reference.output(held_out_MD[held_out][:, chosen])
        return Predictions(self.pair.task, self.pair.targets[1][held_out], output, self.pair.labels)

"""L104: rows were drawn again and again before the split, so that copies of one stand on both sides."""

from __future__ import annotations

import numpy as np

from assay.diagnosis.leaks.leak import Leak
from assay.diagnosis.leaks.pair import Pair
from assay.diagnosis.leaks.repeated import Repeated, by_chance, disagreement
from assay.diagnosis.leaks.scores import Scores
from assay.diagnosis.leaks.wording import adds, level_of, percent

_IN_TRAINING = 0.2  # of a class's training rows have a copy in training
_HELD_OUT = 0.05  # of the held-out rows have a copy in training
_MANY_TIMES = 3.0  # as often as the other classes


def resampled(pair: Pair, repeated: Repeated, scores: Scores) -> Leak | None:
    """Whether so many rows are repeated, on both sides, that they were drawn with repetition.

    Few different rows are possible where columns have few values; then equal rows contradict each other, or
    the columns' own shares explain them.
    """
    known = repeated.partners >= 0
    share = float(known.mean())
    if share < _HELD_OUT or repeated.by_odds > 0.5 * share:
        return None
    conflicts = int((repeated.twins >= 0).sum())
    if by_chance(conflicts, disagreement(pair)) > 0.5 * known.sum():
        return None
    in_training = _rates(pair, repeated.copied, pair.targets[0])
    if max(in_training.values()) < _IN_TRAINING:
        return None
    added = scores.of_rows(known, repeated.partners)
    message = f"{pair.share(int(known.sum()))} have a copy in training{_grown(pair, in_training, known)}"
    return Leak(
        "L104",
        level_of(added.value, share),
        message + adds(added, scores),
        "split first, and resample the training rows alone (or weigh the classes)",
        pair.part,
        pair.data_rows(known),
        added.value,
    )


def _rates(pair: Pair, flagged: np.ndarray, targets: np.ndarray) -> dict[int, float]:
    """The share of flagged rows, by class; of all rows for a quantity."""
    if not pair.task.is_classification:
        return {0: float(flagged.mean())}
    return {int(c): float(flagged[targets == c].mean()) for c in np.unique(targets)}


def _grown(pair: Pair, in_training: dict[int, float], known: np.ndarray) -> str:
    """Which class was over-sampled, where one was."""
    most = max(in_training, key=in_training.__getitem__)
    others = [rate for number, rate in in_training.items() if number != most]
    if not others or in_training[most] < _MANY_TIMES * min(others):
        return ": rows were drawn with repetition before the split"
    grown = [number for number, rate in in_training.items() if rate > 0.5 * in_training[most]]
    rates = _rates(pair, known, pair.targets[1])
    names = " and ".join(
        f"{percent(rates.get(number, 0.0))} of those of class {pair.labels[number]!r}" for number in grown[:3]
    )
    many = "classes were" if len(grown) > 1 else f"class {pair.labels[most]!r} was"
    return f", {names}: {many} over-sampled before the split"

"""L103: held-out rows that are training rows but for rounding or a little noise.

Suffixes: N training rows, M held-out rows, Q rows that are looked at, D features, k neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assay.diagnosis.leaks.kinship import likeness
from assay.diagnosis.leaks.leak import Leak
from assay.diagnosis.leaks.neighbours import Space
from assay.diagnosis.leaks.pair import Pair
from assay.diagnosis.leaks.repeated import Repeated
from assay.diagnosis.leaks.repeated_rows import beyond_training
from assay.diagnosis.leaks.scores import Scores
from assay.diagnosis.leaks.wording import adds, level_of

_NEIGHBOURS = 15
_NEAR = 0.2  # of the distance to the 15th neighbour
_VERY_NEAR = 0.05
_FEWEST = 4  # rows
_SHARE = 0.01
_EVERYWHERE = 0.15  # of the rows on both sides have a copy that is very near
_ALIKE = {True: 0.8, False: 0.95}  # targets of very near pairs: agreement beyond chance, rank correlation


@dataclass(frozen=True, eq=False)
class Near:
    """Rows with a copy that is not exact.

    Attributes:
        rows: (Q,) the rows looked at that have no exact copy.
        partner: (Q,) the nearest training row.
        ratio: (Q,) its distance over that of the 15th neighbour.
    """

    rows: np.ndarray
    partner: np.ndarray
    ratio: np.ndarray


def near_copies(pair: Pair, repeated: Repeated, scores: Scores) -> Leak | None:
    """Whether more held-out rows have a near copy in training than training rows have, or nearly all have.

    In a clean split a held-out row is as far from the training rows as a training row is from the others.
    Near is relative to where the row lies: a fifth of the distance to its 15th neighbour.
    """
    space = Space(pair)
    if pair.num_train <= 2 * _NEIGHBOURS or not space.points[0].shape[1]:
        return None
    held_out, train = _held_out(space, repeated), _train(space, repeated)
    if not len(held_out.rows) or not len(train.rows):
        return None
    near_Q = held_out.ratio < _NEAR
    looked_at = space.looked_at(pair.num_held_out, "held out")
    beyond = beyond_training(int(near_Q.sum()), len(held_out.rows), train.ratio < _NEAR)
    copied = beyond >= max(_FEWEST, _SHARE * len(looked_at))
    if not copied and not _is_everywhere(pair, held_out, train):
        return None
    near_Q = near_Q if copied else held_out.ratio < _VERY_NEAR
    return _leak(pair, held_out, near_Q, scores, looked_at)


def _leak(pair: Pair, held_out: Near, near_Q: np.ndarray, scores: Scores, looked_at: np.ndarray) -> Leak:
    partners = np.full(pair.num_held_out, -1)
    partners[held_out.rows[near_Q]] = held_out.partner[near_Q]
    leaked, count = partners >= 0, int(near_Q.sum())
    unknown = np.ones(pair.num_held_out, dtype=bool)
    unknown[looked_at] = False
    added = scores.of_rows(leaked, partners, left_out=unknown)
    sampled = f" among {len(looked_at):,} looked at" if unknown.any() else ""
    share = f"{100.0 * count / len(looked_at):.1f} %"
    distance = f"{np.median(held_out.ratio[near_Q]):.2g} of the distance to the {_NEIGHBOURS}th"
    message = (
        f"{count:,} {pair.part} rows ({share}){sampled} are training rows but for "
        f"rounding or a little noise: their nearest training row lies at {distance}{adds(added, scores)}"
    )
    advice = "split before rows are augmented, rounded or measured again; keep copies of a row in one part"
    level = level_of(added.value, count / len(looked_at))
    return Leak(
        "L103",
        level,
        message,
        advice,
        pair.part,
        pair.data_rows(leaked),
        added.value,
        unknown=pair.data_rows(unknown),
    )


def _held_out(space: Space, repeated: Repeated) -> Near:
    rows = space.looked_at(space.pair.num_held_out, "held out")
    rows = rows[(repeated.partners[rows] < 0) & (repeated.twins[rows] < 0)]
    if not len(rows):
        return Near(rows, rows, rows.astype(float))
    found_Qk, distances_Qk = space.nearest(space.points[1][rows], _NEIGHBOURS)
    return _ratios(rows, found_Qk, distances_Qk)


def _train(space: Space, repeated: Repeated) -> Near:
    rows = space.looked_at(space.pair.num_train, "train")
    rows = rows[~repeated.copied[rows] & ~repeated.conflicting[rows]]
    if not len(rows):
        return Near(rows, rows, rows.astype(float))
    found_Qk, distances_Qk = space.nearest(space.points[0][rows], _NEIGHBOURS + 1)
    itself = found_Qk == rows[:, None]
    itself[~itself.any(axis=1), -1] = True  # equal in all that is measured, but for a date
    shape = (len(rows), _NEIGHBOURS)
    return _ratios(rows, found_Qk[~itself].reshape(shape), distances_Qk[~itself].reshape(shape))


def _ratios(rows: np.ndarray, found_Qk: np.ndarray, distances_Qk: np.ndarray) -> Near:
    far = distances_Qk[:, -1]
    ratio = np.divide(distances_Qk[:, 0], far, out=np.ones(len(rows)), where=far > 0.0)
    return Near(rows, found_Qk[:, 0], ratio)


def _is_everywhere(pair: Pair, held_out: Near, train: Near) -> bool:
    """Whether rows were copied with noise before the split: many on both sides are very near to another.

    They agree in their targets, as copies do; natural neighbours would not, all of them.
    """
    near_Q = held_out.ratio < _VERY_NEAR
    if min(near_Q.mean(), (train.ratio < _VERY_NEAR).mean()) < _EVERYWHERE or near_Q.sum() < _FEWEST:
        return False
    train_N, held_out_M = pair.targets
    one, other = held_out_M[held_out.rows[near_Q]], train_N[held_out.partner[near_Q]]
    is_class = pair.task.is_classification
    return likeness(one, other, is_class=is_class) >= _ALIKE[is_class]

"""L101, L102: held-out rows that stand in training, with their target or with another one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from assay.data.inspection.codes import Level
from assay.diagnosis.leaks.leak import Leak
from assay.diagnosis.leaks.pair import Pair
from assay.diagnosis.leaks.repeated import Repeated, by_chance, disagreement
from assay.diagnosis.leaks.scores import Scores
from assay.diagnosis.leaks.wording import adds, level_of

_FEWEST = 3  # rows; below, nothing but a note
_SHARE = 0.01  # of the held-out rows, below which it is a note
_FEW_BY_CHANCE = 0.1  # of rows find an equal one; where more do, only the comparison with training tells
_Z = 3.0  # standard deviations beyond the rate inside training


def repeated_rows(pair: Pair, repeated: Repeated, scores: Scores) -> Iterator[Leak]:
    """Rows on both sides. A handful, and what chance explains where few rows can differ, is a note."""
    known, twin = repeated.partners >= 0, repeated.twins >= 0
    if known.any():
        yield _known(pair, repeated, scores, known)
    if twin.any():
        yield _contradicted(pair, repeated, twin)


def _known(pair: Pair, repeated: Repeated, scores: Scores, known: np.ndarray) -> Leak:
    count = int(known.sum())
    unexplained = _unexplained(pair, repeated)
    added = scores.of_rows(known, repeated.partners)
    is_alarm = _is_alarm(unexplained, pair)
    message = f"{pair.share(count)} also stand in training, features and target{adds(added, scores)}"
    if not is_alarm:
        why = "a natural handful" if count < max(_FEWEST, _SHARE * pair.num_held_out) else "as chance has it"
        message += f"; {why}, no sign of a wrong split"
    advice = "take them out of training, or split so that equal rows stay in one part"
    level = level_of(added.value, count / pair.num_held_out) if is_alarm else Level.NOTE
    return Leak("L101", level, message, advice, pair.part, pair.data_rows(known), added.value)


def same_rows(pair: Pair) -> Leak:
    """Both parts are the same rows in the same order: mostly one file, named twice."""
    return Leak(
        "L101",
        Level.SERIOUS,
        f"the {pair.part} rows are the training rows, all {pair.num_held_out:,} in the same order (one file "
        f"given twice?); what they add to the score cannot be measured: every {pair.part} row is a copy",
        "hold out rows that training lacks",
        pair.part,
        pair.data_rows(np.arange(pair.num_held_out)),
    )


def in_validation(pair: Pair) -> list[Leak]:
    """L106, exact copies alone: test rows that stand among the validation rows, by which choices were made.

    Args:
        pair: the validation rows, in the place of training rows, and the test rows.
    """
    repeated = Repeated.of(pair)
    known = repeated.partners >= 0
    count = int(known.sum())
    if not count or (not pair.is_same and not _is_alarm(_unexplained(pair, repeated), pair)):
        return []
    message = (
        f"{pair.share(count)} also stand in validation, features and target: what was chosen by "
        "validation rows was chosen by these"
    )
    advice = "choose by rows that the test lacks: take these out of validation"
    level = level_of(None, count / pair.num_held_out)
    return [Leak("L106", level, message, advice, pair.part, pair.data_rows(known))]


def _unexplained(pair: Pair, repeated: Repeated) -> float:
    """How many of the rows on both sides neither chance nor the rate inside training explains."""
    count, num_twins = int((repeated.partners >= 0).sum()), int((repeated.twins >= 0).sum())
    unexplained = beyond_training(count, pair.num_held_out, repeated.copied)
    if repeated.by_odds < _FEW_BY_CHANCE:
        unexplained = max(unexplained, count - by_chance(num_twins, disagreement(pair)))
    return unexplained


def _is_alarm(unexplained: float, pair: Pair) -> bool:
    return unexplained >= max(_FEWEST, _SHARE * pair.num_held_out)


def _contradicted(pair: Pair, repeated: Repeated, twin: np.ndarray) -> Leak:
    count = int(twin.sum())
    beyond = beyond_training(count, pair.num_held_out, repeated.conflicting)
    is_alarm = _is_alarm(beyond, pair)
    message = (
        f"{pair.share(count)} stand in training with equal features and another target: "
        "no network can get both right"
    )
    if is_alarm:
        message += ", and training rows contradict each other far less often"
    advice = "look at some of them: labels may be wrong, or a column is missing that tells them apart"
    level = Level.WARNING if is_alarm else Level.NOTE
    return Leak("L102", level, message, advice, pair.part, pair.data_rows(twin))


def beyond_training(count: int, num_rows: int, repeated_N: np.ndarray) -> float:
    """How many of `count` rows with an equal one in training are more than the rate inside training explains.

    By chance a held-out row finds an equal training row as often as a training row finds another one.
    """
    rate = (repeated_N.sum() + 1.0) / (len(repeated_N) + 2.0)
    spread = np.sqrt(rate * (1.0 - rate) * num_rows * (1.0 + num_rows / len(repeated_N)))
    return float(count - rate * num_rows - _Z * spread)

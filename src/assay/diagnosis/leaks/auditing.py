"""`assay.audit`: looks for leaks between parts that somebody split."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from assay.core.errors import DataError
from assay.core.predictions import Predictions
from assay.data.table import Table
from assay.diagnosis.leaks import reference
from assay.diagnosis.leaks.audit import Audit
from assay.diagnosis.leaks.copies_of_target import copies_of_target
from assay.diagnosis.leaks.giveaway import giveaways
from assay.diagnosis.leaks.given import given_predictions
from assay.diagnosis.leaks.groups import group_leak
from assay.diagnosis.leaks.interpolated import interpolated
from assay.diagnosis.leaks.leak import Leak, by_importance
from assay.diagnosis.leaks.near_copies import near_copies
from assay.diagnosis.leaks.pair import Pair, counted
from assay.diagnosis.leaks.part_score import PartScore
from assay.diagnosis.leaks.repeated import Repeated
from assay.diagnosis.leaks.repeated_rows import in_validation, repeated_rows, same_rows
from assay.diagnosis.leaks.resampled import resampled
from assay.diagnosis.leaks.scaled import scaled_on_all
from assay.diagnosis.leaks.scores import Scores
from assay.diagnosis.leaks.sources import Part, holds_images, read_parts
from assay.diagnosis.leaks.times import time_leak

_FEWEST = 10  # rows of a part
_SEEN = {"L101", "L103", "L104", "L105"}  # rows that are in training, or made from training rows


def audit(
    train: Any,
    test: Any,
    *,
    validation: Any = None,
    target: str | int | None = None,
    predictions: Any = None,
    **reading: Any,
) -> Audit:
    """Look for leaks between training rows and the rows that a score is measured on.

    Looks for rows on both sides (exact, or but for noise), resampling and interpolation before the split,
    scaling by statistics of all rows, features that give the target away or are the target, and rows of one
    group or moment on both sides. Each leak says what it adds to the score: by your predictions, else by a
    reference model that memorises about as much as a network does.

    Args:
        train: a file, a frame, a 2-D array, a `Table`, or a pair of arrays (features, target); or images: a
            folder with one folder a class, and whatever else `assay.read` takes.
        test: the same.
        validation: the same, or None.
        target: the target's name or position; not needed for pairs of arrays.
        predictions: of all test rows in their order (those without a target may be left out): values, labels,
            or (M, K) probabilities with classes in their order, or `Predictions`.
        reading: choices of `assay.read`: task, ignore, kinds, time, group and so on; for images also
            `images`, their settings.

    Returns:
        the leaks, the most important first; the test score on all rows and on those never seen.

    Raises:
        DataError: a part cannot be read, is too small, or has other columns or other classes; the predictions
            are not of its rows.
        RecipeError: a choice is impossible.
    """
    others = {"test": test} | ({} if validation is None else {"validation": validation})
    if holds_images(train):
        from assay.diagnosis.leaks.images import audit_image_sources

        return audit_image_sources(train, others, target, predictions, **reading)
    training, parts = read_parts(train, others, target, **reading)
    pairs = [Pair.of(training, part.table, part.name) for part in parts]
    for pair in pairs:
        _check(pair)
    given = None if predictions is None else given_predictions(predictions, pairs[0], parts[0])
    scores = [Scores(pair, given if pair.part == "test" else None) for pair in pairs]
    with np.errstate(over="ignore", invalid="ignore"):  # of numbers whose squares are infinite
        leaks = _of_parts(pairs, scores)
    if validation is not None:
        leaks += in_validation(Pair.of(parts[1].table, parts[0].table, "test"))
    rows = {"training": len(training)} | {pair.part: pair.num_held_out for pair in pairs}
    measured = [
        score for each in scores if (score := _part_score(each, leaks, asked=given is not None)) is not None
    ]
    return Audit(by_importance(leaks), tuple(measured), rows, _notes(parts, scores, leaks))


def audit_parts(
    train: Table, validation: Table, predictions: Predictions | None, method: str
) -> tuple[Leak, ...]:
    """The leaks between the parts of a study.

    Args:
        train: the training rows.
        validation: the validation rows, with the same columns.
        predictions: of the validation rows, in their order; None: the reference model predicts.
        method: of the split; what it went by (group, time) is not looked for.
    """
    if train.is_images:
        from assay.diagnosis.leaks.images import audit_images

        return audit_images(train, validation, predictions, method)
    pair = Pair.of(train, validation, "validation")
    if min(pair.num_train, pair.num_held_out) < _FEWEST:
        return ()
    return by_importance(_of_parts([pair], [Scores(pair, predictions)], method))


def _of_parts(pairs: Sequence[Pair], scores: Sequence[Scores], method: str = "") -> list[Leak]:
    """The leaks of all parts; those of columns are looked for once."""
    leaks: list[Leak] = []
    for pair, score in zip(pairs, scores, strict=True):
        leaks += _of_rows(pair, score, method)
    copies = list(copies_of_target(pairs[0], scores[0]))
    leaks += copies
    leaks += giveaways(pairs[0], scores[0], [name for leak in copies for name in leak.columns])
    scaled = scaled_on_all(pairs)
    return leaks if scaled is None else [*leaks, scaled]


def _of_rows(pair: Pair, scores: Scores, method: str) -> list[Leak]:
    if pair.is_same:
        return [same_rows(pair)]
    repeated = Repeated.of(pair)
    drawn = resampled(pair, repeated, scores)
    made = None if drawn is not None else interpolated(pair, scores)
    found = [drawn, made]
    if drawn is None:
        found += repeated_rows(pair, repeated, scores)
    if drawn is None and made is None:
        found.append(near_copies(pair, repeated, scores))
    if method != "group" and drawn is None:  # copies share their identifier too
        found.append(group_leak(pair, scores))
    if method != "time":
        found.append(time_leak(pair, scores))
    return [leak for leak in found if leak is not None]


def _check(pair: Pair) -> None:
    for table, part in ((pair.train, "training"), (pair.held_out, pair.part)):
        if len(table) < _FEWEST:
            raise DataError(
                f"found {counted(len(table), f'{part} row')} with a target, and {_FEWEST} or more are needed",
                where=table.name,
            )


def _part_score(scores: Scores, leaks: Sequence[Leak], *, asked: bool) -> PartScore | None:
    """The score on all rows and on clean ones, where there is something to tell."""
    pair = scores.pair
    seen = [leak for leak in leaks if leak.part == pair.part and leak.code in _SEEN]
    if not any(leak.is_alarm for leak in seen) and not (asked and scores.given is not None):
        return None
    numbers = np.asarray(pair.data_rows(np.arange(pair.num_held_out)))
    leaked = np.isin(numbers, np.array([row for leak in seen for row in leak.rows], dtype=np.int64))
    unknown = np.isin(numbers, np.array([row for leak in seen for row in leak.unknown], dtype=np.int64))
    partners = Repeated.of(pair).partners
    by = "predictions" if scores.given is not None else reference.NAME
    known = np.flatnonzero(~unknown[scores.held_out])
    p = scores.predictions(partners).take(known)
    if len(np.unique(p.truth)) < 2:
        return None
    return PartScore.of(pair.part, p, leaked[scores.held_out][known], by, pair.num_held_out)


def _notes(parts: Sequence[Part], scores: Sequence[Scores], leaks: Sequence[Leak]) -> tuple[str, ...]:
    notes = [note for part in parts for note in part.notes]
    if not scores[0].pair.features:
        notes.append("no feature is left to compare: all are constant, missing, or name the row")
    if any(leak.inflation is not None for leak in leaks):
        sampled = (each.pair.part for each in scores if each.is_sampled)
        notes += [f"what adds to the {part} score was measured on a sample of the rows" for part in sampled]
    return tuple(notes)

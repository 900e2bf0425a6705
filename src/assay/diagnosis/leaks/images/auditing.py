"""Looks for leaks between parts of a set of images."""

from __future__ import annotations

from typing import Any

import numpy as np

from assay.core.errors import DataError
from assay.core.predictions import Predictions
from assay.data.table import Table
from assay.diagnosis.leaks.audit import Audit
from assay.diagnosis.leaks.given import given_predictions
from assay.diagnosis.leaks.images.copies import copy_leaks, in_validation
from assay.diagnosis.leaks.images.giveaway import telling_files
from assay.diagnosis.leaks.images.groups import group_leak
from assay.diagnosis.leaks.images.image_pair import ImagePair
from assay.diagnosis.leaks.images.sources import read_image_parts
from assay.diagnosis.leaks.leak import Leak, by_importance
from assay.diagnosis.leaks.part_score import PartScore
from assay.diagnosis.leaks.scores import Scores

_FEWEST = 10  # images of a part
_SEEN = {"L101", "L103"}


def audit_images(
    train: Table, validation: Table, predictions: Predictions | None = None, method: str = ""
) -> tuple[Leak, ...]:
    """The leaks between the images of a study.

    Looks for equal images and near copies (recompressed, resized, recoloured, mirrored) on both sides, for
    the same image under another label, for facts of files that tell the class, and for groups.

    Args:
        train: the training rows, with images.
        validation: the validation rows, with images.
        predictions: of the validation rows, in their order; None: what leaks add to a score is not measured.
        method: of the split; what it went by (group) is not looked for.

    Raises:
        DataError: a part has no images, or one can no longer be read.
    """
    if min(len(train), len(validation)) < _FEWEST:
        return ()
    images = ImagePair.of(train, validation, "validation")
    scores = None if predictions is None else Scores(images.pair, predictions)
    return by_importance(_of_parts([images], [scores], method))


def audit_image_sources(
    train: Any, others: dict[str, Any], target: str | int | None, predictions: Any = None, **reading: Any
) -> Audit:
    """The leaks between training images and the images that a score is measured on; see `assay.audit`.

    Args:
        train: what `assay.read` takes as images.
        others: the same by part's name: test, and validation where there is one.
        target: the column of the labels, for Parquet; else None.
        predictions: of all test images in their order.
        reading: choices of `assay.read`; `images`: settings of images.

    Raises:
        DataError: a part cannot be read or is too small; the predictions are not of its images.
        RecipeError: a choice is impossible.
    """
    training, parts = read_image_parts(train, others, target, **reading)
    for table, name in ((training, "training"), *((part.table, part.name) for part in parts)):
        _check(table, name)
    pairs: list[ImagePair] = []
    for part in parts:
        pairs.append(ImagePair.of(training, part.table, part.name, pairs[0].train if pairs else None))
    if predictions is not None and not pairs[0].is_labelled:
        raise DataError(
            f"the {parts[0].name} images have no labels, so that no score of predictions can be measured",
            hint="leave the predictions out",
            where=parts[0].table.name,
        )
    given = None if predictions is None else given_predictions(predictions, pairs[0].pair, parts[0])
    scores = [Scores(pairs[0].pair, given) if given is not None else None, *(None for _ in pairs[1:])]
    leaks = _of_parts(pairs, scores)
    if len(pairs) > 1:
        leaks += in_validation(ImagePair.of(parts[1].table, parts[0].table, "test", pairs[1].held_out))
    notes = [note for part in parts for note in part.notes]
    if given is None and pairs[0].is_labelled and any(leak.code in _SEEN for leak in leaks):
        notes.append("what leaks add to the score is measured where predictions are given (--predictions)")
    measured = () if scores[0] is None else (_part_score(scores[0], leaks),)
    rows = {"training": len(training)} | {images.pair.part: images.pair.num_held_out for images in pairs}
    return Audit(by_importance(leaks), measured, rows, tuple(notes))


def _of_parts(pairs: list[ImagePair], scores: list[Scores | None], method: str = "") -> list[Leak]:
    """The leaks of all parts; facts that tell the class are looked for once."""
    leaks: list[Leak] = []
    for images, score in zip(pairs, scores, strict=True):
        leaks += copy_leaks(images, score)
        if method != "group":
            leaks += group_leak(images)
    return [*leaks, *telling_files(pairs[0])]


def _check(table: Table, part: str) -> None:
    if len(table) < _FEWEST:
        images = "1 image" if len(table) == 1 else f"{len(table)} images"
        raise DataError(
            f"the {part} part has {images} with a label, and {_FEWEST} or more are needed", where=table.name
        )


def _part_score(scores: Scores, leaks: list[Leak]) -> PartScore:
    """The score of the predictions given, on all images and on those that leaked in no way."""
    pair = scores.pair
    seen = [row for leak in leaks if leak.part == pair.part and leak.code in _SEEN for row in leak.rows]
    numbers = np.asarray(pair.data_rows(np.arange(pair.num_held_out)))
    leaked = np.isin(numbers, np.array(seen, dtype=np.int64))
    return PartScore.of(pair.part, scores.predictions(), leaked, "predictions", pair.num_held_out)

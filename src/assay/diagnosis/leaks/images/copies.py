"""L101, L102, L103, L106 of images: copies and near copies on both sides."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from assay.data.inspection.codes import Level
from assay.data.table import Table
from assay.diagnosis.leaks.images.image_pair import ImagePair
from assay.diagnosis.leaks.leak import Leak
from assay.diagnosis.leaks.repeated_rows import beyond_training
from assay.diagnosis.leaks.scores import Added, Scores
from assay.diagnosis.leaks.wording import adds, level_of

_FEWEST = 3  # images; below, nothing but a note
_SHARE = 0.01  # of the held-out images, below which it is a note
_EVERYWHERE = 0.05  # of them; then it matters little that training has as many among its own
_NAMED = 3


def copy_leaks(images: ImagePair, scores: Scores | None) -> Iterator[Leak]:
    """Images on both sides. What comes up as often inside training is a note, up to a twentieth.

    Args:
        images: the parts.
        scores: of predictions given; None where there are none, and nothing can be measured.
    """
    if images.is_same:
        yield _same_images(images)
        return
    yield from _equal(images, scores)
    yield from _near(images, scores)
    yield from _contradicted(images)


def in_validation(images: ImagePair) -> list[Leak]:
    """L106, equal pixels alone: test images that stand among the validation images.

    Args:
        images: the validation images, in the place of training images, and the test images.
    """
    known = images.equal.same | images.equal.other
    count, pair = int(known.sum()), images.pair
    if not count or (not images.is_same and not _is_alarm(images, known, images.equal_in_training)):
        return []
    message = (
        f"{share(images, count)} also stand in validation {examples(images, images.equal.partners, known)}: "
        "what was chosen by validation images was chosen by these"
    )
    advice = "choose by images that the test lacks: take these out of validation"
    level = level_of(None, count / pair.num_held_out)
    return [Leak("L106", level, message, advice, pair.part, pair.data_rows(known))]


def share(images: ImagePair, count: int) -> str:
    """`94 of 1,000 test images (9.4 %)`."""
    return images.pair.share(count).replace(" rows ", " images ")


def examples(images: ImagePair, partners: np.ndarray, held_out: np.ndarray) -> str:
    """`(a.png = b.png, ...)`, held-out image first; row numbers where the source has no names."""
    train, others = (_names(table) for table in (images.pair.train, images.pair.held_out))
    rows = np.flatnonzero(held_out)
    shown = [f"{others[row]} = {train[partners[row]]}" for row in rows[:_NAMED]]
    return f"({', '.join(shown)}{', ...' if len(rows) > _NAMED else ''})"


def _names(table: Table) -> list[str]:
    assert table.images is not None  # whoever made the pair has asked
    return table.images.names


def _same_images(images: ImagePair) -> Leak:
    pair = images.pair
    return Leak(
        "L101",
        Level.SERIOUS,
        f"the {pair.part} images are the training images, all {pair.num_held_out:,} in the same order (one "
        f"source given twice?); what they add to the score cannot be measured: every {pair.part} "
        "image is a copy",
        "hold out images that training lacks",
        pair.part,
        pair.data_rows(np.arange(pair.num_held_out)),
    )


def _equal(images: ImagePair, scores: Scores | None) -> Iterator[Leak]:
    known, pair = images.equal.same, images.pair
    count = int(known.sum())
    if not count:
        return
    added, told = _added(known, scores)
    is_alarm = _is_alarm(images, known, images.equal_in_training)
    message = (
        f"{share(images, count)} also stand in training {examples(images, images.equal.partners, known)}"
    )
    message += told if is_alarm else f"{told}; {_natural(images, count)}, no sign of a wrong split"
    advice = "take them out of training, or split so that copies of an image stay in one part"
    level = level_of(added.value, count / pair.num_held_out) if is_alarm else Level.NOTE
    yield Leak("L101", level, message, advice, pair.part, pair.data_rows(known), added.value)


def _near(images: ImagePair, scores: Scores | None) -> Iterator[Leak]:
    known, pair = images.near.same, images.pair
    count = int(known.sum())
    if not count:
        return
    inside = np.zeros(pair.num_train, dtype=bool)
    inside[images.near_in_training.pairs.reshape(-1)] = True
    close = np.zeros(pair.num_held_out, dtype=bool)
    close[images.near_pairs.pairs[images.near_pairs.is_close, 1]] = True
    is_alarm = _is_alarm(images, known, inside, everywhere=close & known)
    added, told = _added(known, scores)
    mirrored = int(
        np.isin(images.near_pairs.pairs[images.near_pairs.is_mirrored, 1], np.flatnonzero(known)).sum()
    )
    how = f", {mirrored:,} of them mirrored" if mirrored else ""
    message = (
        f"{share(images, count)} are near copies of training images{how} "
        f"{examples(images, images.near.partners, known)}{told}"
    )
    if not is_alarm:
        message += f"; {_natural(images, count)}, no sign of a wrong split"
    advice = "split before images are augmented, cut or saved again; keep copies of an image in one part"
    level = level_of(added.value, count / pair.num_held_out) if is_alarm else Level.NOTE
    yield Leak("L103", level, message, advice, pair.part, pair.data_rows(known), added.value)


def _contradicted(images: ImagePair) -> Iterator[Leak]:
    pair = images.pair
    if not pair.task.is_classification:
        return
    equal, near = images.equal.other, images.near.other
    twin = equal | near
    count = int(twin.sum())
    if not count:
        return
    partners = np.where(images.equal.partners >= 0, images.equal.partners, images.near.partners)
    is_alarm = count >= max(_FEWEST, _SHARE * pair.num_held_out)
    message = (
        f"{share(images, count)} show what a training image shows, under another label "
        f"{examples(images, partners, twin)}: no network can get both right"
    )
    advice = "look at them: one of the two labels is wrong, or an image shows both"
    level = Level.WARNING if is_alarm else Level.NOTE
    yield Leak("L102", level, message, advice, pair.part, pair.data_rows(twin))


def _added(leaked: np.ndarray, scores: Scores | None) -> tuple[Added, str]:
    """What the images add to the score of the predictions given, and this in words."""
    if scores is None:
        return Added(None), ""
    added = scores.of_rows(leaked)
    return added, adds(added, scores)


def _is_alarm(
    images: ImagePair, known: np.ndarray, inside: np.ndarray, everywhere: np.ndarray | None = None
) -> bool:
    """Whether more images are on both sides than training has among its own, or very many are."""
    count, num_rows = int(known.sum()), images.pair.num_held_out
    least = max(_FEWEST, _SHARE * num_rows)
    many = known if everywhere is None else everywhere
    if int(many.sum()) >= max(_FEWEST, _EVERYWHERE * num_rows):
        return True
    return count >= least and beyond_training(count, num_rows, inside) >= least


def _natural(images: ImagePair, count: int) -> str:
    few = count < max(_FEWEST, _SHARE * images.pair.num_held_out)
    return "a natural handful" if few else "training has as many among its own images"

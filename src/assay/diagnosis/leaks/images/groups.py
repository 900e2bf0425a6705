"""L401 of images: images of one group (a patient, a scene) on both sides."""

from __future__ import annotations

from collections.abc import Iterator

from assay.data.inspection.codes import Level
from assay.diagnosis.leaks.images.copies import share
from assay.diagnosis.leaks.images.image_pair import ImagePair
from assay.diagnosis.leaks.leak import Leak

_SERIOUS = 0.05  # of the held-out images


def group_leak(images: ImagePair) -> Iterator[Leak]:
    """Held-out images whose group stands in training, where a column of groups is named."""
    pair = images.pair
    column = pair.train.group
    if column is None or column.name not in pair.held_out.frame.columns:
        return
    both = pair.both(column.name)
    train, held_out = both[: pair.num_train], both[pair.num_train :]
    known = held_out.is_in(train.drop_nulls().unique().implode()).fill_null(False).to_numpy()
    count = int(known.sum())
    if not count:
        return
    groups = held_out.filter(known).n_unique()
    which = "1 group" if groups == 1 else f"{groups:,} groups"
    message = f"{share(images, count)} belong to {which} of {column.name!r} that training has images of"
    advice = "split by group, so that all images of one stay in one part"
    level = Level.SERIOUS if count >= _SERIOUS * pair.num_held_out else Level.WARNING
    yield Leak("L401", level, message, advice, pair.part, pair.data_rows(known))

"""L303: one fact of the files or pixels tells the classes apart, whatever the images show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import polars as pl

from assay.core.seeds import child_seed
from assay.data.images.facts import image_facts
from assay.data.inspection.codes import Level
from assay.data.inspection.images.content_findings import fact_in_words, told_power
from assay.data.inspection.images.facts import (
    OF_FILE,
    facts_table,
    power_of_facts,
    telling_facts,
    with_border,
)
from assay.data.table import Table
from assay.diagnosis.leaks.images.image_pair import ImagePair
from assay.diagnosis.leaks.leak import Leak

_MOST = 10_000  # images looked at


def telling_files(images: ImagePair) -> Iterator[Leak]:
    """Facts that alone predict the class: those of files, and those of pixels that nearly decide it."""
    pair = images.pair
    looked_at = _sample(images)
    for alone, is_given_away in telling_facts(power_of_facts(looked_at)):
        of_file = alone.name in OF_FILE
        if not of_file and not is_given_away:
            continue
        message = f"{fact_in_words(alone.name)} alone {told_power(alone)}"
        advice = "save the images of all classes alike, or the network may learn where they come from"
        level = Level.SERIOUS if is_given_away else Level.WARNING
        yield Leak("L303", level, message, advice, pair.part, columns=(alone.name,))


def _sample(images: ImagePair) -> Table:
    """Facts of images of both parts, with their target; of training alone, where only it has labels."""
    parts = (images.pair.train, images.train), (images.pair.held_out, images.held_out)
    share = min(_MOST / (len(images.train) + len(images.held_out)), 1.0)
    facts, targets = [], []
    for number, (table, prints) in enumerate(parts if images.is_labelled else parts[:1]):
        rng = np.random.default_rng(child_seed(0, "facts", number))
        rows = np.sort(rng.permutation(len(table))[: max(int(share * len(table)), 1)])
        some = table.take(rows)
        facts.append(with_border(image_facts(some), prints.take(rows)))
        targets.append(some.frame.select(images.pair.target))
    return facts_table(pl.concat(facts), replace(images.pair.train, frame=pl.concat(targets), images=None))

"""The exploratory pass over a set of images: looks at every file and pixel, trains nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from assay.core.errors import DataError
from assay.core.finding import Finding
from assay.core.task import Task
from assay.data.images.facts import image_facts
from assay.data.images.fingerprints import Fingerprints, looked_through
from assay.data.inspection.alone import Alone
from assay.data.inspection.codes import by_importance, need_codes
from assay.data.inspection.images.averages import ClassAverages
from assay.data.inspection.images.content_findings import content_findings, power_findings
from assay.data.inspection.images.copies import Copies, find_copies
from assay.data.inspection.images.facts import facts_table, power_of_facts, with_border
from assay.data.inspection.images.file_findings import NotRead, file_findings
from assay.data.inspection.images.makeup import Makeup
from assay.data.inspection.images.record import image_record
from assay.data.inspection.page import page
from assay.data.inspection.profile import Profile, profile_columns
from assay.data.inspection.target_findings import class_findings
from assay.data.inspection.values import as_written
from assay.data.table import Table

if TYPE_CHECKING:
    from assay.data.images.images import Images

_MOST_CLASSES = 100  # whose average image is made


@dataclass(frozen=True, eq=False)
class ImageInspection:
    """What an exploratory pass over images saw. It shows itself in a notebook.

    Attributes:
        name: of the source.
        images: the N images, for those who want to show some.
        names: of each image.
        task: inferred from the target, or given; None without a target.
        target: the target's name, or None.
        profiles: one for each column of the table: the image, the label and so on.
        classes: images by label, the commonest first; empty unless the target is a class.
        labels: (N,) of each image; None where the target is no class.
        parts: row numbers of official parts by name; empty where there are none.
        makeup: sizes, formats, modes.
        channel_mean: (C,) mean of each channel, 0 to 1.
        channel_std: (C,) its standard deviation.
        copies: images that show the same.
        facts: N rows: width, brightness, sharpness and so on of each image.
        fact_profiles: one for each fact.
        power: how well single facts predict the target, by name.
        averages: (K, C, 32, 32) uint8, the average image of each class, in the order of `classes`.
        broken: files that were left out.
        findings: the most important first, muted ones left out.
        notes: what the reader did on the way.
    """

    name: str
    images: Images
    names: tuple[str, ...]
    task: Task | None
    target: str | None
    profiles: tuple[Profile, ...]
    classes: dict[str, int]
    labels: tuple[Any, ...] | None
    parts: Mapping[str, np.ndarray]
    makeup: Makeup
    channel_mean: np.ndarray
    channel_std: np.ndarray
    copies: Copies
    facts: pl.DataFrame
    fact_profiles: tuple[Profile, ...]
    power: dict[str, Alone]
    averages: np.ndarray
    broken: tuple[NotRead, ...]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]

    @property
    def rows(self) -> int:
        """How many images."""
        return len(self.names)

    def to_json(self) -> dict[str, Any]:
        """`inspection.json` of the contract, with what is known of the images under `images`."""
        return image_record(self)

    def _repr_html_(self) -> str:
        return page(self.to_json())


def inspect_images(
    table: Table,
    *,
    parts: Mapping[str, np.ndarray] | None = None,
    broken: Sequence[NotRead] = (),
    muted: Sequence[str] = (),
) -> ImageInspection:
    """Look at images: files, sizes, modes, copies, blank ones, balance, and facts that tell the class.

    Args:
        table: at least one row, with images.
        parts: row numbers of official parts by name, between which no image should be copied.
        broken: files that were left out.
        muted: codes of findings to leave out.

    Raises:
        DataError: the table has no images, or one can no longer be read.
        RecipeError: a muted code does not exist.
    """
    need_codes(muted)
    images = table.images
    if images is None or not len(table):
        raise DataError("there is no image to inspect", where=table.name)
    labels, classes = _labels(table)
    prints, averages = _looked_at(images, labels, list(classes))
    facts = with_border(image_facts(images), prints)
    makeup, copies, names = Makeup.of(facts), find_copies(prints), tuple(images.names)
    of_facts = facts_table(facts, table)
    power = power_of_facts(of_facts)
    found = [
        *file_findings(makeup, names, images.shape, images.format.fit, broken),
        *content_findings(names, copies, labels, _part_of_row(parts or {})),
        *power_findings(power),
        *class_findings(classes),
    ]
    fact_names = [column.name for column in of_facts.features]
    return ImageInspection(
        name=table.name,
        images=images,
        names=names,
        task=table.task,
        target=table.target.name if table.target else None,
        profiles=profile_columns(table),
        classes=classes,
        labels=labels,
        parts=parts or {},
        makeup=makeup,
        channel_mean=prints.channel_mean,
        channel_std=prints.channel_std,
        copies=copies,
        facts=facts.select(fact_names),
        fact_profiles=profile_columns(Table(facts.select(fact_names), of_facts.features, name=table.name)),
        power=power,
        averages=averages,
        broken=tuple(broken),
        findings=by_importance([finding for finding in found if finding.code not in muted]),
        notes=table.notes,
    )


def _labels(table: Table) -> tuple[tuple[Any, ...] | None, dict[str, int]]:
    """The label of each image, and how many images have it; none where the target is no class."""
    if table.target is None or table.task is None or not table.task.is_classification:
        return None, {}
    labels = tuple(str(as_written(label)) for label in table.frame[table.target.name].to_list())
    values, counts = np.unique(labels, return_counts=True)
    order = np.lexsort((values, -counts))
    return labels, {str(values[place]): int(counts[place]) for place in order}


def _looked_at(
    images: Images, labels: tuple[Any, ...] | None, classes: list[str]
) -> tuple[Fingerprints, np.ndarray]:
    """Fingerprints of all images, and the average image of each class."""
    number = {label: place for place, label in enumerate(classes[:_MOST_CLASSES])}
    classes_N = np.array([number.get(label, -1) for label in labels or ()], dtype=np.int64)
    sums = ClassAverages(len(number), images.shape[0])

    def fingerprints() -> Iterator[Fingerprints]:
        start = 0
        for batch in looked_through(images):
            if labels is not None:
                sums.add(batch, classes_N[start : start + len(batch)])
            start += len(batch)
            yield Fingerprints.of_batch(batch)

    return Fingerprints.joined(fingerprints(), len(images)), sums.images()


def _part_of_row(parts: Mapping[str, np.ndarray]) -> dict[int, str]:
    return {int(row): name for name, rows in parts.items() for row in rows}

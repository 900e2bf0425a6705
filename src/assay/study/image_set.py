"""An image set as it came in, of which a run takes the parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from assay.data.images.decoded import decoded_as, decoded_by
from assay.data.images.detect import is_image_source
from assay.data.images.settings import ImageSettings
from assay.data.images.survey import surveyed
from assay.data.table import Table

if TYPE_CHECKING:
    from assay.data.images.image_format import ImageFormat
    from assay.data.images.origin import Origin
    from assay.data.split import Split
    from assay.study.recipe import Recipe

_NO_TEST_PART = (
    "there is no official test part: the official validation images are sealed as the test, and validation "
    "images are drawn from the training images"
)
_STILL_CLOSED = (
    "the seal is still closed, and the study belongs to the images as they are; remove or repair these for a "
    "new study, or leave them out there by images.skip_broken = true"
)
_BACKBONE_SIDE = 224  # pixels; with 128, 160, 192 and 256 flowers were told apart less well
_PARTS = ("train", "validation", "test")
_DIVIDING = {"method", "train", "validation", "test", "train_rows", "validation_rows", "test_rows"}


@dataclass(frozen=True, eq=False)
class ImageSet:
    """All images of a source with their labels; the face of `assay.data.reading.Untyped`.

    No text of a sealed row could change the type of another here, so that taking a part is all. What is
    sealed are pixels: of a test image its name, its label and the header of its file are read, and it is not
    decoded before `assay test`. (Images of a `Table` were decoded by whoever read it.)

    Attributes:
        table: every image, counted by its own rows: those that were left out before have no number.
        official: row numbers of the parts that the source itself has; empty where it has none.
        settings: with which the images are read; None where they came without any, and stay as they are.
    """

    table: Table
    official: Mapping[str, np.ndarray] = field(default_factory=dict)
    settings: ImageSettings | None = None

    @classmethod
    def of(cls, data: Any, recipe: Recipe) -> ImageSet:
        """The images of a folder, a Parquet file, an archive, a data set, or a `Table` of images.

        Raises:
            DataError: there are none, or some are none.
        """
        if isinstance(data, Table):
            return cls._of_table(data, recipe)
        target = None if recipe.target is None else str(recipe.target)
        settings = _sized(recipe.images, recipe)
        table = surveyed(data, target=target, read=recipe.read, settings=settings)
        return cls(replace(table, rows=None), _origin(table).parts, settings)

    @classmethod
    def _of_table(cls, table: Table, recipe: Recipe) -> ImageSet:
        """A table that somebody has read, with the parts of its source and the settings it was read with."""
        images = table.images
        assert images is not None  # is_image_set has asked
        if images.origin is None:
            return cls(replace(table, rows=None))
        before = images.origin.settings.model_dump(exclude_unset=True)
        stated = recipe.images.model_dump(exclude_unset=True)
        settings = _sized(ImageSettings.checked(before | stated, where="images"), recipe)
        own = images.take(np.arange(len(images)))
        own.origin = replace(images.origin, settings=settings)
        return cls(replace(table, rows=None, images=own), images.origin.parts, settings)

    def undivided(self) -> Table:
        """All images, to be divided; those of a file or folder are not decoded."""
        return self.table

    def part(self, rows: np.ndarray) -> Table:
        """Some images.

        Args:
            rows: (M,) row numbers in the source, from 0.
        """
        return self.table.take(rows)

    def opened(self, split: Split) -> tuple[Table, Split]:
        """Training and validation images, decoded at the size that the training images decide.

        Returns:
            the images, and the split without those that `skip_broken` leaves out.

        Raises:
            DataError: images cannot be decoded: the first are named, with their number.
        """
        rows = split.open_rows
        table = self.table.take(rows)
        if self.settings is None:
            return table, split
        sealed = self.table.take(split.test).images  # decoded only to name them, where there is no study
        found = decoded_by(table, np.flatnonzero(np.isin(rows, split.train)), sealed)
        notes = (*found.table.notes, *self._about_parts(split))
        return replace(found.table, notes=notes), _without(split, np.delete(rows, found.left))

    def sealed(self, rows: np.ndarray, format: ImageFormat) -> tuple[Table, np.ndarray]:
        """The test images, decoded now as a trained network takes them.

        Args:
            rows: (M,) row numbers in the source, from 0.
            format: of the network.

        Returns:
            the images, and the row numbers of those that `skip_broken` does not leave out.

        Raises:
            DataError: images cannot be decoded: the first are named, with their number.
        """
        table = self.table.take(rows)
        if self.settings is None:
            return table, rows
        found = decoded_as(table, format, _STILL_CLOSED)
        return found.table, rows[found.left]

    def _about_parts(self, split: Split) -> tuple[str, ...]:
        """What was made of a validation part without a test part."""
        theirs = self.official.get("validation", np.empty(0, dtype=np.int64))
        if "test" in self.official or not len(theirs) or not np.array_equal(np.sort(theirs), split.test):
            return ()
        return (_NO_TEST_PART,)

    def frame_like(self, rows: np.ndarray, others: np.ndarray, names: Sequence[str]) -> pl.DataFrame:
        """Names and labels of some images; what `others` are written like changes nothing here."""
        return self.table.frame[rows].select(names)

    def split_choices(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """The source's own parts as settings of the split, where nobody asked for another one.

        A validation part without a test part is what the publisher measures on: it is sealed as the test, and
        validation is drawn from the training part.

        Args:
            asked: settings of the split that were stated.
        """
        stated = {name for name in _DIVIDING & asked.keys() if asked[name] not in {None, "auto"}}
        if stated or len(self.official) < 2:
            return {}
        parts = dict(self.official)
        if "test" not in parts:
            parts["test"] = parts.pop("validation")
        named = {f"{part}_rows": row_ranges(parts[part]) for part in _PARTS if part in parts}
        return {"method": "rows", **named}


def is_image_set(data: Any) -> bool:
    """Whether `data` holds images; cheap, and false for every table."""
    return data.images is not None if isinstance(data, Table) else is_image_source(data)


def _sized(settings: ImageSettings, recipe: Recipe) -> ImageSettings:
    """The settings; with the size that ImageNet's networks have seen, where one was asked for and no size."""
    is_backbone = recipe.network is not None and recipe.network.kind == "backbone"
    if not is_backbone or settings.size is not None:
        return settings
    stated = settings.model_dump(exclude_unset=True)
    return ImageSettings.checked(stated | {"size": _BACKBONE_SIDE}, where="images")


def _origin(table: Table) -> Origin:
    assert table.images is not None  # of an image source
    assert table.images.origin is not None  # a reader has read it
    return table.images.origin


def _without(split: Split, rows: np.ndarray) -> Split:
    """The split in which these rows stand in no part."""
    if not len(rows):
        return split
    train, validation, train_like = (
        np.setdiff1d(part, rows) for part in (split.train, split.validation, split.train_like)
    )
    return replace(split, train=train, validation=validation, train_like=train_like)


def row_ranges(rows: np.ndarray) -> str:
    """Row numbers from 0 as the recipe writes them, from 1: `"1-40, 45"`."""
    ordered = np.unique(rows) + 1
    cuts = np.flatnonzero(np.diff(ordered) > 1) + 1
    ends = [0, *cuts.tolist(), len(ordered)]
    spans = [(int(ordered[start]), int(ordered[end - 1])) for start, end in pairwise(ends)]
    return ", ".join(str(low) if low == high else f"{low}-{high}" for low, high in spans)

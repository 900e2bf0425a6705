"""What is found in images: the floor, leaks, where a network errs, and the images that show it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from assay.core.errors import DataError
from assay.core.files import write_json
from assay.data.column import Column, Kind
from assay.data.images.facts import image_facts
from assay.diagnosis.errors import find_errors
from assay.diagnosis.floor import Floor, estimate_image_floor
from assay.diagnosis.floor.equal_images import equal_images
from assay.diagnosis.leaks.images import audit_images
from assay.study.answers import repeated_labels, soft_labels
from assay.study.thumbnails import Thumbnails

if TYPE_CHECKING:
    from assay.core.predictions import Predictions
    from assay.data.images.images import Images
    from assay.data.table import Table
    from assay.study.recipe import Recipe
    from assay.study.runs import Run
    from assay.study.workbench import Workbench

_MOST = 24  # worst images, and labels that may be wrong: a look at one takes a second


@dataclass(frozen=True)
class ImageFindings:
    """Findings in images; `TableFindings` has the same face.

    Attributes:
        bench: has the images.
        first: predictions by any network, by part.
    """

    bench: Workbench
    first: dict[str, Predictions]

    @cached_property
    def leaks(self) -> tuple[dict[str, Any], ...]:
        """What passes from the training images to the validation images and should not."""
        parts = self.bench.parts
        found = audit_images(parts.train, parts.validation, self.first["validation"], self.bench.split.method)
        return tuple(leak.to_json() for leak in found)

    @cached_property
    def equal(self) -> np.ndarray:
        """(Nt + Nv,) numbers, equal for equal images: training images, then new ones like them."""
        parts = self.bench.parts
        return equal_images([images_of(parts.train), images_of(parts.alike)])

    def floor(self, recipe: Recipe, trainings: list[dict[str, Predictions]]) -> Floor:
        """The lowest reachable error, by what all trainings say together."""
        return estimate_image_floor(
            trainings[0]["train"],
            [parts.get("train_like", parts["validation"]) for parts in trainings],
            recipe.metric,
            same=self.equal,
            soft_labels=soft_labels(recipe, self.bench.parts),
            repeated_labels=repeated_labels(recipe, self.bench.parts),
            seed=recipe.seed,
        )

    def write_errors(self, run: Run) -> None:
        """Write errors.json: where the run's network errs on validation images; and thumbnails of them."""
        recipe = run.recipe
        parts = run.predictions()
        errors = find_errors(
            parts["validation"],
            self._facts,
            train=parts[
                "train"
            ],  # learnt from: a label that is contradicted all the same is the more suspect
            metric=recipe.metric,
            most=_MOST,
            seed=recipe.seed,
        )
        thumbnails = Thumbnails(self.bench.study.folder, self.bench.parts, self.bench.split)
        errors = replace(errors, images=thumbnails.names(errors.told_rows))
        write_json(self.bench.study.folder / "errors.json", errors.to_json())
        thumbnails.write(errors.told_rows, recipe.augmentation, seed=recipe.seed)

    @cached_property
    def _facts(self) -> Table:
        """The validation images as a table of what can be told of an image without knowing what it shows."""
        return facts_table(self.bench.parts.validation)


def images_of(table: Table) -> Images:
    """The images of a table that has some.

    Raises:
        DataError: it has none.
    """
    if table.images is None:
        raise DataError("the rows are no images", where=table.name)
    return table.images


def facts_table(table: Table) -> Table:
    """One row an image: its size, brightness and so on as features, beside the target.

    Slices of the errors are told by these columns; the image itself has no column that a rule could name.
    """
    target, facts = table.target, image_facts(table).rename({"bytes": "bytes of the file"})
    if target is not None and target.name in facts.columns:
        facts = facts.rename({target.name: f"{target.name} of the image"})
    columns = tuple(Column(name, _kind(facts[name]), why="measured on the image") for name in facts.columns)
    if target is None:
        return replace(table, frame=facts, columns=columns, images=None)
    frame = pl.concat([facts, table.frame.select(target.name)], how="horizontal")
    return replace(table, frame=frame, columns=(*columns, target), images=None)


def _kind(values: pl.Series) -> Kind:
    return Kind.QUALITATIVE if values.dtype == pl.String else Kind.QUANTITATIVE

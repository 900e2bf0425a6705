"""Small images of what a study speaks of, as files of its folder: `thumbnails/17.jpg` shows row 17."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assay.core.files import write_json
from assay.core.seeds import child_seed
from assay.study.shown_augmentation import save_thumbnail, show_augmentation

if TYPE_CHECKING:
    from assay.data.images.augmentation import AugmentationSettings
    from assay.data.images.images import Images
    from assay.data.split import Split
    from assay.study.parts import Parts

_CLASSES, _EACH = 12, 8  # of the contact sheet


@dataclass(frozen=True)
class Thumbnails:
    """Writes thumbnails of a study's open images; the sealed ones are never looked at.

    Attributes:
        folder: of the study.
        parts: the images.
        split: their row numbers.
    """

    folder: Path
    parts: Parts
    split: Split

    def names(self, rows: Iterable[int]) -> dict[int, str]:
        """What the images of these rows, counted from 1, are called."""
        return {row: str(images.names[place]) for row, images, place in self._found(rows)}

    def write(self, rows: Iterable[int], augmentation: AugmentationSettings | None, *, seed: int) -> None:
        """Write the images of these rows, some of each class, and some as training sees them.

        What the latter two show stands in thumbnails.json: `{"classes": [{"label", "rows"}], "augmentation":
        {"did", "images": [{"row", "file", "changed": [file]}]} | null}`.

        Args:
            rows: counted from 1.
            augmentation: what is done to training images.
            seed: names the choice of images and their changes.
        """
        rng = np.random.default_rng(child_seed(seed, "thumbnails"))
        classes = self._classes(rng)
        told = [row for one in classes for row in one["rows"]]
        for row, images, place in self._found(dict.fromkeys([*rows, *told])):
            save_thumbnail(self.folder / "thumbnails" / f"{row}.jpg", images.original(place))
        shown = None
        if augmentation is not None and augmentation.is_on and self.parts.train.images is not None:
            images, rows = self.parts.train.images, self.split.train + 1
            shown = show_augmentation(self.folder / "thumbnails", images, rows, augmentation, seed=seed)
        write_json(self.folder / "thumbnails.json", {"classes": classes, "augmentation": shown})

    def _found(self, rows: Iterable[int]) -> Iterator[tuple[int, Images, int]]:
        """Each row that is open, the images it is among, and its place there."""
        open_parts = [(self.parts.train, self.split.train), (self.parts.validation, self.split.validation)]
        if self.parts.train_like is not None:
            open_parts.append((self.parts.train_like, self.split.train_like))
        places = {
            int(row) + 1: (table.images, place)
            for table, numbers in open_parts
            for place, row in enumerate(numbers)
            if table.images is not None
        }
        for row in rows:
            if row in places:
                yield row, *places[row]

    def _classes(self, rng: np.random.Generator) -> list[dict[str, Any]]:
        """Some training images of each class, or of all where there are no classes; rows counted from 1."""
        table = self.parts.train
        if table.target is None or table.task is None or not table.task.is_classification:
            return [{"label": "", "rows": self._chosen(np.arange(len(table)), rng)}]
        labels = table.frame[table.target.name].to_numpy()
        found = sorted(set(labels.tolist()), key=str)[:_CLASSES]
        return [
            {"label": str(label), "rows": self._chosen(np.flatnonzero(labels == label), rng)}
            for label in found
        ]

    def _chosen(self, places: np.ndarray, rng: np.random.Generator) -> list[int]:
        chosen = rng.choice(places, min(_EACH, len(places)), replace=False)
        return [int(row) + 1 for row in self.split.train[chosen]]

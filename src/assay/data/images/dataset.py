"""A torch `Dataset` of images with labels, torchvision's among them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
import torch

from assay.core.errors import DataError
from assay.data.images.arrays import one_image
from assay.data.images.detect import IMAGE_NAMES
from assay.data.images.folder import LABEL
from assay.data.images.headers import Header
from assay.data.images.memory import free_memory
from assay.data.images.settings import ImageSettings
from assay.data.images.source_parts import Broken, Found
from assay.data.images.store import ArrayStore, Store

_LABEL_NAMES = (LABEL, "labels", "target", "class")
_SHARE = 3  # at most this part of the free memory is filled with images


class DatasetStore(Store):
    """Images that a data set makes again whenever they are asked for."""

    def __init__(
        self, names: Sequence[str] | np.ndarray, dataset: Any, index: np.ndarray, shapes: np.ndarray
    ) -> None:
        super().__init__(names)
        self.dataset, self.index, self.shapes = dataset, index, shapes

    def take(self, rows: np.ndarray) -> DatasetStore:
        """The store of these row numbers."""
        return DatasetStore(self.names[rows], self.dataset, self.index[rows], self.shapes[rows])

    def header(self, row: int) -> Header:
        """The shape that the image had at first."""
        channels, height, width = (int(number) for number in self.shapes[row])
        return Header("", "L" if channels == 1 else "RGB", width, height)

    def content(self, row: int) -> bytes:
        """The image's values, made again."""
        return self.pixels(row, 1 << 40).numpy().tobytes()

    def pixels(self, row: int, max_pixels: int) -> torch.Tensor:
        """The image, made again."""
        image, _ = _item(self.dataset, int(self.index[row]))
        return one_image(image, max_pixels)


def read_dataset(dataset: Any, settings: ImageSettings) -> Found:
    """Every image of a data set with its label; class numbers become names where it has `classes`.

    Raises:
        DataError: it has no length, an item cannot be had or is no (image, label), or there is none.
    """
    where = type(dataset).__name__
    count = _length(dataset, where)
    limit = 0 if settings.storage == "stream" else free_memory() // _SHARE
    if settings.storage == "memory":
        limit = 1 << 62
    kept: list[torch.Tensor] | None = []
    rows, shapes, labels, broken, held = [], [], [], [], 0
    for row in range(count):
        try:
            image, label = _item(dataset, row)
            pixels = one_image(image, settings.max_pixels)
        except DataError as error:
            broken.append(Broken(f"row {row}", error.message, error.hint))
            continue
        rows.append(row)
        shapes.append(tuple(pixels.shape))
        labels.append(_plain_label(label, f"{where}, row {row}"))
        held += pixels.numel()
        if kept is not None and held <= limit:
            kept.append(pixels.clone())
        else:
            kept = None
    names, index = [f"row {row}" for row in rows], np.array(rows, dtype=np.int64)
    store: Store = (
        ArrayStore(names, kept)
        if kept is not None
        else DatasetStore(names, dataset, index, np.array(shapes, dtype=np.int64).reshape(-1, 3))
    )
    columns = pl.DataFrame([_column(labels, _classes(dataset), where)]) if labels else pl.DataFrame()
    notes = _notes(dataset, rows)
    return Found(
        where, store, columns, LABEL, broken=tuple(broken), notes=notes, rows=index if broken else None
    )


def _length(dataset: Any, where: str) -> int:
    if isinstance(dataset, torch.utils.data.IterableDataset) or not hasattr(dataset, "__len__"):
        raise DataError(
            "the data set can only be read once, from its beginning, and images are wanted by number",
            hint="give it __len__ and __getitem__",
            where=where,
        )
    count = len(dataset)
    if not count:
        raise DataError("the data set is empty", where=where)
    return count


def _item(dataset: Any, row: int) -> tuple[Any, Any]:
    """Image and label of an item: a pair, or a dictionary."""
    try:
        item = dataset[row]
    except Exception as error:  # whatever the user's own code raises
        raise DataError(f"the data set fails there ({type(error).__name__}: {error})") from error
    if isinstance(item, dict):
        image = next((item[name] for name in IMAGE_NAMES if name in item), None)
        label = next((item[name] for name in _LABEL_NAMES if name in item), None)
    elif isinstance(item, tuple | list) and len(item) >= 2:
        image, label = item[0], item[1]
    else:
        raise DataError(f"the item is {type(item).__name__}, and (image, label) was expected")
    if image is None or label is None:
        raise DataError("the item has no image or no label")
    return image, label


def _plain_label(label: Any, where: str) -> str | int | float | bool:
    plain = label.item() if hasattr(label, "item") and getattr(label, "size", 1) is not None else label
    if isinstance(plain, str | bool | int | float):
        return plain
    raise DataError(f"the label is {type(label).__name__}, and one class or number was expected", where=where)


def _classes(dataset: Any) -> list[str]:
    """Names of the classes, also through `Subset`."""
    while not hasattr(dataset, "classes") and hasattr(dataset, "dataset"):
        dataset = dataset.dataset
    return [str(name) for name in getattr(dataset, "classes", ())]


def _column(labels: list[str | int | float | bool], classes: list[str], where: str) -> pl.Series:
    is_numbers = all(isinstance(label, int) and not isinstance(label, bool) for label in labels)
    if is_numbers and classes:
        if not all(0 <= int(label) < len(classes) for label in labels):
            raise DataError(f"the labels are no numbers of the {len(classes)} classes it names", where=where)
        return pl.Series(LABEL, [classes[int(label)] for label in labels], dtype=pl.String)
    kinds = {type(label) for label in labels}
    if len(kinds) > 1 and kinds != {int, float}:
        found = ", ".join(sorted(kind.__name__ for kind in kinds))
        raise DataError(f"the labels are of several types: {found}", where=where)
    return pl.Series(LABEL, [float(label) for label in labels] if float in kinds else labels)


def _notes(dataset: Any, rows: list[int]) -> tuple[str, ...]:
    """A word of warning where the same item comes out differently: augmentation would reach validation."""
    if not rows:
        return ()
    try:
        one, other = (one_image(_item(dataset, rows[0])[0], 1 << 40) for _ in range(2))
    except DataError:
        return ()
    if one.shape == other.shape and torch.equal(one, other):
        return ()
    return (
        "the data set's transform is random: validation images are changed as well; leave it out "
        "and use the recipe's augmentation",
    )

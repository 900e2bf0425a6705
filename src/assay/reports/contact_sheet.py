"""A contact sheet: small images inside a page, as data URIs, so many that the page stays light."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image

    from assay.data.images.images import Images
    from assay.data.inspection.images import ImageInspection

SIDE = 96  # pixels of the longer side
_QUALITY = 82
_MOST_BYTES = 2_400_000  # of all together


@dataclass(frozen=True)
class ContactSheet:
    """Small images by what they show.

    Attributes:
        thumbnails: data URI by row number.
        averages: data URI of the average image by class.
        left_out: rows that the page has no room for.
    """

    thumbnails: Mapping[int, str] = field(default_factory=dict)
    averages: Mapping[str, str] = field(default_factory=dict)
    left_out: int = 0

    @classmethod
    def of(cls, inspection: ImageInspection) -> ContactSheet:
        """The images that the record of an inspection names.

        Raises:
            DataError: one of them can no longer be read, with its name.
        """
        averages = {
            label: average_uri(image)
            for label, image in zip(inspection.classes, inspection.averages, strict=False)
        }
        room = _MOST_BYTES - sum(map(len, averages.values()))
        thumbnails, left_out = _thumbnails(inspection.images, named_rows(inspection.to_json()), room)
        return cls(thumbnails, averages, left_out)


def named_rows(record: dict[str, Any]) -> list[int]:
    """The rows that a record of an inspection names, each once: samples, copies, then odd ones."""
    images = record.get("images") or {}
    groups = [
        *(images.get("samples") or {}).values(),
        *(group.get("rows") or [] for group in images.get("copies") or []),
        *(end.get("rows") or [] for end in images.get("odd") or []),
    ]
    return list(dict.fromkeys(int(row) for rows in groups for row in rows))


def thumbnail_uri(image: Image, side: int = SIDE) -> str:
    """A JPEG of at most `side` pixels, as a data URI.

    Args:
        image: in mode RGB or L; smaller ones are not blown up.
        side: of the longer edge.
    """
    small = image.copy()
    small.thumbnail((side, side))
    stream = io.BytesIO()
    small.save(stream, "JPEG", quality=_QUALITY, optimize=True)
    return "data:image/jpeg;base64," + base64.b64encode(stream.getvalue()).decode("ascii")


def average_uri(image_CHW: np.ndarray) -> str:
    """An average image, uint8 (C, H, W) with C 1 or 3, as a data URI."""
    from PIL.Image import Resampling, fromarray

    values_HWC = np.ascontiguousarray(image_CHW.transpose(1, 2, 0))
    image = fromarray(values_HWC[..., 0] if len(image_CHW) == 1 else values_HWC)
    return thumbnail_uri(image.resize((SIDE, SIDE), Resampling.BICUBIC))


def _thumbnails(images: Images, rows: Iterable[int], room: int) -> tuple[dict[int, str], int]:
    """Data URIs of the first rows that there is room for, and how many there was none for."""
    found: dict[int, str] = {}
    left_out = 0
    for row in rows:
        if room <= 0:
            left_out += 1
            continue
        found[row] = thumbnail_uri(images.original(row))
        room -= len(found[row])
    return found, left_out

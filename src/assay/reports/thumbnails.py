"""Images of a page, inside it: data URIs, of which a page holds so many that it stays light."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from pathlib import Path
from typing import Any

Record = dict[str, Any]

MOST_BYTES = 2_400_000  # of all images of a page; with its words and curves it stays below 3 MB
_START = "data:image/jpeg;base64,"


class Embedded:
    """Reads the thumbnails of a study as data URIs, those asked for first until the page is full.

    Args:
        folder: of the study; its thumbnails lie in `thumbnails/`.
        most_bytes: of all URIs together.

    Attributes:
        left_out: how many were asked for and did not fit.
    """

    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES) -> None:
        self._folder = folder / "thumbnails"
        self._left = most_bytes
        self.left_out = 0

    def uri(self, file: Any) -> str:
        """`data:image/jpeg;base64,...`; empty where there is no such file, or no room for it."""
        path = self._folder / Path(str(file)).name
        try:
            content = path.read_bytes()
        except OSError:
            return ""
        uri = _START + base64.b64encode(content).decode("ascii")
        if len(uri) > self._left:
            self.left_out += 1
            return ""
        self._left -= len(uri)
        return uri

    def row(self, row: Any) -> str:
        """The image of a row, counted from 1."""
        return self.uri(f"{row}.jpg")


def class_rows(record: Record, embedded: Embedded) -> list[Record]:
    """Some images of each class: `{"label", "images": [{"uri", "alt"}]}`; classes without any are left out.

    Args:
        record: of thumbnails.json.
        embedded: where the images come from.
    """
    found = []
    for one in _records(record.get("classes")):
        label = str(one.get("label") or "")
        images = _shown(
            (f"{row}.jpg" for row in one.get("rows") or []), f"training image of class {label}", embedded
        )
        if images:
            found.append({"label": label, "images": images})
    return found


def augmented(record: Record, embedded: Embedded) -> Record:
    """Training images and what training makes of them: `{"did", "rows": [{"before", "after"}]}`; or empty."""
    shown = record.get("augmentation")
    if not isinstance(shown, dict):
        return {}
    rows = []
    for one in _records(shown.get("images")):
        before = _shown([one.get("file")], f"training image {one.get('row')} as it is", embedded)
        words = f"training image {one.get('row')} changed"
        after = _shown(one.get("changed") or [], words, embedded)
        if before and after:
            rows.append({"before": before[0], "after": after})
    return {"did": shown.get("did"), "rows": rows} if rows else {}


def _shown(files: Iterable[Any], alt: str, embedded: Embedded) -> list[Record]:
    found = [{"uri": embedded.uri(file), "alt": alt} for file in files]
    return [one for one in found if one["uri"]]


def _records(value: Any) -> list[Record]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []

"""The official split: parts that somebody published, by row number."""

from __future__ import annotations

import re

import numpy as np

from assay.core.errors import DataError, RecipeError
from assay.data.split.settings import SplitSettings

_PIECE = re.compile(
    r"(?:(?P<side>first|last)\s+(?P<count>\d+))|(?:(?P<low>\d+)\s*(?P<dash>-)?\s*(?P<high>\d+)?)"
)
_PARTS = ("train_rows", "validation_rows", "test_rows")


def parse_rows(text: str, num_rows: int, *, where: str = "split") -> np.ndarray:
    """Sorted positions from 0 of row numbers from 1, e.g. ``"1-463715"``, ``"last 51630"``, ``"1-10, 15"``.

    Raises:
        RecipeError: the text is no list of row numbers.
        DataError: the table has no such row.
    """
    chosen = np.zeros(num_rows, dtype=bool)
    for piece in text.lower().split(","):
        low, high = _ends(piece.strip().replace("_", ""), num_rows, where)
        if high > num_rows or low < 1:
            found = low if low < 1 else high
            raise DataError(
                f"{piece.strip()!r} asks for row {found:,}, and the table has rows 1 to {num_rows:,}",
                where=where,
            )
        chosen[low - 1 : high] = True
    return np.flatnonzero(chosen)


def _ends(piece: str, num_rows: int, where: str) -> tuple[int, int]:
    match = _PIECE.fullmatch(piece)
    wrong = RecipeError(
        f"{piece!r} is no row number and no range of rows",
        hint='write "1-463715", "463716-", "first 100" or "last 51630", with commas between several',
        where=where,
    )
    if match is None or (match["high"] and not match["dash"]):
        raise wrong
    if match["side"]:
        count = int(match["count"])
        if count == 0:
            raise wrong
        return (1, count) if match["side"] == "first" else (num_rows - count + 1, num_rows)
    low = int(match["low"])
    high = int(match["high"]) if match["high"] else (max(num_rows, low) if match["dash"] else low)
    if high < low:
        raise wrong
    return low, high


def official_parts(
    settings: SplitSettings, num_rows: int
) -> tuple[np.ndarray, np.ndarray | None, np.ndarray]:
    """Positions of training, validation (None when not given: draw it from training) and test rows.

    Raises:
        DataError: parts share rows, or one is left empty.
    """
    given = {
        name: parse_rows(text, num_rows, where=f"split.{name}")
        for name in _PARTS
        if (text := getattr(settings, name)) is not None
    }
    _refuse_shared_rows(given, num_rows)
    taken = np.zeros(num_rows, dtype=bool)
    for rows in given.values():
        taken[rows] = True
    rest = np.flatnonzero(~taken)
    train, test = given.get("train_rows", rest), given.get("test_rows", rest)
    for name, rows in (("train_rows", train), ("test_rows", test)):
        if not len(rows):
            raise DataError("the other parts take all rows and leave none", where=f"split.{name}")
    return train, given.get("validation_rows"), test


def _refuse_shared_rows(given: dict[str, np.ndarray], num_rows: int) -> None:
    owner = np.full(num_rows, -1, dtype=np.int8)
    names = list(given)
    for number, (name, rows) in enumerate(given.items()):
        shared = rows[owner[rows] >= 0]
        if len(shared):
            other = names[owner[shared[0]]]
            raise DataError(
                f"{len(shared):,} rows stand in {other} and in {name}, the first is row {shared[0] + 1:,}",
                hint="a row belongs to one part",
                where="split",
            )
        owner[rows] = number

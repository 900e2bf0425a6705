"""Rows that an exported network has to answer as the bundle does: usual ones, and the oddest there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assay.bundle.bundle import Bundle
from assay.data.images.schema import ImageSchema
from assay.data.preparation.filling import LARGEST
from assay.data.schema import InputColumn, Schema
from assay.data.schema.values import UNSEEN

EXTREMES = (1e300, -1e300, 5e-324, LARGEST, -LARGEST)
FIRST_DATE, LAST_DATE = -62_135_596_800.0, 253_402_300_799.0
"""0001-01-01 00:00:00 and 9999-12-31 23:59:59 in seconds since 1970: the ends of what a date can say."""

MOST_ROWS = 1_000
_DRAWN = 200
_MOST_NUMBERS = 2**22  # of images at once: the layers of a network make many times as many of them


@dataclass(frozen=True, eq=False)
class ParityRows:
    """R rows as a network takes them.

    Attributes:
        raw: (R, C) float64, or (R, C, H, W) uint8.
        names: (R,) what each is, as a message calls it.
        counts: how many there are of each sort, in their order: "validation" or "drawn", "missing", "unseen",
            "extreme".
        biggest: rows that one batch may have; fewer than 1,000 where images are large.
    """

    raw: np.ndarray
    names: tuple[str, ...]
    counts: dict[str, int]
    biggest: int = MOST_ROWS

    @property
    def num_usual(self) -> int:
        """The first so many rows are real, or like real ones."""
        return next(iter(self.counts.values()))

    @classmethod
    def of(cls, bundle: Bundle, given: np.ndarray | None = None) -> ParityRows:
        """Rows for a bundle.

        Args:
            bundle: whose schema says what is unseen and extreme.
            given: (N, ...) real rows, as `Schema.encode` makes them; at most 1,000 are taken, evenly. Without
                any, rows are drawn from the ranges that the schema knows.
        """
        schema = bundle.schema
        if isinstance(schema, ImageSchema):
            return _of_images(schema.format.shape, given)
        return _of_table(schema, given)


def drawn_rows(bundle: Bundle, num_rows: int = _DRAWN) -> np.ndarray:
    """(N, C) float64, or (N, C, H, W) uint8: rows that nobody has, within the ranges of the schema."""
    rng, schema = np.random.default_rng(0), bundle.schema
    if isinstance(schema, ImageSchema):
        return rng.integers(0, 256, (num_rows, *schema.format.shape), dtype=np.uint8)
    return np.column_stack([_drawn(column, num_rows, rng) for column in schema.columns])


def _of_images(shape: tuple[int, int, int], given: np.ndarray | None) -> ParityRows:
    biggest = max(7, min(MOST_ROWS, _MOST_NUMBERS // int(np.prod(shape))))
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 256, (min(biggest, 16), *shape), dtype=np.uint8)
    usual, sort = (noise, "drawn") if given is None else (_spread(given, biggest), "validation")
    board = (np.indices(shape).sum(axis=0) % 2 * 255).astype(np.uint8)
    odd = np.stack([np.zeros_like(board), np.full_like(board, 255), board])
    return ParityRows(
        np.concatenate([usual, odd]),
        (
            *_numbered(sort, len(usual), "image"),
            "the black image",
            "the white image",
            "the image of black and white points",
        ),
        {sort: len(usual), "extreme": len(odd)},
        biggest,
    )


def _of_table(schema: Schema, given: np.ndarray | None) -> ParityRows:
    if given is None:
        rng = np.random.default_rng(0)
        usual = np.column_stack([_drawn(column, _DRAWN, rng) for column in schema.columns])
        sort = "drawn"
    else:
        usual, sort = _spread(given, MOST_ROWS), "validation"
    base = usual[0]
    parts = {
        "missing": _missing(schema, base),
        "unseen": _unseen(schema, base),
        "extreme": _extreme(schema, base),
    }
    names = [*_numbered(sort, len(usual), "row"), *(name for part in parts.values() for name, _ in part)]
    odd = [row for part in parts.values() for _, row in part]
    counts = {sort: len(usual)} | {what: len(part) for what, part in parts.items()}
    return ParityRows(np.concatenate([usual, np.stack(odd)]), tuple(names), counts)


def _missing(schema: Schema, base: np.ndarray) -> list[tuple[str, np.ndarray]]:
    rows = [
        (f"the row without {column.name!r}", _with(base, index, np.nan))
        for index, column in enumerate(schema.columns)
    ]
    return [*rows, ("the row without any value", np.full_like(base, np.nan))]


def _unseen(schema: Schema, base: np.ndarray) -> list[tuple[str, np.ndarray]]:
    return [
        (f"the row with the unseen {column.name!r}", _with(base, index, code))
        for index, column in enumerate(schema.columns)
        if (code := _unseen_code(column)) is not None
    ]


def _unseen_code(column: InputColumn) -> float | None:
    """A category or step that no training row had; None where the column has none."""
    if column.levels or column.dtype == "text":
        return UNSEEN
    if column.is_category and column.dtype != "boolean":
        return max(column.codes, default=0.0) + 1.0
    return None


def _extreme(schema: Schema, base: np.ndarray) -> list[tuple[str, np.ndarray]]:
    """Each column in turn at each of its extremes, and all numbers at once."""
    rows = [
        (f"the row with {column.name!r} = {value!r}", _with(base, index, value))
        for index, column in enumerate(schema.columns)
        for value in _extremes(column)
    ]
    is_number = np.array([column.is_number and not column.levels for column in schema.columns])
    at_once = [
        (f"the row with all numbers = {value!r}", np.where(is_number, value, base)) for value in EXTREMES
    ]
    return [*rows, *(at_once if is_number.any() else ())]


def _extremes(column: InputColumn) -> Sequence[float]:
    if column.is_date:
        return FIRST_DATE, LAST_DATE
    return EXTREMES if column.is_number and not column.levels else ()


def _drawn(column: InputColumn, num_rows: int, rng: np.random.Generator) -> np.ndarray:
    """(N,) values within the range of the training rows, some missing where some were."""
    if column.is_category or column.levels:
        known = column.codes or tuple(range(len(column.levels))) or (0.0,)
        values = rng.choice(np.array(known, dtype=np.float64), num_rows)
    else:
        low, high = column.low or 0.0, column.high or 0.0
        values = low + (high - low) * rng.random(num_rows)
        if column.dtype in {"integer", "date", "datetime"}:
            values = np.floor(values)
    return np.where(column.missing & (rng.random(num_rows) < 0.1), np.nan, values)


def _with(base: np.ndarray, index: int, value: float) -> np.ndarray:
    row = base.copy()
    row[index] = value
    return row


def _spread(rows: np.ndarray, most: int) -> np.ndarray:
    """At most so many of the rows, evenly."""
    return rows if len(rows) <= most else rows[np.linspace(0, len(rows) - 1, most).astype(np.int64)]


def _numbered(sort: str, count: int, what: str) -> list[str]:
    return [f"{sort} {what} {number + 1}" for number in range(count)]

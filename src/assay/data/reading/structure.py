"""How a text file falls into records and fields, found by looking at every byte at once.

RFC 4180: fields are parted by a separator, records by line ends; a field in double quotes may hold both, and
a quote inside it is doubled. Whether a byte stands inside quotes is then the parity of the quotes before it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

_FEED, _RETURN, _BLANK, _QUOTE = 10, 13, 32, 34


@dataclass(frozen=True, eq=False)
class Structure:
    """The records of a text file.

    Attributes:
        fields: (R,) number of fields of each record; a blank line has 0.
        lines: (R,) line in which each record begins, counted from 1.
        regular: whether every quote stands where RFC 4180 wants it; if not, the rest means nothing.
    """

    fields: np.ndarray
    lines: np.ndarray
    regular: bool


def scan(chunks: Iterable[bytes], separator: str, first_line: int) -> Structure:
    """The structure of the bytes.

    Args:
        chunks: UTF-8 in pieces, beginning at a record.
        separator: one ASCII sign.
        first_line: number of the line that the first piece begins with.
    """
    scanner = _Scanner(ord(separator))
    for chunk in chunks:
        scanner.take(chunk)
    return scanner.end(first_line)


def even(chunks: Iterable[bytes], separator: str, width: int, first_line: int) -> Structure | None:
    """The structure where totals alone show it: no quotes, and as many fields as R records of `width` have.

    That each record has `width` fields follows only with a reader that refuses longer ones. Several times as
    fast as `scan`.

    Args:
        chunks: UTF-8 in pieces, beginning at a record.
        separator: one ASCII sign.
        width: fields of each record; from 2 on, since a blank line is told by its missing separators.
        first_line: number of the line that the first piece begins with.

    Returns:
        None where the totals do not fit.
    """
    num_records = num_parts = 0
    last = _FEED
    for chunk in chunks:
        if b'"' in chunk:
            return None
        x = np.frombuffer(chunk, dtype=np.uint8)
        num_records += int(np.count_nonzero(x == _FEED))
        num_parts += int(np.count_nonzero(x == ord(separator)))
        last = int(x[-1])
    num_records += last != _FEED
    if width < 2 or num_parts != num_records * (width - 1):
        return None
    return Structure(np.full(num_records, width), np.arange(num_records) + first_line, True)


class _Scanner:
    """Looks at one piece after the other; carries what a piece leaves open."""

    def __init__(self, separator: int) -> None:
        self.separator = separator
        self.inside = False  # whether the next byte stands inside quotes
        self.last = _FEED  # the byte before the next one
        self.regular = True
        self.open_parts = 0  # separators of the record that is still open
        self.open_ink = 0  # its bytes that are not white space
        self.feeds = 0  # line ends so far, those inside quotes too
        self.fields: list[np.ndarray] = []
        self.ends: list[np.ndarray] = []  # line in which each record ends, counted from 0

    def take(self, chunk: bytes) -> None:
        """Add the records that end in this piece."""
        x = np.frombuffer(chunk, dtype=np.uint8)
        all_feeds = feed = x == _FEED
        part = x == self.separator
        if self.inside or self.last == _QUOTE or b'"' in chunk:
            outside = self._outside(x)
            feed, part = feed & outside, part & outside
        ends, parts = np.flatnonzero(feed), np.flatnonzero(part)
        before = np.concatenate(([-self.open_parts], np.searchsorted(parts, ends)))
        self.fields.append(self._blank_is_zero(x, ends, np.diff(before) + 1))
        self.open_parts = len(parts) - int(before[-1])
        lines = ends if all_feeds is feed else np.flatnonzero(all_feeds)
        self.ends.append(np.searchsorted(lines, ends) + self.feeds)
        self.feeds += len(lines)
        self.last = int(x[-1])

    def _blank_is_zero(self, x: np.ndarray, ends: np.ndarray, fields: np.ndarray) -> np.ndarray:
        """The number of fields of each record, 0 where its only field is white space."""
        tail = int(ends[-1]) + 1 if len(ends) else 0
        ink = int(np.count_nonzero(x[tail:] > _BLANK))
        if (fields == 1).any():
            inked = np.concatenate(([0], np.cumsum(x > _BLANK)))
            per_record = np.diff(np.concatenate(([-self.open_ink], inked[ends])))
            fields = np.where((fields == 1) & (per_record == 0), 0, fields)
        self.open_ink = ink if len(ends) else self.open_ink + ink
        return fields

    def _outside(self, x: np.ndarray) -> np.ndarray:
        """(len(x),) whether each byte stands outside quotes; a wrongly placed quote ends regularity."""
        quote = x == _QUOTE
        inside = (np.cumsum(quote, dtype=np.uint8) & 1).astype(bool) ^ self.inside
        at = np.flatnonzero(quote)
        opens = at[inside[at]]
        before = np.where(opens > 0, x[opens - 1], self.last)
        self.regular &= bool(np.isin(before, (self.separator, _FEED, _QUOTE)).all())
        closes = at[~inside[at]]
        closes = closes[closes < len(x) - 1]
        after = (self.separator, _FEED, _RETURN, _QUOTE)
        self.regular &= bool(np.isin(x[closes + 1], after).all())
        if self.last == _QUOTE and not self.inside:  # a quote closed at the end of the last piece
            self.regular &= int(x[0]) in after
        self.inside = bool(inside[-1])
        return ~inside

    def end(self, first_line: int) -> Structure:
        """The whole, with the last record, whose line end may be missing."""
        fields, ends = self.fields, self.ends
        if self.last != _FEED or self.inside:
            last = self.open_parts + 1 if self.open_parts or self.open_ink else 0
            fields = [*fields, np.array([last])]
            ends = [*ends, np.array([self.feeds])]
        all_ends = np.concatenate([np.empty(0, dtype=np.int64), *ends])
        starts = np.concatenate(([0], all_ends[:-1] + 1))[: len(all_ends)]
        return Structure(
            np.concatenate([np.empty(0, dtype=np.int64), *fields]),
            starts + first_line,
            self.regular and not self.inside,
        )

"""What a user may say about a file; the rest is found by looking at it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Choices:
    """How a file is read, as `assay.data.reading.ReadSettings` has it.

    Attributes:
        skip_rows: lines above the header to skip.
        header: whether the first row holds the names.
        separator: the sign between fields.
        encoding: e.g. utf-8, latin-1, utf-16.
        decimal: the decimal sign.
        thousands: the sign between groups of three digits.
        day_first: whether 01/02/2020 is the first of February.
        missing: texts that stand for a missing value; none: those of the training file.
    """

    skip_rows: int = 0
    header: bool | None = None
    separator: str | None = None
    encoding: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    day_first: bool | None = None
    missing: tuple[str, ...] = ()

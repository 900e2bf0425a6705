"""How a file is read."""

from __future__ import annotations

import codecs
from typing import Literal, Self

from pydantic import field_validator, model_validator

from assay.core.settings import setting
from assay.data.kinds.settings import KindSettings

MISSING = (
    "", "?", "-", "NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "NULL", "null", "None",
)  # fmt: skip


class ReadSettings(KindSettings):
    """How a file is read. What is absent is found by looking at the file, and said in the table's notes."""

    skip_rows: int = setting(
        0, "lines above the header to skip (a header further down is found anyway)", ge=0
    )
    sheet: str | int | None = setting(
        None,
        "sheet of an Excel file, by name or number from 0",
        "the first sheet of more than one column, else the first that holds anything",
    )
    header: bool | None = setting(
        None, "whether the first row holds the names", "names are text above columns of numbers"
    )
    separator: str | None = setting(
        None, "the character between fields", "the one that cuts every line into equally many clean fields"
    )
    encoding: str | None = setting(
        None, "e.g. utf-8, latin-1, utf-16", "a byte-order mark, else UTF-8 where valid, else Windows-1252"
    )
    decimal: Literal[".", ","] | None = setting(None, "the decimal sign", "the one that most numbers show")
    thousands: str | None = setting(
        None, "the sign between groups of three digits", "seen in groups of exactly three"
    )
    missing: tuple[str, ...] = setting(
        MISSING, "texts that stand for a missing value", "what R, pandas, Excel and UCI files write"
    )
    day_first: bool | None = setting(
        None, "whether 01/02/2020 is the first of February", "the reading that fits every row"
    )

    @field_validator("separator", "thousands")
    @classmethod
    def _one_sign(cls, value: str | None) -> str | None:
        names = {"tab": "\t", "\\t": "\t", "space": " ", "comma": ",", "semicolon": ";"}
        sign = names.get(value, value) if value is not None else None
        if sign is not None and (len(sign) != 1 or sign.isalnum() or sign in '"\r\n'):
            raise ValueError("one sign is wanted, no letter, digit, quote or line end")
        return sign

    @field_validator("separator")
    @classmethod
    def _ascii(cls, value: str | None) -> str | None:
        if value is not None and not value.isascii():
            raise ValueError("a separator is one ASCII sign")
        return value

    @field_validator("encoding")
    @classmethod
    def _text_encoding(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                codecs.lookup(value)
                "".encode(value)
            except LookupError as error:
                raise ValueError("no text encoding has this name; try utf-8, latin-1 or utf-16") from error
        return value

    @model_validator(mode="after")
    def _signs_differ(self) -> Self:
        if self.decimal is not None and self.decimal == self.thousands:
            raise ValueError(f"decimal and thousands are both {self.decimal!r}")
        return self

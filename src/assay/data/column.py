"""A column's kind (what its values are) and role (what it is used for)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What the values of a column are."""

    QUANTITATIVE = "quantitative"  # numbers that can be added: an amount, a temperature
    ORDINAL = "ordinal"  # steps in an order: a grade from 1 to 5
    QUALITATIVE = "qualitative"  # names or codes without an order
    BOOLEAN = "boolean"  # two values: yes and no
    DATE = "date"  # a day or a moment
    IDENTIFIER = "identifier"  # names the row and says nothing about it
    CONSTANT = "constant"  # one value, or none
    TEXT = "text"  # free text, which Assay's networks do not read
    IMAGE = "image"  # names an image, whose pixels are the table's `images`


class Role(StrEnum):
    """What a column is used for."""

    FEATURE = "feature"
    TARGET = "target"
    TIME = "time"  # orders the rows; a date in it is a feature as well
    GROUP = "group"  # rows of one group stay in one part of the split; never a feature
    IGNORED = "ignored"


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        name: as in the file.
        kind: what its values are.
        role: what it is used for.
        why: the reason for kind and role, one clause, e.g. ``"2 whole numbers, no order seen"``.
        likely_codes: whole numbers that probably name categories (SEX 1 and 2).
        levels: the order of an ordinal column's texts, lowest first, where it was stated.
    """

    name: str
    kind: Kind
    role: Role = Role.FEATURE
    why: str = ""
    likely_codes: bool = False
    levels: tuple[str, ...] = ()

    @property
    def is_feature(self) -> bool:
        """Whether a network sees the column (a time column counts: its date becomes features)."""
        usable = self.kind not in {Kind.IDENTIFIER, Kind.CONSTANT, Kind.TEXT}
        return usable and (self.role is Role.FEATURE or (self.role is Role.TIME and self.kind is Kind.DATE))

    def to_json(self) -> dict[str, object]:
        """Plain values."""
        return asdict(self)

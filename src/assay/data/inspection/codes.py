"""The stable codes of findings: what each means and how much it matters, in one place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from assay.core.errors import RecipeError, did_you_mean
from assay.core.finding import Finding


class Level(IntEnum):
    """How much a finding matters; a higher level stands first."""

    NOTE = 0  # good to know
    WARNING = 1  # wants a decision before training
    SERIOUS = 2  # numbers made from such data would be wrong


@dataclass(frozen=True)
class Code:
    """A kind of finding; its page is ``docs/findings/<code>.md``."""

    code: str
    title: str
    level: Level


# In order of importance inside a level.
_CODES = (
    Code("A401", "a single column gives the target away", Level.SERIOUS),
    Code("A203", "the rows stand in time order", Level.SERIOUS),
    Code("I301", "one fact of the files gives the classes away", Level.SERIOUS),
    Code("I204", "the same image in two parts", Level.SERIOUS),
    Code("I101", "files that could not be read", Level.WARNING),
    Code("A102", "most values are missing", Level.WARNING),
    Code("A101", "more than 5 % missing", Level.WARNING),
    Code("A105", "infinite values", Level.WARNING),
    Code("A106", "a number that may stand for a missing value", Level.WARNING),
    Code("A402", "a single column does nearly all the work", Level.WARNING),
    Code("A404", "a class with too few rows", Level.WARNING),
    Code("A403", "unbalanced classes", Level.WARNING),
    Code("A202", "equal features, different targets", Level.WARNING),
    Code("A201", "repeated rows", Level.WARNING),
    Code("I302", "one fact of the files goes far in telling the classes apart", Level.WARNING),
    Code("I202", "the same image under two labels", Level.WARNING),
    Code("I201", "repeated images", Level.WARNING),
    Code("I203", "near copies", Level.WARNING),
    Code("I105", "images of a single colour", Level.WARNING),
    Code("A301", "equal columns", Level.WARNING),
    Code("A302", "columns that differ by scale only", Level.WARNING),
    Code("A303", "two namings of the same categories", Level.WARNING),
    Code("A103", "more than 5 % beyond three standard deviations", Level.WARNING),
    Code("A205", "few rows", Level.WARNING),
    Code("A204", "a date, and rows that are not in its order", Level.WARNING),
    Code("A111", "numbers that are likely codes", Level.NOTE),
    Code("A112", "rare categories", Level.NOTE),
    Code("A113", "many categories", Level.NOTE),
    Code("A109", "a column that names the row", Level.NOTE),
    Code("A107", "a constant column", Level.NOTE),
    Code("A108", "an almost constant column", Level.NOTE),
    Code("A110", "free text", Level.NOTE),
    Code("A104", "more than 5 % beyond the 1st and 99th percentile", Level.NOTE),
    Code("I103", "images of several modes", Level.NOTE),
    Code("I104", "images turned by EXIF", Level.NOTE),
    Code("I106", "images smaller than the network's input", Level.NOTE),
    Code("I107", "animations, or several pages", Level.NOTE),
    Code("I102", "images of several sizes", Level.NOTE),
)
CODES: dict[str, Code] = {code.code: code for code in _CODES}


def by_importance(findings: list[Finding]) -> tuple[Finding, ...]:
    """The findings, the most important first; those of one code keep their order."""
    rank = {code.code: (-code.level, position) for position, code in enumerate(_CODES)}
    return tuple(sorted(findings, key=lambda finding: rank[finding.code]))


def need_codes(muted: Iterable[str]) -> None:
    """Refuse to mute what does not exist.

    Raises:
        RecipeError: one is no code of a finding.
    """
    for code in muted:
        if code not in CODES:
            raise RecipeError(
                f"{code!r} is no code of a finding", hint=did_you_mean(code, sorted(CODES)), where="mute"
            )

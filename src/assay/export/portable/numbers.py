"""Numbers as people write them, by column, without polars; the face of `assay.data.reading.numbers`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from assay.data.reading.numbers import DIGITS, GROUP_SIGNS, LEADING_ZERO, number_pattern
from assay.data.reading.units import ENOUGH, SIGNS, unit_pattern

Texts = Sequence[str | None]
Numbers = list[int | float | None]

_SHOWN = 1000  # texts that show how a column is written
_FEW = 200  # texts that show whether its numbers are whole
_WHOLE = re.compile(r"[+-]?\d+", re.ASCII)
_FLOAT = re.compile(
    r"[+-]?(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|(?i:inf|infinity|nan))", re.ASCII
)
_FRACTION = re.compile(r"[.eEnN]")
_BEGINS = re.compile(r"[+-]?[.,]?\d")
_SPACED_SIGN = re.compile(r"^([+\-\u2212])\s+")
_LARGEST = 2**63


class Written(NamedTuple):
    """Texts read as numbers: None where a text is none, the unit beside them, and how they are spelled."""

    values: Numbers
    share: float
    unit: str


def plain_numbers(texts: Texts, decimal: str) -> Numbers | None:
    """Whole numbers or floats where every text is a number in the computer's own spelling, else None.

    Digits with leading zeros (`00501`) or too many for 64 bits are names, not quantities: None.

    Args:
        texts: None stays None.
        decimal: the file's sign; where it is the comma, `1.234` is left to `written_numbers`.
    """
    present = [text for text in texts if text is not None]
    whole = not any(map(_FRACTION.search, _head(texts, _FEW)))
    if whole and present and all(map(_WHOLE.fullmatch, present)) and _fit_64_bits(present):
        return None if any(map(_leading_zero, present)) else [None if t is None else int(t) for t in texts]
    if decimal == "," and any("." in text for text in present):
        return None
    if not all(map(_FLOAT.fullmatch, present)) or (whole and all(map(_digits, present))):
        return None
    return _without_nan(_floats(texts))


def written_numbers(texts: Texts, decimal: str, *, is_stated: bool, group: str | None) -> Written | None:
    """The spelling that fits most texts: decimal point or comma, groups of three digits, a unit.

    Args:
        texts: without white space at the ends.
        decimal: the sign that the file shows.
        is_stated: whether the user stated it.
        group: the sign between groups of three digits, if the user stated one.

    Returns:
        None where hardly any text begins like a number, or where all are digits and some are names (`00501`).
    """
    unit, written = _unit_of(texts), [text for text in texts if text is not None]
    head = [text for text in bare(written[:_SHOWN], unit) if text is not None]
    if not head or sum(bool(_BEGINS.match(text)) for text in head) < 0.5 * len(head):
        return None
    texts = bare(texts, unit)
    filled = [text for text in texts if text is not None]
    if any(map(re.compile(LEADING_ZERO + r"\d*$").match, filled)) and all(map(_digits, filled)):
        return None
    share, sign, mark = 0.0, decimal, ""
    for one in (decimal,) if is_stated else (decimal, "," if decimal == "." else "."):
        for other in ("", *((group,) if group is not None else GROUP_SIGNS[one])):
            if other == one:
                continue
            found = sum(map(bool, map(re.compile(number_pattern(one, other)).match, filled))) / len(written)
            if found > share:
                share, sign, mark = found, one, other
    values = plain_numbers(_plain(texts, sign, mark), ".")
    return None if values is None else Written(values, share, unit)


def numbers_in(texts: Texts, decimal: str, mark: str, unit: str) -> Numbers:
    """Numbers of texts in a known spelling: whole ones where all are; None where a text is no such number.

    Args:
        texts: without white space at the ends.
        decimal: the decimal sign.
        mark: the sign between thousands, or nothing.
        unit: the sign beside the numbers, or nothing.
    """
    plain = [
        text if text and _FLOAT.fullmatch(text) else None for text in _plain(bare(texts, unit), decimal, mark)
    ]
    present = [text for text in plain if text is not None]
    if all(map(_WHOLE.fullmatch, present)) and _fit_64_bits(present):
        return [None if text is None else int(text) for text in plain]
    return _floats(plain)


def bare(texts: Texts, unit: str) -> list[str | None]:
    """The texts without their unit, None where one does not show it; a typographic minus becomes a hyphen."""
    shows = re.compile(unit_pattern(unit)).match if unit else None
    found: list[str | None] = []
    for text in texts:
        if text is None or (shows and not shows(text)):
            found.append(None)
            continue
        alone = _SPACED_SIGN.sub(r"\1", text.replace(unit, "", 1).strip()) if unit else text
        found.append(f"-{alone[1:]}" if alone.startswith("\u2212") else alone)
    return found


def _unit_of(texts: Texts) -> str:
    head = _head(texts, _SHOWN, filled=True)
    for sign in SIGNS:
        shows = re.compile(unit_pattern(sign)).match
        if head and sum(map(bool, map(shows, head))) >= ENOUGH * len(head):
            return sign
    return ""


def _plain(texts: Texts, sign: str, mark: str) -> list[str | None]:
    """The numbers among the texts in the computer's own spelling; None in place of the others."""
    fits = re.compile(number_pattern(sign, mark)).match
    found: list[str | None] = []
    for text in texts:
        if text is None or not fits(text):
            found.append(None)
            continue
        plain = text.replace(mark, "") if mark else text
        found.append(plain.replace(",", ".", 1) if sign == "," else plain)
    return found


def _head(texts: Texts, many: int, *, filled: bool = False) -> list[str]:
    """The first texts; those that are missing count, or do not (`filled`)."""
    first = [text for text in texts if text is not None][:many] if filled else texts[:many]
    return [text for text in first if text is not None]


def _floats(texts: Texts) -> Numbers:
    return [None if text is None else float(text) for text in texts]


def _without_nan(numbers: Numbers) -> Numbers:
    return [None if number != number else number for number in numbers]  # noqa: PLR0124 NaN


def _fit_64_bits(digits: Iterable[str]) -> bool:
    return all(len(text) < 19 or -_LARGEST <= int(text) < _LARGEST for text in digits)


def _leading_zero(text: str) -> bool:
    return re.match(LEADING_ZERO, text) is not None


def _digits(text: str) -> bool:
    return re.match(DIGITS, text) is not None

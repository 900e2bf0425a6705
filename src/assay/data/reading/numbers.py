"""Numbers as people write them, column by column."""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from assay.data.reading.units import bare, unit_of

GROUP_SIGNS = {".": (",", "'", " ", "\u00a0", "\u202f"), ",": (".", "'", " ", "\u00a0", "\u202f")}
LEADING_ZERO = r"^[+-]?0\d"
DIGITS = r"^[+-]?\d+$"


@dataclass(frozen=True)
class Numbers:
    """What a column of text is worth as numbers.

    Attributes:
        values: Int64 or Float64; null where the text is no number.
        share: of the texts that are numbers, 0 to 1.
        decimal: their decimal sign.
        mark: the sign between thousands, or nothing.
        unit: the currency or per cent sign beside each, or nothing.
        note: how they were written, where unusual.
    """

    values: pl.Series
    share: float
    decimal: str
    mark: str
    unit: str = ""
    note: str = ""


def plain_numbers(text: pl.Series, decimal: str) -> pl.Series | None:
    """Int64 or Float64 where every text is a number in the computer's own spelling, else None.

    Digits with leading zeros (`00501`) or too many for 64 bits are names, not quantities: None.

    Args:
        text: String column; nulls stay nulls.
        decimal: the file's sign; where it is the comma, `1.234` is left to `written_numbers`.
    """
    present = len(text) - text.null_count()
    whole = not text.head(200).str.contains(r"[.eEnN]").any()
    if whole and present:
        integers = text.cast(pl.Int64, strict=False)
        if len(integers) - integers.null_count() == present:
            return None if text.str.contains(LEADING_ZERO).any() else integers
    if decimal == "," and text.str.contains(".", literal=True).any():
        return None
    floats = text.cast(pl.Float64, strict=False)
    if len(floats) - floats.null_count() < present:
        return None
    return None if whole and text.str.contains(DIGITS).all() else floats.fill_nan(None)


def written_numbers(text: pl.Series, decimal: str, given: tuple[bool, str | None]) -> Numbers | None:
    """The spelling that fits most texts: decimal point or comma, groups of three digits, a unit.

    Args:
        text: String column without white space at the ends.
        decimal: the sign that the file shows.
        given: whether the user stated the decimal sign; the sign between groups, if stated.

    Returns:
        None where hardly any text begins like a number, or where all are digits and some are names (`00501`).
    """
    unit, written = unit_of(text), text.drop_nulls()
    head = bare(written.head(1000), unit).drop_nulls()
    if not len(head) or head.str.contains(r"^[+-]?[.,]?\d").mean() < 0.5:  # type: ignore[operator]
        return None
    text = bare(text, unit)
    filled = text.drop_nulls()
    if filled.str.contains(LEADING_ZERO + r"\d*$").any() and filled.str.contains(DIGITS).all():
        return None
    is_stated, group = given
    best: tuple[float, str, str] = (0.0, decimal, "")
    for sign in (decimal,) if is_stated else (decimal, "," if decimal == "." else "."):
        for mark in ("", *((group,) if group is not None else GROUP_SIGNS[sign])):
            if mark == sign:
                continue
            share = int(filled.str.contains(number_pattern(sign, mark)).sum()) / len(written)
            if share > best[0]:
                best = (share, sign, mark)
    share, sign, mark = best
    values = plain_numbers(_plain(text, sign, mark), ".")
    if values is None:
        return None
    return Numbers(values, share, sign, mark, unit, _spoken(written, sign, mark, decimal, unit))


def numbers_in(text: pl.Series, decimal: str, mark: str, unit: str = "") -> pl.Series:
    """Int64 or Float64 of texts in a known spelling; null where a text is no such number, NaN for `nan`.

    Args:
        text: String column without white space at the ends.
        decimal: the decimal sign.
        mark: the sign between thousands, or nothing.
        unit: the sign beside the numbers, or nothing.
    """
    plain = _plain(bare(text, unit), decimal, mark)
    floats = plain.cast(pl.Float64, strict=False)
    integers = plain.cast(pl.Int64, strict=False)
    return integers if integers.null_count() == floats.null_count() else floats


def _plain(text: pl.Series, sign: str, mark: str) -> pl.Series:
    """The numbers among the texts in the computer's own spelling; null in place of the others."""
    fits = text.str.contains(number_pattern(sign, mark))
    plain = text.set(~fits, None) if not fits.all() else text
    plain = plain.str.replace_all(mark, "", literal=True) if mark else plain
    return plain.str.replace(",", ".", literal=True) if sign == "," else plain


def number_pattern(sign: str, mark: str) -> str:
    """What a number looks like with this decimal sign and this sign between thousands."""
    point = re.escape(sign)
    plain = rf"\d+(?:{point}\d*)?(?:[eE][+-]?\d+)?|{point}\d+(?:[eE][+-]?\d+)?|(?i:inf|infinity|nan)"
    grouped = rf"\d{{1,3}}(?:{re.escape(mark)}\d{{3}})+(?:{point}\d*)?|" if mark else ""
    return rf"^[+-]?(?:{grouped}{plain})$"


def _spoken(text: pl.Series, sign: str, mark: str, decimal: str, unit: str) -> str:
    said = []
    if unit:
        said.append(f"'{_shown(text, unit)}' is read as the number beside {unit!r}")
    if mark and (shown := _shown(text, mark)):
        between = "blanks" if mark.isspace() else repr(mark)
        said.append(f"'{shown}' is read with {between} between thousands")
    elif sign != decimal:
        said.append(f"its decimal sign is {sign!r}")
    return "; ".join(said)


def _shown(text: pl.Series, sign: str) -> str:
    """The first text with this sign, wide and narrow blanks as plain ones."""
    shown = text.filter(text.str.contains(sign, literal=True)).first()
    return re.sub(r"\s", " ", str(shown)) if shown is not None else ""

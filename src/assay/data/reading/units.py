"""Signs that stand beside numbers: a currency or per cent."""

from __future__ import annotations

import re

import polars as pl

SIGNS = "$€£¥₹%"
_BEFORE = rf"^([+\-\u2212]?)\s*[{SIGNS}]\s*([+\-\u2212]?)"
_AFTER = rf"\s*[{SIGNS}]$"
ENOUGH = 0.5  # share of the first texts that show the same sign


def unit_of(text: pl.Series) -> str:
    """The sign that stands before or after the numbers of a column; nothing where it has none.

    Args:
        text: String column without white space at the ends.
    """
    head = text.drop_nulls().head(1000)
    for sign in SIGNS:
        shown = head.str.contains(unit_pattern(sign)).mean()
        if shown is not None and float(shown) >= ENOUGH:  # type: ignore[arg-type]
            return sign
    return ""


def bare(text: pl.Series, unit: str) -> pl.Series:
    """The texts without their unit, null where one does not show it; a typographic minus becomes a hyphen."""
    if unit:
        shown = text.str.contains(unit_pattern(unit))
        text = text.set(~shown, None).str.replace(unit, "", literal=True).str.strip_chars()
        text = text.str.replace(r"^([+\-\u2212])\s+", "${1}")
    return text.str.replace(r"^\u2212", "-")


def bare_cell(cell: str) -> str:
    """One text without white space, unit and typographic minus."""
    text = re.sub(_AFTER, "", re.sub(_BEFORE, r"\1\2", cell.strip()))
    return f"-{text[1:]}" if text.startswith("\u2212") else text


def unit_pattern(sign: str) -> str:
    """`$5`, `-$5`, `$-5`, `$ 5`, `5 $`, but not `$5$` and no words."""
    unit = re.escape(sign)
    number = r"[+\-\u2212]?\s*[.,]?\d[\d.,'eE \u00a0\u202f]*"
    return rf"^(?:[+\-\u2212]?\s*{unit}\s*{number}|{number}{unit})$"

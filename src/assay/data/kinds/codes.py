"""Whole numbers that name things: what a column's own name says about them."""

from __future__ import annotations

import re

_CATEGORIES = """
    sex gender marriage marital married education race ethnicity ethnic region country nation state province
    city town district type class category cat group status job occupation profession industry sector
    department brand make color colour species genus family variety religion language currency channel season
    weekday weather branch shop store warehouse site station ward flag
"""
_SCALES = """
    num number count years year months days hours age level grade score rating rank stage size order points
    stars answer degree
"""
_KEYS = "zip zipcode postal postcode code id ids uuid guid"
_ROWS = "id ids uuid guid key index idx nr rownames"
_YES_NO = ({"yes", "no"}, {"y", "n"}, {"true", "false"}, {"t", "f"}, {"on", "off"})
_WORD = re.compile(r"[A-Za-z]+")


def names_categories(name: str) -> bool:
    """Whether a few whole numbers under this name are probably codes of categories (SEX, MARRIAGE)."""
    return _has_word(name, _CATEGORIES) and not _has_word(name, _SCALES)


def names_keys(name: str) -> bool:
    """Whether whole numbers under this name are codes, however many there are (zip, shop_id)."""
    return _has_word(name, _KEYS)


def names_rows(name: str) -> bool:
    """Whether a column of this name probably identifies rows or persons (ID, customerID, index)."""
    found = _words(name)
    return bool(found) and (found[-1] in _ROWS.split() or found[0] in {"id", "index"})


def names_years(name: str) -> bool:
    """Whether whole numbers under this name are probably years."""
    return _has_word(name, "year")


def says_yes_or_no(one: str, other: str) -> bool:
    """Whether these two texts are yes and no."""
    return {one.strip().lower(), other.strip().lower()} in _YES_NO


def _has_word(name: str, known: str) -> bool:
    return not set(known.split()).isdisjoint(_words(name))


def _words(name: str) -> list[str]:
    """The words of a name, lower case: `customerID` is customer, id."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return [word.lower() for word in _WORD.findall(parted)]

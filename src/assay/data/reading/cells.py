"""What the text of a cell looks like: a number, a date, or words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assay.data.reading.units import bare_cell

_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?|[+-]?(inf|nan)", re.IGNORECASE | re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}([.,' \u00a0\u202f]\d{3})+([.,]\d*)?", re.ASCII)
_DATE = re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}([ T]\d{1,2}:\d{2}.*)?|\d{1,2}:\d{2}(:\d{2})?", re.ASCII)
_LIKE_GROUP = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
_COMMA = re.compile(r"[+-]?(\d+|\d{1,3}([. ]\d{3})+),\d+([eE][+-]?\d+)?", re.ASCII)
_POINT = re.compile(r"[+-]?(\d+|\d{1,3}([, ]\d{3})+)\.\d+([eE][+-]?\d+)?", re.ASCII)


def is_number(cell: str) -> bool:
    """Whether a cell is a number in any of the usual spellings (`1.5`, `1,5`, `1,234.5`, `1e-3`)."""
    text = cell.strip()
    return bool(_NUMBER.fullmatch(text) or _GROUPED.fullmatch(text))


def is_typed(cell: str) -> bool:
    """Whether a cell is a number, a date or a time: what a name never is."""
    return is_number(cell) or bool(_DATE.fullmatch(cell.strip()))


def decimal_sign(cells: Iterable[str], separator: str) -> tuple[str, str]:
    """The decimal sign that these cells show, and the reason when it is not the point.

    `1,234` alone says nothing: it is a thousand in one country and one and a bit in another. Then the
    separator decides, since those who write decimal commas part fields by semicolons.
    """
    comma = point = unsure = 0
    for cell in cells:
        text = bare_cell(cell)
        if _LIKE_GROUP.fullmatch(text):
            unsure += "," in text
        elif _COMMA.fullmatch(text):
            comma += 1
        elif _POINT.fullmatch(text):
            point += 1
    if comma > point:
        return ",", f"decimal commas ({comma} of the first numbers show one)"
    if unsure and not comma and not point and separator == ";":
        return ",", "1,234 is read as 1.234, since fields are parted by semicolons; set decimal if wrong"
    return ".", ""

"""Which sign parts the fields of a text file."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence

from assay.data.reading.cells import is_number

SIGNS = (",", ";", "\t", "|")
NONE = "\x1f"  # parts nothing: the file has one column
_QUOTED_OR_SPACE = re.compile(r'("[^"\n]*")|[ \t]+')
_FEWEST = 5  # lines below the first, to tell columns of words from sentences
_ENOUGH = 0.6  # share of lines with the same number of fields, below which the first line must show the sign


def guess_separator(lines: Sequence[str]) -> str:
    """The sign that cuts these lines into equally many, clean fields; `NONE` where no sign does.

    A field is clean when no other candidate stands in it, unless it is a number with a decimal comma.
    """
    fits = [(*_fit(lines, sign), sign) for sign in SIGNS]
    score, width, best = max(fits, key=lambda fit: fit[:2])
    if best == "\t" and any("  " in line for line in lines) and _width_by_blanks(lines) > width:
        return " "  # columns that were lined up by hand, here with blanks and there with a tab
    if score > 0 and (score >= _ENOUGH or best in next(line for line in lines if line.strip())):
        return best
    return " " if _width_by_blanks(lines) else NONE


def records(lines: Sequence[str], separator: str) -> list[list[str]]:
    """The fields of each record; blank lines are empty records.

    Raises:
        csv.Error: the lines are not regular.
    """
    return list(csv.reader(lines, delimiter=separator))


def single_spaces(text: str) -> str:
    """The text with every run of blanks outside quotes made one space, and none at the ends of lines."""
    lines = (
        _QUOTED_OR_SPACE.sub(lambda found: found[1] or " ", line).strip(" ") for line in text.split("\n")
    )
    return "\n".join(lines)


def _fit(lines: Sequence[str], sign: str) -> tuple[float, int]:
    try:
        rows = [row for row in records(lines, sign) if row]
    except csv.Error:
        return 0.0, 0
    width, count = max(Counter(map(len, rows)).items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    if width < 2:
        return 0.0, 0
    others = set(SIGNS) - {sign}
    cells = [cell for row in rows if len(row) == width for cell in row]
    clean = sum(not others & set(cell) or is_number(cell) for cell in cells)
    return count / len(rows) * clean / len(cells), width


def _width_by_blanks(lines: Sequence[str]) -> int:
    """The number of fields between runs of blanks; 0 where that is no even number, or mostly words.

    Words are fields where every line has as many, three or more, and one column holds numbers only.
    """
    text = single_spaces("".join(lines))
    try:
        rows = [row for row in records(text.splitlines(keepends=True), " ") if row]
    except csv.Error:
        return 0
    width, count = Counter(map(len, rows)).most_common(1)[0] if rows else (0, 0)
    cells = [cell for row in rows if len(row) == width for cell in row]
    is_even = width >= 2 and count >= _ENOUGH * len(rows)
    if is_even and sum(map(is_number, cells)) >= 0.5 * len(cells):
        return width
    body = rows[1:]
    is_strict = width >= 3 and count == len(rows) and len(body) >= _FEWEST
    return (
        width if is_strict and any(all(map(is_number, column)) for column in zip(*body, strict=True)) else 0
    )

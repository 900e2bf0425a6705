"""Where the names stand, and where the rows begin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assay.core.errors import DataError
from assay.data.reading.cells import is_typed
from assay.data.reading.raw import Place

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Header:
    """What was found above the rows.

    Attributes:
        names: one for each column, as written.
        row: position of the names among the rows looked at; None where the rows have none.
        first: position of the first row of data.
        note: what is unusual about it.
    """

    names: tuple[str, ...]
    row: int | None
    first: int
    note: str = ""


def find_header(rows: Rows, given: bool | None, missing: frozenset[str], place: Place) -> Header:
    """Find the names above the data.

    Names are words; below them some columns hold numbers or dates. The names are the last line of words above
    the first line of data, or the first of several such lines whose words are all there and all different.
    Where no column holds numbers, the first full line is the names.

    Args:
        rows: the first rows of the file, blank ones as empty lists.
        given: whether there are names, when the user knows.
        missing: texts that stand for a missing value; they speak neither for nor against names.
        place: where each of `rows` stands.

    Raises:
        DataError: there are no rows, or the names don't fit them.
    """
    filled = [index for index, row in enumerate(rows) if any(cell.strip() for cell in row)]
    if not filled:
        raise DataError("the file holds no rows", where=place.source)
    width = _width([rows[index] for index in filled])
    if given is False:
        return Header(tuple(f"column_{n + 1}" for n in range(width)), None, filled[0])
    header = filled[0] if given else _names_row(rows, filled, width, missing)
    if header is None:
        first = next(index for index in filled if len(rows[index]) == width)
        return Header(tuple(f"column_{n + 1}" for n in range(width)), None, first, _headless(first))
    return _fitted(rows, [index for index in filled if index >= header], width, missing, place)


def _width(rows: Rows) -> int:
    """The most common number of fields; of equally common ones the larger."""
    return max(Counter(map(len, rows)).items(), key=lambda item: (item[1], item[0]))[0]


def _headless(first: int) -> str:
    above = f" The {first} lines above them were skipped." if first else ""
    return f"the first row holds data, so the columns are called column_1, column_2, ...{above}"


def _names_row(rows: Rows, filled: list[int], width: int, missing: frozenset[str]) -> int | None:
    full = [index for index in filled if len(rows[index]) == width]
    typed = _typed_columns([rows[index] for index in full], missing)
    if not typed:
        return _first_named(rows, full)
    words = []
    for index in full:
        if _is_words(rows[index], typed, missing):
            words.append(index)
        elif words or any(is_typed(rows[index][column]) for column in typed):
            break
    if words:
        names = (
            index for index in words if _all_different(rows[index]) and not rows[index][0].startswith("#")
        )
        return next(names, words[-1])
    before = [index for index in filled if index < full[0] and len(rows[index]) > 1]
    if before and not any(is_typed(cell) for cell in rows[before[-1]]):
        return before[-1]  # a header that does not fit, or one without a name for the row names
    if len(full) > 1 and _counts(rows[full[0]], typed) and not _counts(rows[full[1]], typed):
        return full[0]
    return None


def _counts(row: Sequence[str], typed: list[int]) -> bool:
    """Whether the row counts (0, 1, 2 or 1990, 1991, 1992): the names of a frame that had none, or years."""
    cells = [row[column].strip() for column in typed if row[column].strip()]
    if len(cells) < 3 or not all(cell.isascii() and cell.isdecimal() for cell in cells):
        return False
    return [int(cell) for cell in cells] == list(range(int(cells[0]), int(cells[0]) + len(cells)))


def _typed_columns(rows: Rows, missing: frozenset[str]) -> list[int]:
    """Columns whose lower two fifths are numbers or dates; titles and names stand higher up."""
    body = rows[-max(2 * len(rows) // 5, 1) :]
    typed = []
    for column in range(len(rows[0]) if rows else 0):
        cells = [row[column] for row in body if row[column].strip() not in missing]
        if cells and sum(map(is_typed, cells)) >= 0.8 * len(cells):
            typed.append(column)
    return typed


def _is_words(row: Sequence[str], typed: list[int], missing: frozenset[str]) -> bool:
    cells = [row[column] for column in typed if row[column].strip() not in missing]
    values = sum(map(is_typed, cells))
    return len(cells) - values > values


def _first_named(rows: Rows, full: list[int]) -> int:
    """Without numbers anywhere: the first line that is at least half filled."""
    for index in full:
        if sum(bool(cell.strip()) for cell in rows[index]) >= 0.5 * len(rows[index]):
            return index
    return full[0]


def _all_different(row: Sequence[str]) -> bool:
    names = [cell.strip() for cell in row]
    return all(names) and len(set(names)) == len(names)


def _fitted(rows: Rows, filled: list[int], width: int, missing: frozenset[str], place: Place) -> Header:
    header, *below = filled
    names = tuple(rows[header])
    if not below:
        shown = ", ".join(name.strip() or "''" for name in names[:5])
        width_said = f"{len(names)} column" + ("" if len(names) == 1 else "s")
        raise DataError(
            f"the file holds no rows below its header ({width_said}: {shown})",
            hint="without a header, say header = false",
            where=place.source,
        )
    if len(names) == width - 1:
        if all(not rows[index][-1].strip() for index in below if len(rows[index]) == width):
            return Header((*names, ""), header, below[0])  # each row ends with a separator
        return Header(
            ("row_name", *names), header, below[0], "the first column has no name: called 'row_name'"
        )
    if len(names) != width:
        raise DataError(
            f"the header in {place.line(header)} has {len(names)} names, but most rows have {width} fields",
            hint="correct the header, or skip it with skip_rows",
            where=place.source,
        )
    first, note = below[0], ""
    typed = _typed_columns([rows[index] for index in below if len(rows[index]) == width], missing)
    while len(typed) > 1 and first != below[-1] and _all_words(rows[first], typed, width):
        note = f"the words below the header, in {place.line(first)}, were skipped"
        first = below[below.index(first) + 1]
    if any(cell.strip() for row in rows[:header] for cell in row):
        note = f"the header was found in {place.line(header)}; what stands above it was skipped"
    return Header(names, header, first, note)


def _all_words(row: Sequence[str], typed: list[int], width: int) -> bool:
    return len(row) == width and all(row[column].strip() and not is_typed(row[column]) for column in typed)

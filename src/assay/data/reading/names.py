"""Names of columns: made whole, and found again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from assay.core.errors import DataError, did_you_mean


def whole_names(names: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Unique, non-empty names in place of these, and what was done about it, by new name.

    Spaces at the ends go, an empty name becomes `column_N` (N from 1), a second `a` becomes `a_2`.
    """
    stripped = [" ".join(name.split()) for name in names]
    taken, seen = set(stripped), Counter[str]()
    result: list[str] = []
    notes: dict[str, str] = {}
    for number, name in enumerate(stripped, start=1):
        seen[name] += 1
        unique = name
        if not name:
            unique = _free(f"column_{number}", taken)
            notes[unique] = f"column {number} has no name: called {unique!r}"
        elif seen[name] > 1:
            unique = _free(f"{name}_{seen[name]}", taken)
            notes[unique] = f"the name {name!r} stands twice: column {number} is called {unique!r}"
        taken.add(unique)
        result.append(unique)
    return result, notes


def nameless(written: Sequence[str], names: Sequence[str]) -> frozenset[str]:
    """Those of the whole `names` where nothing was `written`."""
    return frozenset(name for name, given in zip(names, written, strict=True) if not given.strip())


def _free(name: str, taken: set[str]) -> str:
    number = 2
    free = name
    while free in taken:
        free = f"{name}_{number}"
        number += 1
    return free


def find_name(wanted: str | int, names: Sequence[str], where: str) -> str:
    """The column meant by a name, by a name with other spaces, or by a position counted from 0.

    Raises:
        DataError: there is none.
    """
    if isinstance(wanted, str):
        if wanted in names:
            return wanted
        spaced = [name for name in names if name.split() == wanted.split()]
        if len(spaced) == 1:
            return spaced[0]
    text = str(wanted).strip()
    if not text.removeprefix("-").isdecimal() or not text.isascii():
        raise DataError(f"there is no column {wanted!r}", hint=did_you_mean(str(wanted), names), where=where)
    position = int(text)
    if not -len(names) <= position < len(names):
        raise DataError(
            f"there is no column {wanted!r}, neither by name nor by position",
            hint=f"positions go from 0 to {len(names) - 1}",
            where=where,
        )
    return names[position]

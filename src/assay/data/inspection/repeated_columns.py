"""Columns that say what another one says already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from assay.data.column import Kind, Role
from assay.data.inspection.correlation import Correlation, pairwise
from assay.data.inspection.profile import Profile

_ALIKE = 0.999  # |r| from here on: the same quantity in another unit, or rounded
_FEWEST = 10  # rows; below, columns agree by chance
_COMPARED = {Kind.QUANTITATIVE, Kind.ORDINAL, Kind.QUALITATIVE, Kind.BOOLEAN}

How = Literal["equal", "scaled", "renamed"]


@dataclass(frozen=True)
class Repeat:
    """A column and the earlier one that it repeats.

    Attributes:
        first, second: names, in file order.
        how: the same values; the same up to factor and offset; the same categories by other names.
        r: Pearson's correlation, None for categories.
    """

    first: str
    second: str
    how: How
    r: float | None


def repeated_columns(
    frame: pl.DataFrame, profiles: Sequence[Profile], correlation: Correlation
) -> tuple[Repeat, ...]:
    """The columns that repeat an earlier one, each with the first that it repeats."""
    if frame.height < _FEWEST:
        return ()
    compared = {profile.name: profile for profile in profiles if _is_compared(profile)}
    found: dict[str, Repeat] = {}
    pairs = [*_alike(correlation, compared), *_same_counts(frame.height, list(compared.values()))]
    for first, second in pairs:
        if second not in found and (repeat := _compare(frame, compared[first], compared[second])):
            found[second] = repeat
    order = {name: position for position, name in enumerate(compared)}
    return tuple(sorted(found.values(), key=lambda repeat: order[repeat.second]))


def _is_compared(profile: Profile) -> bool:
    column = profile.column
    return column.role is Role.FEATURE and column.kind in _COMPARED and profile.values.unique > 1


def _alike(correlation: Correlation, compared: dict[str, Profile]) -> Iterator[tuple[str, str]]:
    """Pairs of numeric columns that correlate in the sample, each column with its first partner."""
    names = [name for name in correlation.names if name in compared]
    index = [correlation.names.index(name) for name in names]
    alike = np.abs(correlation.matrix[np.ix_(index, index)]) > _ALIKE
    for second in range(1, len(names)):
        if (partners := np.flatnonzero(alike[:second, second])).size:
            yield names[partners[0]], names[second]


def _same_counts(num_rows: int, profiles: Sequence[Profile]) -> Iterator[tuple[str, str]]:
    """Pairs of columns whose values occur equally often: copies and renamings are among these.

    Of columns with too many values for categories only copies are looked for, which share their values too.
    """
    first: dict[tuple[object, ...], list[Profile]] = defaultdict(list)
    for profile in profiles:
        if profile.numbers and not profile.values.is_whole:  # many numbers: correlation finds their copies
            continue
        common = profile.values.common
        counts = tuple(sorted((count for _, count in common), reverse=True))
        values = () if _may_be_renamed(num_rows, profile) else frozenset(value for value, _ in common)
        key = (profile.values.unique, profile.missing, counts, values)
        for earlier in first[key][:3]:
            yield earlier.name, profile.name
        first[key].append(profile)


def _compare(frame: pl.DataFrame, first: Profile, second: Profile) -> Repeat | None:
    """What the two columns have in common, on all rows."""
    one, two = frame[first.name], frame[second.name]
    r = None
    if one.dtype.is_numeric() and two.dtype.is_numeric():
        r = _correlation(one, two)
        if bool(one.eq_missing(two).all()):
            return Repeat(first.name, second.name, "equal", r)
        if abs(r) > _ALIKE:
            return Repeat(first.name, second.name, "scaled", r)
    if one.dtype == two.dtype and one.equals(two):
        return Repeat(first.name, second.name, "equal", r)
    return Repeat(first.name, second.name, "renamed", r) if _is_renamed(frame, first, second) else None


def _is_renamed(frame: pl.DataFrame, first: Profile, second: Profile) -> bool:
    """Whether each value of one goes with one of the other, and not just because each comes up once."""
    if not _may_be_renamed(frame.height, first):
        return False
    return frame.select(first.name, second.name).n_unique() == _categories(first)


def _may_be_renamed(num_rows: int, profile: Profile) -> bool:
    return profile.values.is_whole and 2 * _categories(profile) <= num_rows


def _categories(profile: Profile) -> int:
    return profile.values.unique + (profile.missing > 0)


def _correlation(one: pl.Series, two: pl.Series) -> float:
    values_N2 = np.column_stack([one.cast(pl.Float64).to_numpy(), two.cast(pl.Float64).to_numpy()])
    return float(pairwise(values_N2)[0, 1])

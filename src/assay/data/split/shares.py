"""How large each part is: shares by the number of rows, and whole rows by largest remainder."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from assay.core.errors import DataError
from assay.data.inspection.wording import percent
from assay.data.split.settings import SplitSettings

_SMALL, _LARGE = 100_000, 500_000  # rows: where the rule leaves 60:20:20, and where it reaches 98:1:1
_HIGH, _LOW = 0.20, 0.01

Shares = tuple[float, float, float]


def shares_by_size(num_rows: int) -> Shares:
    """The shares (train, validation, test) that the rule gives for this many rows.

    60:20:20 up to 100,000 rows and 98:1:1 from 500,000 on; in between the held-out share falls as a power of
    the number of rows, so that no row more or less makes a jump. From 25,000 rows on, no held-out part has
    fewer than 5,000.
    """
    power = math.log(_LOW / _HIGH) / math.log(_LARGE / _SMALL)
    held_out = min(_HIGH, max(_LOW, _HIGH * (max(num_rows, 1) / _SMALL) ** power))
    return 1 - 2 * held_out, held_out, held_out


def resolve_shares(settings: SplitSettings, num_rows: int) -> Shares:
    """The shares given; those that are not divide the rest among them in the proportion of the rule."""
    given = (settings.train, settings.validation, settings.test)
    rule = shares_by_size(num_rows)
    if all(share is None for share in given):
        return rule
    left = 1 - sum(share for share in given if share is not None)
    open_rule = sum(by_rule for share, by_rule in zip(given, rule, strict=True) if share is None)
    train, validation, test = (
        by_rule * left / open_rule if share is None else share
        for share, by_rule in zip(given, rule, strict=True)
    )
    return train, validation, test


def part_sizes(num_rows: int, shares: Sequence[float]) -> np.ndarray:
    """(K,) whole numbers of rows that come to `num_rows`, by largest remainder: each within one of its share.

    Raises:
        DataError: a part would be empty.
    """
    wanted = np.asarray(shares, dtype=np.float64) / sum(shares) * num_rows
    # Shares such as 0.2 are not exact in binary; a whole number of rows must not depend on their last bit.
    sizes = np.floor(wanted + 1e-9).astype(np.int64)
    remainder = wanted - sizes
    largest_first = np.argsort(-np.round(remainder, 9), kind="stable")
    sizes[largest_first[: num_rows - int(sizes.sum())]] += 1
    if (sizes == 0).any():
        share = shares[int(np.argmin(sizes))]
        raise DataError(
            f"a part of {percent(share)} of {num_rows:,} rows has no row",
            hint="bring more rows, or give that part a larger share",
        )
    return sizes


def shares_text(shares: Sequence[float]) -> str:
    """E.g. ``60:20:20`` or ``96.3:1.9:1.9``."""
    return ":".join(f"{100 * share:.3g}" for share in shares)


def shares_reason(settings: SplitSettings, shares: Shares, num_rows: int) -> str:
    """Why the parts have these shares, in a sentence."""
    text = shares_text(shares)
    if any(share is not None for share in (settings.train, settings.validation, settings.test)):
        return f"{text} of {num_rows:,} rows, as asked"
    if num_rows <= _SMALL:
        return (
            f"{text}, the rule up to {_SMALL:,} rows: with {num_rows:,}, each part needs a good share of them"
        )
    held_out = int(part_sizes(num_rows, shares)[1])
    points = 100 * 1.96 * 0.5 / math.sqrt(held_out)  # the widest 95 % half-interval of a proportion
    return (
        f"{text}, the rule for {num_rows:,} rows: {held_out:,} validation rows still measure an accuracy "
        f"to within {points:.1f} points, so the rest is better used for training"
    )

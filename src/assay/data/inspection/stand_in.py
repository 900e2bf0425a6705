"""Numbers such as -999 that people write where there is no value."""

from __future__ import annotations

import numpy as np

_FEWEST = 3  # rows
_GAP = 0.5  # of the other values' range, at least, lies between them and the stand-in


def stand_in(ascending: np.ndarray) -> tuple[float, int] | None:
    """(value, rows) of a stand-in for missing values among (N,) sorted finite numbers, or None.

    It is the lowest or highest value, written with nines only (99, -999, 9999 ...), comes up three times or
    more, and stands apart from the rest by half of the rest's range.
    """
    if len(ascending) < 2 * _FEWEST:
        return None
    low, high = float(ascending[0]), float(ascending[-1])
    num_low = int(np.searchsorted(ascending, low, side="right"))
    num_high = len(ascending) - int(np.searchsorted(ascending, high, side="left"))
    if num_low == len(ascending):
        return None
    next_low, next_high = float(ascending[num_low]), float(ascending[-num_high - 1])
    for value, rows, gap, rest in [
        (low, num_low, next_low - low, high - next_low),
        (high, num_high, high - next_high, next_high - low),
    ]:
        if _is_nines(value) and rows >= _FEWEST and rest > 0 and gap >= _GAP * rest:
            return value, rows
    return None


def _is_nines(value: float) -> bool:
    digits = f"{abs(value):.0f}"
    return value == round(value) and len(digits) >= 2 and set(digits) == {"9"}

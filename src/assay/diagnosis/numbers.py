"""Numbers as the sentences of a diagnosis write them."""

from __future__ import annotations

from assay.core.interval import Interval


def number(value: float) -> str:
    """Four significant digits; large numbers whole, with thousands separated."""
    if abs(value) >= 10_000:
        return f"{value:,.0f}"
    return f"{value:.4g}"


def ends(gap: Interval) -> str:
    """`0.28 to 0.29`."""
    return f"{number(gap.low)} to {number(gap.high)}"


def spelled(gap: Interval) -> str:
    """`0.284 (0.28 to 0.29)`, or the ends alone where nothing else is known."""
    return ends(gap) if gap.value is None else f"{number(gap.value)} ({ends(gap)})"

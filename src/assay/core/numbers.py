"""Numbers as sentences write them."""

from __future__ import annotations


def number(value: float) -> str:
    """Four significant digits; from 10,000 on whole, with thousands separated."""
    return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:.4g}"

"""Seeds: one number names every random choice of a run."""

from __future__ import annotations

import hashlib


def child_seed(seed: int, *path: str | int) -> int:
    """A 63-bit seed for one use, derived by SHA-256, so that a new use never shifts an old one's numbers.

    Args:
        seed: the user's seed.
        path: what the child is for, e.g. ``"shuffle", epoch``.
    """
    text = "/".join([str(seed), *map(str, path)])
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1

"""What every result is printed with: date, machine, versions."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version

_LIBRARIES = ("torch", "polars", "scikit-learn", "numpy")


def describe() -> str:
    """One line, e.g. ``2026-11-24, 2 cores x86_64, Python 3.11.7, torch 2.14.1, ...``."""
    libraries = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    day = datetime.now(UTC).date().isoformat()
    return (
        f"{day}, {os.cpu_count()} cores {platform.machine()}, Python {platform.python_version()}, {libraries}"
    )

"""How much memory is free."""

from __future__ import annotations

import os
from pathlib import Path

_UNKNOWN = 4 << 30  # where the operating system does not say


def free_memory() -> int:
    """Bytes that this process may still take: what the machine has left, and its control group allows.

    Linux says it in /proc/meminfo and /sys/fs/cgroup; elsewhere half of the machine's memory is assumed.
    """
    free = [value for value in (_machine(), _group()) if value is not None]
    if free:
        return min(free)
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    except (AttributeError, ValueError, OSError):
        return _UNKNOWN


def _machine() -> int | None:
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return None
    found = [line.split()[1] for line in lines if line.startswith("MemAvailable:")]
    return int(found[0]) * 1024 if found else None


def _group() -> int | None:
    """What a control group (version 2) leaves; None where it sets no limit."""
    folder = Path("/sys/fs/cgroup")
    try:
        limit, used = (folder / "memory.max").read_text(), (folder / "memory.current").read_text()
        cached = [
            int(line.split()[1])
            for line in (folder / "memory.stat").read_text().splitlines()
            if line.startswith("inactive_file ")
        ]
        return max(int(limit) - int(used) + sum(cached), 0)
    except (OSError, ValueError):
        return None

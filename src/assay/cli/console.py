"""Where the command writes: results to standard output, everything else to standard error."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


def results() -> Console:
    """Standard output; plain text in a pipe, colours honour NO_COLOR."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=False)


def remarks() -> Console:
    """Standard error."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)

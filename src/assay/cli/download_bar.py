"""The progress of a download on the terminal."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Self

from assay.cli.console import remarks

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress


class DownloadBar:
    """Called with the bytes that are here and the total; draws on standard error, and only on a terminal."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or remarks()
        self._progress: Progress | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._progress is not None:
            self._progress.stop()
            self._progress = None

    def __call__(self, done: int, total: int | None) -> None:
        """Redraw the bar."""
        if not self.console.is_terminal:
            return
        if self._progress is None:
            self._progress = _start(self.console)
        self._progress.update(self._progress.task_ids[0], completed=done, total=total)


def _start(console: Console) -> Progress:
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn

    columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    progress = Progress(*columns, console=console, transient=True)
    progress.add_task("download", total=None)
    progress.start()
    return progress

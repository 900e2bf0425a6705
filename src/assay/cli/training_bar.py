"""A run on the terminal: one line a step, and a live line while the network trains."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from assay.cli.console import remarks

if TYPE_CHECKING:
    from rich.console import Console
    from rich.live import Live

_STEP_WIDTH = 9


class TrainingBar:
    """Draws a run's progress on standard error; the live line only on a terminal."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or remarks()
        self._live: Live | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def say(self, step: str, text: str) -> None:
        """One line about a step; a line without a step explains the one above it."""
        from rich.markup import escape
        from rich.padding import Padding
        from rich.table import Table
        from rich.text import Text

        if not self.console.is_terminal:
            self.console.print(Text(f"{step:<{_STEP_WIDTH}}{text}"), soft_wrap=True)
            return
        line = Table.grid()
        line.add_column(width=_STEP_WIDTH, style="bold cyan")
        line.add_column(overflow="fold")
        line.add_row(escape(step), Text(text, style="" if step else "dim"))
        self.console.print(Padding(line, 0))

    def epoch(self, record: dict[str, Any]) -> None:
        """Redraw the live line."""
        if not self.console.is_terminal:
            return
        from rich.live import Live
        from rich.text import Text

        if self._live is None:
            self._live = Live(console=self.console, refresh_per_second=8, transient=True)
            self._live.start()
        self._live.update(Text(epoch_line(record), no_wrap=True, overflow="ellipsis"))

    def end_of_training(self, epochs: int, stopped: str) -> None:
        """Say how far the training came, and why it ended."""
        self._stop()
        self.say("train", f"{epochs} epoch{'' if epochs == 1 else 's'}: {stopped}")

    def _stop(self) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None


def epoch_line(record: dict[str, Any]) -> str:
    """One epoch as text, e.g. ``train    epoch 12  loss 0.4321  validation 0.4402  0:05 left``."""
    label = f"{record['label']}: " if "label" in record else ""
    words = [f"{'train':<{_STEP_WIDTH}}{label}epoch {record['epoch']}"]
    words.append(f"loss {record['train_loss']:.4g}")
    if record.get("validation_loss") is not None:
        words.append(f"validation {record['validation_loss']:.4g}")
    live = [name for name in ("accuracy", "rmse") if record.get(f"validation_{name}") is not None]
    words += [f"{name} {record[f'validation_{name}']:.4g}" for name in live]
    if record.get("seconds_left") is not None:
        minutes, seconds = divmod(round(record["seconds_left"]), 60)
        words.append(f"at most {minutes}:{seconds:02d} left")
    return "  ".join(words)

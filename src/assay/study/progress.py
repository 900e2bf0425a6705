"""What a run tells while it works."""

from __future__ import annotations

from typing import Any, Protocol


class Progress(Protocol):
    """Listens to a run. The command draws it on a terminal, a notebook as a bar, a test keeps a list."""

    def say(self, step: str, text: str) -> None:
        """One line about a step: what was chosen or found, and why."""

    def epoch(self, record: dict[str, Any]) -> None:
        """One epoch has ended: its losses, seconds, and an estimate of the seconds left."""

    def end_of_training(self, epochs: int, stopped: str) -> None:
        """The training has ended after so many epochs, those before a resumed run included, and why."""


class Silence:
    """Listens to nothing."""

    def say(self, step: str, text: str) -> None:
        """Nothing."""

    def epoch(self, record: dict[str, Any]) -> None:
        """Nothing."""

    def end_of_training(self, epochs: int, stopped: str) -> None:
        """Nothing."""

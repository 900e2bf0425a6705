"""Listens to a run."""

from typing import Any


class Listener:
    """Keeps what a run tells; raises Ctrl-C after an epoch, if asked to."""

    def __init__(self, interrupt_after: int | None = None) -> None:
        self.said: list[tuple[str, str]] = []
        self.epochs: list[dict[str, Any]] = []
        self.interrupt_after = interrupt_after

    def say(self, step: str, text: str) -> None:
        self.said.append((step, text))

    def epoch(self, record: dict[str, Any]) -> None:
        self.epochs.append(record)
        if self.interrupt_after == len(self.epochs):
            raise KeyboardInterrupt

    def end_of_training(self, epochs: int, stopped: str) -> None:
        self.said.append(("train", stopped))

    def words(self, step: str) -> list[str]:
        return [text for name, text in self.said if name == step]

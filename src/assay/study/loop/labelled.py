"""The progress of one of many trainings."""

from __future__ import annotations

from typing import Any

from assay.study.progress import Progress


class Labelled:
    """Passes the epochs of a training on with its name; the end of each is left to who compares them.

    Args:
        progress: listens.
        label: of the training, e.g. ``"dropout, seed 2"``.
    """

    def __init__(self, progress: Progress, label: str) -> None:
        self._progress, self._label = progress, label

    def say(self, step: str, text: str) -> None:
        """One line about a step."""
        self._progress.say(step, text)

    def epoch(self, record: dict[str, Any]) -> None:
        """One epoch has ended."""
        self._progress.epoch(record | {"label": self._label})

    def end_of_training(self, epochs: int, stopped: str) -> None:
        """Nothing."""

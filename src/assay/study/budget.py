"""The time that a command may take."""

from __future__ import annotations

import math
import time

from assay.core.duration import parse_duration

_RESERVE = 0.08  # of the time, kept for measuring and writing until it is known how long that takes


class Budget:
    """A span of time that began when the command did.

    Args:
        text: e.g. ``"10m"``; None: without end.

    Raises:
        RecipeError: `text` is no span of time.
    """

    def __init__(self, text: str | None) -> None:
        self.text = text
        self.seconds = math.inf if text is None else parse_duration(text)
        self._began = time.perf_counter()
        self._reserve = _RESERVE * self.seconds if text else 0.0

    @property
    def left(self) -> float:
        """Seconds until the end, infinite without one."""
        return self.seconds - (time.perf_counter() - self._began)

    @property
    def is_spent(self) -> bool:
        """Whether nothing is left for another training."""
        return self.left <= self._reserve

    @property
    def spent(self) -> str:
        """In words, why nothing more is trained."""
        return f"the time of {self.text} is up"

    def for_training(self) -> float | None:
        """Seconds that a training may take now, so that its outcome can still be written; None: any."""
        if math.isinf(self.seconds):
            return None
        return max(self.left - self._reserve, 0.001)

    def closing_took(self, seconds: float) -> None:
        """Keep as much time as the last outcome took to be measured and written."""
        if self.text is not None:
            self._reserve = max(self._reserve, 1.2 * seconds)

"""One leak: something by which a score promises more than new rows will keep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assay.data.inspection.codes import Level
from assay.diagnosis.leaks.codes import TITLES

_SHOWN_ROWS = 100


@dataclass(frozen=True)
class Leak:
    """What was found, in which rows, and how much of the score it explains.

    Attributes:
        code: e.g. ``L101``; it keeps its meaning in all versions.
        level: SERIOUS: the score is not to be believed; WARNING: wants a decision; NOTE: good to know.
        message: what was found, with the numbers.
        advice: what to do.
        part: whose rows are meant: test or validation.
        rows: data rows of the part that are affected, counted from 1; empty where columns are.
        inflation: what the leak adds to the score (balanced accuracy for classes, R2 for quantities); None
            where it was not or cannot be measured.
        unknown: data rows of the part that were not looked at, counted from 1.
        columns: features that are affected; empty where rows are.
    """

    code: str
    level: Level
    message: str
    advice: str
    part: str
    rows: tuple[int, ...] = ()
    inflation: float | None = None
    columns: tuple[str, ...] = ()
    unknown: tuple[int, ...] = ()

    @property
    def title(self) -> str:
        """What the code says."""
        return TITLES[self.code]

    @property
    def is_alarm(self) -> bool:
        """Whether something has to be done: more than a note."""
        return self.level > Level.NOTE

    def to_json(self) -> dict[str, Any]:
        """Plain values; of the rows the first hundred, and how many there are."""
        return {
            "code": self.code,
            "title": self.title,
            "level": self.level.name.lower(),
            "part": self.part,
            "message": self.message,
            "rows": list(self.rows[:_SHOWN_ROWS]),
            "count": len(self.rows),
            "unknown": len(self.unknown),
            "columns": list(self.columns),
            "inflation": self.inflation,
            "advice": self.advice,
        }


def by_importance(leaks: list[Leak]) -> tuple[Leak, ...]:
    """The leaks, the most important first."""
    order = list(TITLES)
    return tuple(sorted(leaks, key=lambda leak: (-leak.level, order.index(leak.code))))

"""The record of a leak audit: what leaks, and what the score is worth without it."""

from __future__ import annotations

import html
import textwrap
from dataclasses import dataclass
from typing import Any

from assay.diagnosis.leaks.leak import Leak
from assay.diagnosis.leaks.part_score import PartScore

_WIDTH = 80  # columns of a terminal


@dataclass(frozen=True)
class Audit:
    """What an audit found. It shows itself in a notebook.

    Attributes:
        leaks: the most important first.
        scores: of the parts that were scored, test first: with a look at the clean rows.
        rows: by part.
        notes: what was done on the way, one sentence each.
    """

    leaks: tuple[Leak, ...]
    scores: tuple[PartScore, ...]
    rows: dict[str, int]
    notes: tuple[str, ...] = ()

    @property
    def alarms(self) -> tuple[Leak, ...]:
        """The leaks that are more than a note."""
        return tuple(leak for leak in self.leaks if leak.is_alarm)

    @property
    def score(self) -> dict[str, Any]:
        """The first scored part's numbers: "all", "clean" and so on; empty where nothing was scored."""
        return self.scores[0].to_json() if self.scores else {}

    def to_json(self) -> dict[str, Any]:
        """The document of `assay audit --json`."""
        return {
            "leaks": [leak.to_json() for leak in self.leaks],
            "scores": {score.part: score.to_json() for score in self.scores},
            "rows": dict(self.rows),
            "notes": list(self.notes),
        }

    def __str__(self) -> str:
        lines = [self._headline(), *(f"  {score}" for score in self.scores)]
        for leak in self.leaks:
            lines.append(f"{leak.code} {leak.level.name.lower()}: {leak.title}")
            lines += [f"  {leak.message}", f"  what to do: {leak.advice}"]
        lines += self.notes
        return "\n".join(
            piece for line in lines for piece in textwrap.wrap(line, _WIDTH, subsequent_indent="    ")
        )

    def _headline(self) -> str:
        compared = ", ".join(f"{count:,} {part}" for part, count in self.rows.items())
        if not self.leaks:
            return f"no leak found ({compared} rows)"
        count = len(self.alarms)
        words = {0: "no leak, only notes", 1: "1 leak"}.get(count, f"{count} leaks")
        return f"{words} ({compared} rows)"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{leak.code}</td><td>{leak.level.name.lower()}</td><td>{html.escape(leak.message)}</td>"
            f"<td>{html.escape(leak.advice)}</td></tr>"
            for leak in self.leaks
        )
        scores = "".join(f"<p>{html.escape(str(score))}</p>" for score in self.scores)
        return f"<h4>{html.escape(self._headline())}</h4>{scores}<table>{rows}</table>"

"""Parts of sentences that several leaks share, and the level that follows from a size."""

from __future__ import annotations

from collections.abc import Sequence

from assay.data.inspection.codes import Level
from assay.diagnosis.leaks import reference
from assay.diagnosis.leaks.scores import Scores

_SERIOUS_INFLATION = 0.02
_SERIOUS_SHARE = 0.05

METRIC_WORDS = {"balanced_accuracy": "balanced accuracy", "r2": "R2"}
"""Scores in words."""


def level_of(inflation: float | None, share: float = 0.0) -> Level:
    """Serious by what it adds to the score or by its share of the rows, else a warning."""
    is_serious = share >= _SERIOUS_SHARE or (inflation is not None and inflation >= _SERIOUS_INFLATION)
    return Level.SERIOUS if is_serious else Level.WARNING


def adds(inflation: float | None, scores: Scores) -> str:
    """`; they add 0.065 to the balanced accuracy of the predictions given`."""
    if inflation is None:
        return ""
    much = f"{inflation:.3f}" if inflation >= 0.0005 else "nothing"
    return f"; they add {much} to the {METRIC_WORDS[scores.metric]} {by(scores)}"


def by(scores: Scores) -> str:
    """Whose predictions were scored."""
    return "of the predictions given" if scores.given is not None else f"of the reference ({reference.NAME})"


def listed(names: Sequence[str], most: int = 3) -> str:
    """`'a', 'b', 'c' and 4 more`."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(map(repr, names[:most])) + more


def percent(share: float) -> str:
    """`43.8 %`."""
    return f"{100.0 * share:.1f} %"

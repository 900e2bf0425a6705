"""Parts of sentences that several leaks share, and the level that follows from a size."""

from __future__ import annotations

from assay.data.inspection.codes import Level
from assay.diagnosis.leaks import reference
from assay.diagnosis.leaks.scores import Added, Scores

_SERIOUS_INFLATION = 0.02
_SERIOUS_SHARE = 0.05
_LEAST = 0.0005  # that three digits show

METRIC_WORDS = {"balanced_accuracy": "balanced accuracy", "r2": "R2"}
"""Scores in words."""


def level_of(inflation: float | None, share: float = 0.0) -> Level:
    """Serious by what it adds to the score or by its share of the rows, else a warning."""
    is_serious = share >= _SERIOUS_SHARE or (inflation is not None and inflation >= _SERIOUS_INFLATION)
    return Level.SERIOUS if is_serious else Level.WARNING


def adds(inflation: float | Added | None, scores: Scores, who: str = "they") -> str:
    """`; they add 0.065 to the R2 of the predictions given`, or take away, or why that is not known."""
    added = inflation if isinstance(inflation, Added) else Added(inflation)
    if added.value is None:
        return f"; what they add to the score cannot be measured: {added.because}" if added.because else ""
    one = "s" if who == "it" else ""
    what = f"the {METRIC_WORDS[scores.metric]} {by(scores)}"
    if added.value <= -_LEAST:
        return f"; {who} take{one} {-added.value:.3f} away from {what}"
    much = f"{added.value:.3f}" if added.value >= _LEAST else "nothing"
    return f"; {who} add{one} {much} to {what}"


def by(scores: Scores) -> str:
    """Whose predictions were scored."""
    return "of the predictions given" if scores.given is not None else f"of the reference ({reference.NAME})"


def percent(share: float) -> str:
    """`43.8 %`."""
    return f"{100.0 * share:.1f} %"

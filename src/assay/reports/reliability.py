"""The reliability diagram: whether what was said with 80 % came true 80 times in 100."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from assay.reports.numbers import is_number, number, share
from assay.reports.plot import Plot
from assay.reports.scale import Scale


def reliability(bins: list[dict[str, Any]]) -> Markup:
    """Frequency over mean probability, a dot a bin, its area the bin's rows; empty without bins.

    Args:
        bins: `{"probability", "frequency", "rows"}` each.
    """
    known = [one for one in bins if is_number(one.get("probability")) and is_number(one.get("frequency"))]
    if not known:
        return Markup()
    most = max(one.get("rows") or 1 for one in known)
    plot = Plot(Scale(0, 1), Scale(0, 1), label=_words(known), height=None)
    plot.axes("probability predicted", "how often it came true")
    plot.line([0, 1], [0, 1], "ideal")
    plot.line([one["probability"] for one in known], [one["frequency"] for one in known], "validation")
    for one in known:
        rows = one.get("rows") or 1
        words = f"said {share(one['probability'])}, came true {share(one['frequency'])}, {number(rows)} rows"
        plot.dot(
            one["probability"], one["frequency"], "validation", words, radius=3 + 6 * (rows / most) ** 0.5
        )
    return plot.markup()


def _words(bins: list[dict[str, Any]]) -> str:
    worst = max(bins, key=lambda one: abs(one["probability"] - one["frequency"]))
    return (
        f"Reliability diagram of {len(bins)} bins. Farthest off: "
        f"said {share(worst['probability'])}, came true {share(worst['frequency'])}."
    )

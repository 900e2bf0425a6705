"""The reliability diagram: whether what was said with 80 % came true 80 times in 100."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from assay.reports.numbers import is_number, number, share
from assay.reports.plot import Plot
from assay.reports.scale import Scale

Bins = list[dict[str, Any]]


def reliability(bins: Bins, *, before: Bins) -> Markup:
    """Frequency over mean probability, a dot a bin, its area the bin's rows; empty without bins.

    Args:
        bins: `{"probability", "frequency", "rows"}` each.
        before: the same before the calibration, a pale line; may be empty.
    """
    known = _known(bins)
    if not known:
        return Markup()
    most = max(one.get("rows") or 1 for one in known)
    plot = Plot(Scale(0, 1), Scale(0, 1), label=_words(known), height=None)
    plot.axes("probability predicted", "how often it came true")
    plot.line([0, 1], [0, 1], "ideal")
    earlier = _known(before)
    plot.line([one["probability"] for one in earlier], [one["frequency"] for one in earlier], "floor")
    plot.line([one["probability"] for one in known], [one["frequency"] for one in known], "validation")
    for one in known:
        rows = one.get("rows") or 1
        words = f"said {share(one['probability'])}, came true {share(one['frequency'])}, {number(rows)} rows"
        plot.dot(
            one["probability"], one["frequency"], "validation", words, radius=3 + 6 * (rows / most) ** 0.5
        )
    return plot.markup()


def _known(bins: Bins) -> Bins:
    return [one for one in bins if is_number(one.get("probability")) and is_number(one.get("frequency"))]


def _words(bins: Bins) -> str:
    worst = max(bins, key=lambda one: abs(one["probability"] - one["frequency"]))
    return (
        f"Reliability diagram of {len(bins)} bins. Farthest off: "
        f"said {share(worst['probability'])}, came true {share(worst['frequency'])}."
    )

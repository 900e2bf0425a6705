"""What is worth saying about the target and the columns' power over it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assay.core.finding import Finding
from assay.data.inspection.alone import Alone
from assay.data.inspection.wording import listed, percent, rows

_GIVEN_AWAY = 0.97  # of the error gone by one column
_NEARLY = 0.8
_TOO_FEW = 20  # rows of a class: four in a part of 20 %


def power_findings(power: Mapping[str, Alone]) -> Iterator[Finding]:
    """Columns that predict the target suspiciously well on their own, the strongest first."""
    for alone in sorted(power.values(), key=lambda alone: -alone.score):
        if alone.score >= _GIVEN_AWAY:
            advice = (
                "it may be made from the target, or known only afterwards: if so, leave it out (--ignore)"
            )
            yield Finding("A401", alone.name, _power(alone), advice)
        elif alone.score >= _NEARLY:
            advice = "be sure that its value is known at the moment of prediction"
            yield Finding("A402", alone.name, _power(alone), advice)


def _power(alone: Alone) -> str:
    if alone.measure == "R2":
        return f"{alone.name!r} alone explains {percent(alone.measured)} of the target on unseen rows (R2)"
    return (
        f"{alone.name!r} alone gets {percent(alone.measured)} of unseen rows right; always guessing the "
        f"commonest class gets {percent(alone.baseline)}"
    )


def class_findings(classes: Mapping[str, int]) -> Iterator[Finding]:
    """Balance of the classes.

    Args:
        classes: rows by label, every class.
    """
    if len(classes) < 2:
        return
    total = sum(classes.values())
    commonest, rarest = max(classes, key=classes.__getitem__), min(classes, key=classes.__getitem__)
    if classes[rarest] / total < 0.5 / len(classes):
        share = percent(classes[rarest] / total)
        message = (
            f"class {rarest!r} has {rows(classes[rarest])} ({share}) of {total:,}; "
            f"always answering {commonest!r} is right in {percent(classes[commonest] / total)}"
        )
        advice = (
            "judge by ROC AUC, recall and precision beside accuracy; weigh or resample training rows only"
        )
        yield Finding("A403", None, message, advice)
    few = {label: count for label, count in classes.items() if count < _TOO_FEW}
    if few:
        shown = listed(f"{label} ({count})" for label, count in sorted(few.items(), key=lambda item: item[1]))
        verb = "class has" if len(few) == 1 else "classes have"
        message = f"{len(few)} {verb} fewer than {_TOO_FEW} rows: {shown}"
        yield Finding("A404", None, message, "collect more, merge classes, or expect no result for them")

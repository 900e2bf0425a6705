"""How many rows, or groups of rows, would decide a verdict that these leave open."""

from __future__ import annotations

from collections.abc import Sequence

from assay.diagnosis import wording
from assay.diagnosis.gaps import Gaps
from assay.diagnosis.measured import Measured

_NORMAL = 1.96  # half-width of a 95 % interval, in standard deviations
_MOST = 100.0  # more than a hundred times the rows is no advice

Question = tuple[tuple[int, int, int], float]
"""How often training, train-like and validation error are in a quantity, and how far it is from its limit."""


def rows_that_decide(gaps: Gaps, floor: float) -> str | None:
    """The rows at which noise would no longer hide which gap is to blame, if the errors stay as they are.

    Returns:
        None when over a hundred times the rows would not do.
    """
    values = [gaps.train.error - floor, *(gap.distance for gap in gaps.of_errors)]
    steps = [gap.steps for gap in gaps.all]
    first = max(range(len(values)), key=values.__getitem__)
    if values[first] <= gaps.margin:  # each must lie below the margin
        return _rows(gaps, [(step, gaps.margin - value) for step, value in zip(steps, values, strict=True)])
    questions = [(steps[first], values[first] - gaps.margin)]  # the largest above it, and above the others
    for other in range(len(values)):
        if other != first:
            a, b, c = (one - two for one, two in zip(steps[first], steps[other], strict=True))
            questions.append(((a, b, c), values[first] - values[other]))
    return _rows(gaps, questions)


def rows_without_floor(gaps: Gaps) -> str | None:
    """The rows at which the other gaps are above or below the margin beyond noise.

    Returns:
        None when they are so already.
    """
    open_ones = [gap for gap in gaps.of_errors if gap.interval.low <= gaps.margin < gap.interval.high]
    if not open_ones:
        return None
    questions = [(gap.steps, abs(gap.distance - gaps.margin)) for gap in open_ones]
    return _rows(gaps, questions) or f"far more {wording.unit(gaps.validation)}"


def _rows(gaps: Gaps, questions: Sequence[Question]) -> str | None:
    times = [rows_needed(gaps.parts, steps, distance) for steps, distance in questions]
    known = [answer for answer in times if answer is not None]
    if len(known) < len(times):
        return None
    of_train, of_validation = max(answer[0] for answer in known), max(answer[1] for answer in known)
    more = [_told(gaps.validation, "validation", of_validation)] if of_validation > 1.0 else []
    more += [_told(gaps.train, "training", of_train)] if of_train > 1.0 else []
    return f"{' and '.join(more)}, if the errors stay as they are" if more else "a few more rows"


def rows_needed(
    parts: tuple[Measured, Measured, Measured], steps: tuple[int, int, int], distance: float
) -> tuple[float, float] | None:
    """How many times the training and the held-out rows it takes to see a distance through the noise.

    The 95 % half-width of the quantity that `steps` make of the three errors must fall to `distance`; the
    squared noise of an error shrinks as 1 / rows. More held-out rows alone if these can do it, else more of
    both.

    Returns:
        None when it would take more than a hundred times the rows.
    """
    aimed = (max(distance, 0.0) / _NORMAL) ** 2
    train, like, validation = parts
    if like is validation:
        held_out = ((steps[1] + steps[2]) * float(validation.replicates.std())) ** 2
    else:
        held_out = sum(
            (step * float(part.replicates.std())) ** 2
            for step, part in zip(steps[1:], parts[1:], strict=True)
        )
    of_train = (steps[0] * float(train.replicates.std())) ** 2
    if of_train + held_out <= aimed:
        return 1.0, 1.0
    if 0.0 < held_out <= _MOST * (aimed - of_train):
        return 1.0, held_out / (aimed - of_train)
    if of_train + held_out > _MOST * aimed:
        return None
    times = (of_train + held_out) / aimed
    return times, times if held_out else 1.0


def _told(part: Measured, name: str, times: float) -> str:
    pieces = part.num_rows if part.num_groups is None else part.num_groups
    unit = "rows" if part.num_groups is None else "groups of rows"
    return f"about {_round(round(pieces * times))} {name} {unit}"


def _round(rows: int) -> str:
    """Two significant digits, upwards: it is an estimate."""
    unit = 10 ** max(len(str(rows)) - 2, 0)
    return f"{-(-rows // unit) * unit:,}"

"""The gaps in sentences, for someone who meets bias and variance for the first time."""

from __future__ import annotations

from assay.core.numbers import number
from assay.diagnosis.gaps import Gaps


def told(gaps: Gaps) -> str:
    """Both errors with what lies between them, and how far the parts can be compared."""
    return " ".join(filter(None, (train_error(gaps), validation_error(gaps), difference_of_parts(gaps))))


def train_error(gaps: Gaps) -> str:
    """The training error and the bias."""
    error, floor = number(gaps.train.error), gaps.floor.interval.value
    if floor is None:
        unknown = "without a floor (--bayes-error) nobody can say how much of it could be avoided"
        return f"The training error is {error}; {unknown}."
    return f"The training error is {error}, {_apart(gaps.train.error - floor)} the floor of {number(floor)}."


def validation_error(gaps: Gaps) -> str:
    """The validation error and the variance."""
    gap = gaps.variance
    distance = _apart(gaps.validation.error - gaps.train.error)
    noise = ", which is within the noise" if gap.low <= 0.0 <= gap.high else ""
    return f"The validation error is {number(gaps.validation.error)}, {distance} the training error{noise}."


def difference_of_parts(gaps: Gaps) -> str:
    """In what the parts differ, where that shows."""
    if gaps.absent.labels:
        share = f"{100.0 * gaps.absent.share:.2g} % of the training rows"
        return f"The parts differ: the validation rows hold nothing of {gaps.absent}, {share}."
    if gaps.parts_differ:
        return (
            "That the error is larger on the rows that were learnt from, beyond the noise, means that the "
            "parts differ: the validation rows are easier."
        )
    return ""


def rows(gaps: Gaps) -> str:
    """How many rows were measured."""
    return f"{gaps.train.num_rows:,} training and {gaps.validation.num_rows:,} validation rows"


def margin(gaps: Gaps) -> str:
    """Below what a gap is closed."""
    if gaps.margin > 0.1 * gaps.validation.error:
        return f"{number(gaps.margin)}, the least that counts as a gap"
    return f"{number(gaps.margin)}, a tenth of the validation error"


def _apart(distance: float) -> str:
    if abs(distance) < 1e-12:
        return "equal to"
    rounded = float(f"{abs(distance):.3g}")
    return f"{number(rounded)} {'above' if distance > 0.0 else 'below'}"

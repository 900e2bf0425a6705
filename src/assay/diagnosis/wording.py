"""The gaps in sentences, for someone who meets bias and variance for the first time."""

from __future__ import annotations

import math

from assay.core.interval import Interval
from assay.core.numbers import number
from assay.diagnosis.floor import Floor
from assay.diagnosis.gaps import Gap, Gaps
from assay.diagnosis.measured import Measured


def told(gaps: Gaps) -> str:
    """The errors with what lies between them, and how far the parts can be compared."""
    steps = (train_error(gaps), validation_error(gaps), mismatch(gaps), difference_of_parts(gaps))
    return " ".join(filter(None, steps))


def train_error(gaps: Gaps) -> str:
    """The training error and the bias."""
    error = number(gaps.train.error)
    if not gaps.floor.is_known:
        unknown = "without a floor (--bayes-error) nobody can say how much of it could be avoided"
        return f"The training error is {error}; {unknown}."
    return f"The training error is {error}, {_above_floor(gaps)} the floor of {floor(gaps)}."


def floor(gaps: Gaps) -> str:
    """`0.15`, or `0.14 to 0.16` where it was estimated."""
    ends = gaps.floor.interval
    return number(ends.low) if ends.low == ends.high else ends.ends


def validation_error(gaps: Gaps) -> str:
    """The error on new rows like the training rows, and the variance."""
    told = _step(gaps.variance, gaps.like.error, "the training error")
    return f"The {like(gaps)} error is {told}."


def mismatch(gaps: Gaps) -> str:
    """The error on rows of another kind; empty where there are none."""
    if gaps.mismatch is None:
        return ""
    told = _step(gaps.mismatch, gaps.validation.error, "that")
    return f"The validation error, on rows of another kind, is {told}."


def like(gaps: Gaps) -> str:
    """What the error on new rows like the training rows is called."""
    return "validation" if gaps.train_like is None else "train-like validation"


def difference_of_parts(gaps: Gaps) -> str:
    """In what the parts differ that should be alike, where that shows."""
    if gaps.absent.labels:
        share = f"{number(float(f'{100.0 * gaps.absent.share:.2g}'))} % of the training rows"
        return f"The parts differ: the validation rows hold nothing of {gaps.absent}, {share}."
    if gaps.parts_differ:
        return (
            "That the error is larger on the rows that were learnt from, beyond the noise, means that the "
            f"parts differ: the {like(gaps)} rows are easier."
        )
    return ""


def rows(gaps: Gaps) -> str:
    """How much was measured: `200 training and 50 validation rows`, groups where the noise is theirs."""
    named = [f"{_pieces(part)} {name}" for name, part in parts(gaps)]
    return f"{', '.join(named[:-1])} and {named[-1]} {unit(gaps.validation)}"


def unit(part: Measured) -> str:
    """What the noise of a part is made of, in the plural."""
    return "rows" if part.num_groups is None else "groups"


def parts(gaps: Gaps) -> list[tuple[str, Measured]]:
    """The parts by name."""
    between = [] if gaps.train_like is None else [("train-like", gaps.train_like)]
    return [("training", gaps.train), *between, ("validation", gaps.validation)]


def margin(gaps: Gaps) -> str:
    """Below what a gap is closed."""
    if gaps.margin > 0.1 * gaps.validation.error:
        return f"{number(gaps.margin)}, the least that counts as a gap"
    return f"{number(gaps.margin)}, a tenth of the validation error"


def shown(interval: Interval) -> str:
    """`0.284 (0.28 to 0.29)`; without ends `0.284 (no interval)`."""
    if interval.value is not None and math.isnan(interval.low):
        return f"{number(interval.value)} (no interval)"
    return str(interval)


def _pieces(part: Measured) -> str:
    return f"{part.num_rows if part.num_groups is None else part.num_groups:,}"


def _step(gap: Gap, error: float, below: str) -> str:
    ends = gap.interval
    noise = ", which is within the noise" if ends.low <= 0.0 <= ends.high else ""
    return f"{number(error)}, {_apart(gap.distance)} {below}{noise}"


def _above_floor(gaps: Gaps) -> str:
    ends, error = gaps.floor.interval, gaps.train.error
    if ends.low == ends.high:
        return _apart(error - ends.low)
    if ends.low <= error <= ends.high:
        return "within"
    nearest, farthest = sorted((abs(error - ends.low), abs(error - ends.high)))
    side = "above" if error > ends.high else "below"
    return f"{number(float(f'{nearest:.3g}'))} to {number(float(f'{farthest:.3g}'))} {side}"


def _apart(distance: float) -> str:
    if abs(distance) < 1e-12:
        return "equal to"
    rounded = float(f"{abs(distance):.3g}")
    return f"{number(rounded)} {'above' if distance > 0.0 else 'below'}"


def rests_on(floor: Floor) -> str:
    """What an estimated floor rests on, as a sentence; empty where nothing is on record."""
    text = floor.agreement.strip()
    if not text:
        return ""
    return f"Of the floor: {text[0].lower()}{text[1:]}{'' if text.endswith('.') else '.'}"

"""What is to blame: bias, variance, neither, or what is missing to say so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assay.core.numbers import number
from assay.diagnosis import wording
from assay.diagnosis.gaps import Gaps
from assay.diagnosis.rows import rows_that_compare, rows_that_show_variance


class Verdict(StrEnum):
    """What an error analysis comes to."""

    HIGH_BIAS = "high bias"
    HIGH_VARIANCE = "high variance"
    MISMATCH = "mismatch"
    AT_THE_FLOOR = "at the floor"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Judgement:
    """A verdict with its grounds.

    Attributes:
        verdict: what is to blame.
        because: the numbers that say so, a few short sentences.
        missing: what would decide it; empty unless undecided.
        needs_floor: whether a known floor is part of what is missing.
        needs_rows: whether more rows are part of what is missing.
        needs_parts: whether other parts, which can be compared, are.
    """

    verdict: Verdict
    because: str
    missing: str = ""
    needs_floor: bool = False
    needs_rows: bool = False
    needs_parts: bool = False


def judge(gaps: Gaps) -> Judgement:
    """Compare the gaps; the larger one is to blame if it is the larger one beyond noise.

    The order matters: a floor above the validation error is wrong, parts that differ are not compared, and
    neither are gaps that are closed.
    """
    known = gaps.floor.interval.value
    if known is not None and gaps.validation.interval.high < known:
        return _wrong_floor(gaps, known)
    if gaps.absent.matters(gaps.metric):
        return _class_absent(gaps)
    return _compared(gaps)


def _compared(gaps: Gaps) -> Judgement:
    bias, variance, difference = gaps.bias, gaps.variance, gaps.difference
    if max(bias.high, variance.high) <= gaps.margin:
        return Judgement(Verdict.AT_THE_FLOOR, _closed(gaps))
    if variance.high < 0.0 and not gaps.floor.is_known:
        return _easier_validation(gaps)
    if bias.low > 0.0 and difference.low > 0.0:
        return Judgement(Verdict.HIGH_BIAS, _larger(gaps, "The first gap, the bias"))
    if variance.low > 0.0 and difference.high < 0.0:
        return Judgement(Verdict.HIGH_VARIANCE, _larger(gaps, "The second gap, the variance"))
    return _undecided(gaps) if gaps.floor.is_known else _floor_decides(gaps)


def _wrong_floor(gaps: Gaps, floor: float) -> Judgement:
    error = gaps.validation.interval
    return Judgement(
        Verdict.UNDECIDED,
        f"The validation error is {error}, below the floor of {number(floor)} that was given, "
        "so that floor is too high.",
        f"a floor below {number(error.high)}",
        needs_floor=True,
    )


def _class_absent(gaps: Gaps) -> Judgement:
    return Judgement(
        Verdict.UNDECIDED,
        wording.told(gaps),
        f"validation rows of {gaps.absent}: a split in which each part holds each class",
        needs_parts=True,
    )


def _easier_validation(gaps: Gaps) -> Judgement:
    return Judgement(
        Verdict.UNDECIDED,
        wording.told(gaps),
        "a floor, or parts of the same kind of rows",
        needs_floor=True,
        needs_parts=True,
    )


def _closed(gaps: Gaps) -> str:
    first = f"The training error is {number(gaps.train.error)}, at most {number(gaps.bias.high)}"
    if gaps.floor.interval.value is None:
        first = f"The training error is at most {number(gaps.bias.high)}"
    else:
        first += f" above the floor of {number(gaps.floor.interval.value)}"
    second = f"the validation error is at most {number(gaps.variance.high)} above it"
    closed = f"{first}; {second}. Both lie below {wording.margin(gaps)}."
    return " ".join(filter(None, (closed, wording.difference_of_parts(gaps))))


def _larger(gaps: Gaps, name: str) -> str:
    noise = f"beyond the noise of {wording.rows(gaps)}"
    if gaps.floor.is_known:
        return f"{wording.told(gaps)} {name}, is the larger one, {noise}."
    sentences = (
        f"The training error is {number(gaps.train.error)}.",
        wording.validation_error(gaps),
        f"That is more than the whole training error, {noise}: whatever the floor, the variance is larger.",
        wording.difference_of_parts(gaps),
    )
    return " ".join(filter(None, sentences))


def _undecided(gaps: Gaps) -> Judgement:
    """With a floor: the rows are too few to tell."""
    floor = gaps.floor.interval.low
    if max(gaps.train.error - floor, gaps.validation.error - gaps.train.error) <= gaps.margin:
        few = f"{wording.rows(gaps)} are too few to say that both lie below {wording.margin(gaps)}"
        rows = rows_that_compare(gaps, floor) or "over a hundred times the rows"
        because = f"{wording.told(gaps)} Both gaps are small, but {few}."
        return Judgement(Verdict.UNDECIDED, because, rows, needs_rows=True)
    return _wants_rows(gaps, floor)


def _wants_rows(gaps: Gaps, floor: float) -> Judgement:
    rows = rows_that_compare(gaps, floor)
    if rows is None:
        because = f"{wording.told(gaps)} The two gaps are about equal; treat either first."
        return Judgement(Verdict.UNDECIDED, because, "over a hundred times the rows")
    few = f"{wording.rows(gaps)} are too few to say which of the two gaps is larger"
    return Judgement(Verdict.UNDECIDED, f"{wording.told(gaps)} {few}.", rows, needs_rows=True)


def _floor_decides(gaps: Gaps) -> Judgement:
    """Without a floor: what each floor would mean."""
    train, variance = gaps.train.error, gaps.variance
    if variance.high <= gaps.margin:
        edge, above = train - gaps.margin, Verdict.AT_THE_FLOOR
    elif variance.low > 0.0:
        edge, above = 2.0 * train - gaps.validation.error, Verdict.HIGH_VARIANCE
    else:
        rows = rows_that_show_variance(gaps) or "far more rows"
        return Judgement(
            Verdict.UNDECIDED, wording.told(gaps), f"a floor, and {rows}", needs_floor=True, needs_rows=True
        )
    if edge <= 0.0:  # the errors would decide for any floor; their noise does not let them
        return _wants_rows(gaps, 0.0)
    return Judgement(
        Verdict.UNDECIDED,
        wording.told(gaps),
        f"a floor: well below {number(edge)} the verdict is {Verdict.HIGH_BIAS}, well above it {above}",
        needs_floor=True,
    )

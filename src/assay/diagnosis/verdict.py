"""What is to blame: bias, variance, neither, or what is missing to say so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assay.diagnosis.gaps import Gaps
from assay.diagnosis.numbers import ends, number, spelled
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
        because: the numbers that say so, one sentence.
        missing: what would decide it; empty unless undecided.
        needs_floor: whether a known floor is part of what is missing.
        needs_rows: whether more rows are part of what is missing.
    """

    verdict: Verdict
    because: str
    missing: str = ""
    needs_floor: bool = False
    needs_rows: bool = False


def judge(gaps: Gaps) -> Judgement:
    """Compare the gaps; the larger one is to blame if it is the larger one beyond noise.

    The order matters: gaps that are closed are not compared, and a floor above the validation error is wrong.
    """
    bias, variance, difference = gaps.bias, gaps.variance, gaps.difference
    known = gaps.floor.interval.value
    if known is not None and gaps.validation.interval.high < known:
        return _wrong_floor(gaps, known)
    if max(bias.high, variance.high) <= gaps.margin:
        return Judgement(Verdict.AT_THE_FLOOR, _closed(gaps))
    if bias.low > 0.0 and difference.low > 0.0:
        return Judgement(Verdict.HIGH_BIAS, _larger(gaps, "bias"))
    if variance.low > 0.0 and difference.high < 0.0:
        return Judgement(Verdict.HIGH_VARIANCE, _larger(gaps, "variance"))
    return _undecided(gaps) if gaps.floor.is_known else _floor_decides(gaps)


def _wrong_floor(gaps: Gaps, floor: float) -> Judgement:
    error = gaps.validation.interval
    return Judgement(
        Verdict.UNDECIDED,
        f"the validation error {spelled(error)} lies below the floor {number(floor)} that was given, "
        "so the floor is too high",
        f"a floor below {number(error.high)}",
        needs_floor=True,
    )


def _closed(gaps: Gaps) -> str:
    return (
        f"{_bias(gaps)} and variance {spelled(gaps.variance)} both lie below {number(gaps.margin)}, "
        f"{_margin_name(gaps)}"
    )


def _margin_name(gaps: Gaps) -> str:
    if gaps.margin > 0.1 * gaps.validation.error:
        return "the least that counts as a gap"
    return f"a tenth of the validation error {number(gaps.validation.error)}"


def _bias(gaps: Gaps) -> str:
    """The bias with its interval; without a floor, what it can be at most."""
    return f"bias {spelled(gaps.bias)}" if gaps.floor.is_known else f"bias (at most {number(gaps.bias.high)})"


def _larger(gaps: Gaps, name: str) -> str:
    noise = f"beyond the noise of {_rows(gaps)}"
    if gaps.floor.is_known:
        first, second = f"bias {spelled(gaps.bias)}", f"variance {spelled(gaps.variance)}"
        if name == "variance":
            first, second = second, first
        return f"{first} is larger than {second}, {noise}"
    train, validation = spelled(gaps.train.interval), spelled(gaps.validation.interval)
    if name == "bias":
        return (
            f"the training error {train} is above the validation error {validation}, {noise}, "
            "and the floor cannot be above that one"
        )
    return (
        f"variance {spelled(gaps.variance)} is larger than the bias, {noise}, "
        f"even if the floor were 0 and the bias the whole training error {train}"
    )


def _rows(gaps: Gaps) -> str:
    return f"{gaps.train.num_rows:,} training and {gaps.validation.num_rows:,} validation rows"


def _undecided(gaps: Gaps) -> Judgement:
    """With a floor: the rows are too few to tell."""
    because = (
        f"bias {spelled(gaps.bias)} and variance {spelled(gaps.variance)} cannot be told apart "
        f"by {_rows(gaps)}: their difference is {spelled(gaps.difference)}"
    )
    floor = gaps.floor.interval.low
    if max(gaps.train.error - floor, gaps.validation.error - gaps.train.error) <= gaps.margin:
        small = (
            f"bias {spelled(gaps.bias)} and variance {spelled(gaps.variance)} are small, "
            f"but {_rows(gaps)} are too few to say that both lie below {number(gaps.margin)}"
        )
        rows = rows_that_compare(gaps, floor) or "over a hundred times the rows"
        return Judgement(Verdict.UNDECIDED, small, rows, needs_rows=True)
    return _wants_rows(gaps, floor, because)


def _wants_rows(gaps: Gaps, floor: float, because: str) -> Judgement:
    rows = rows_that_compare(gaps, floor)
    if rows is None:
        equal = "over a hundred times the rows, since bias and variance are about equal; treat either first"
        return Judgement(Verdict.UNDECIDED, because, equal)
    return Judgement(Verdict.UNDECIDED, because, rows, needs_rows=True)


def _floor_decides(gaps: Gaps) -> Judgement:
    """Without a floor: what each floor would mean."""
    train, variance = gaps.train.error, gaps.variance
    because = (
        f"no floor was given, so all that is known of the bias is {ends(gaps.bias)}; "
        f"the variance is {spelled(variance)}"
    )
    if variance.high <= gaps.margin:
        edge, above = train - gaps.margin, Verdict.AT_THE_FLOOR
    elif variance.low > 0.0:
        edge, above = 2.0 * train - gaps.validation.error, Verdict.HIGH_VARIANCE
    else:
        rows = rows_that_show_variance(gaps) or "far more rows"
        return Judgement(
            Verdict.UNDECIDED, because, f"a floor, and {rows}", needs_floor=True, needs_rows=True
        )
    if edge <= 0.0:  # the errors would decide for any floor; their noise does not let them
        return _wants_rows(gaps, 0.0, because)
    return Judgement(
        Verdict.UNDECIDED,
        because,
        f"a floor: well below {number(edge)} the verdict is {Verdict.HIGH_BIAS}, well above it {above}",
        needs_floor=True,
    )

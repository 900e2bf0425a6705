"""What is to blame: bias, variance, mismatch, nothing, or what is missing to say so."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from assay.core.numbers import number
from assay.diagnosis import wording
from assay.diagnosis.gaps import Gap, Gaps
from assay.diagnosis.rows import rows_that_decide, rows_without_floor


class Verdict(StrEnum):
    """What an error analysis comes to."""

    HIGH_BIAS = "high bias"
    HIGH_VARIANCE = "high variance"
    MISMATCH = "mismatch"
    AT_THE_FLOOR = "at the floor"
    UNDECIDED = "undecided"


_TO_BLAME = {
    "bias": Verdict.HIGH_BIAS,
    "variance": Verdict.HIGH_VARIANCE,
    "mismatch": Verdict.MISMATCH,
}


@dataclass(frozen=True)
class Judgement:
    """A verdict with its grounds.

    Attributes:
        verdict: what is to blame.
        because: the numbers that say so, a few short sentences.
        missing: what would decide it; empty unless undecided.
        needs_floor: whether a known floor, or a narrower one, is part of what is missing.
        needs_rows: whether more rows are part of what is missing.
        needs_groups: whether more groups are.
        needs_parts: whether other parts, which can be compared, are.
        suspects: the verdicts that are still possible, where it is undecided for want of rows or floor.
    """

    verdict: Verdict
    because: str
    missing: str = ""
    needs_floor: bool = False
    needs_rows: bool = False
    needs_groups: bool = False
    needs_parts: bool = False
    suspects: tuple[Verdict, ...] = ()


def judge(gaps: Gaps) -> Judgement:
    """Compare the gaps: the largest is to blame if it is open and the largest, both beyond noise.

    A verdict stands only where it is the same for every floor in the floor's interval. The order matters: a
    part without an interval says nothing, a floor above the validation error is wrong, parts that differ are
    not compared, and neither are gaps that are closed.
    """
    if not gaps.have_intervals:
        return _one_group(gaps)
    if gaps.like.interval.high < gaps.floor.interval.low:
        return _wrong_floor(gaps)
    if gaps.absent.matters(gaps.metric):
        return _class_absent(gaps)
    return _compared(gaps)


def _compared(gaps: Gaps) -> Judgement:
    if all(gap.interval.high <= gaps.margin for gap in gaps.all):
        return Judgement(Verdict.AT_THE_FLOOR, _closed(gaps))
    if gaps.variance.interval.high < 0.0 and not gaps.floor.is_known:
        return _easier_validation(gaps)
    for gap in gaps.all:
        if _is_to_blame(gap, gaps):
            return Judgement(_TO_BLAME[gap.name], _larger(gaps, gap))
    return _undecided(gaps)


def _is_to_blame(gap: Gap, gaps: Gaps) -> bool:
    if gap.interval.low <= gaps.margin:
        return False
    return all(gap.above(other).low > 0.0 for other in gaps.all if other.name != gap.name)


def _one_group(gaps: Gaps) -> Judgement:
    names = [name for name, part in wording.parts(gaps) if not part.has_interval]
    which = f"All {' and all '.join(names)} rows are of one group."
    return Judgement(
        Verdict.UNDECIDED,
        f"{wording.told(gaps)} {which} Rows of a group err alike, so that nothing is known about other "
        "groups and no interval can be had.",
        "rows of more groups",
        needs_groups=True,
    )


def _wrong_floor(gaps: Gaps) -> Judgement:
    error, floor = gaps.like.interval, gaps.floor
    known = number(floor.interval.low) if floor.is_given else floor.interval.ends
    given = "that was given" if floor.is_given else "that was estimated"
    return Judgement(
        Verdict.UNDECIDED,
        f"The validation error is {error}, below the floor of {known} {given}, so that floor is too high.",
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
    highest = gaps.bias.interval.high
    first = f"The training error is at most {number(highest)}"
    if gaps.floor.is_known:
        first = f"The training error is {number(gaps.train.error)}, at most {number(highest)}"
        first += f" above the floor of {wording.floor(gaps)}"
    second = f"the {wording.like(gaps)} error is at most {number(gaps.variance.interval.high)} above it"
    steps = [first, second]
    if gaps.mismatch is not None:
        third = number(gaps.mismatch.interval.high)
        steps.append(f"the validation error is at most {third} above that on train-like rows")
    closed = f"{'; '.join(steps)}. {'Both' if len(steps) == 2 else 'All'} lie below {wording.margin(gaps)}."
    caution = "" if gaps.floor.is_given else wording.rests_on(gaps.floor)
    return " ".join(filter(None, (closed, caution, wording.difference_of_parts(gaps))))


def _larger(gaps: Gaps, gap: Gap) -> str:
    noise = f"beyond the noise of {wording.rows(gaps)}"
    if gaps.floor.is_known:
        name = {"bias": "The first gap, the bias", "variance": "The second gap, the variance"}
        largest = "the larger one" if len(gaps.all) == 2 else "the largest one"
        told = name.get(gap.name, "The third gap, the mismatch")
        every = "" if gaps.floor.is_given else " and for every floor in the interval"
        return f"{wording.told(gaps)} {told}, is {largest}, {noise}{every}."
    if gap.name == "bias":
        return f"{wording.told(gaps)} Whatever the floor, the bias is larger, {noise}."
    whole = "more than the whole training error"
    steps = [
        f"The training error is {number(gaps.train.error)}.",
        wording.validation_error(gaps),
        wording.mismatch(gaps),
        f"That is {whole}, {noise}: whatever the floor, the {gap.name} is larger.",
        wording.difference_of_parts(gaps),
    ]
    return " ".join(filter(None, steps))


def _undecided(gaps: Gaps) -> Judgement:
    """The floor or the rows don't say enough; where the floor would not change the answer, the rows."""
    ends, (edge, below, above) = gaps.floor.interval, _edge(gaps)
    if gaps.floor.is_given or edge <= ends.low:
        return _wants_rows(gaps, ends.low)
    if edge >= ends.high:
        return _wants_rows(gaps, ends.high)
    which, rows = "a narrower floor" if gaps.floor.is_known else "a floor", rows_without_floor(gaps)
    if rows is None:
        missing = f"{which}: well below {number(edge)} the verdict is {below}, well above it {above}"
        suspects = (below, above)
        return Judgement(Verdict.UNDECIDED, wording.told(gaps), missing, needs_floor=True, suspects=suspects)
    judgement = Judgement(Verdict.UNDECIDED, wording.told(gaps), f"{which}, and {rows}", needs_floor=True)
    return _with_rows(judgement, gaps)


def _edge(gaps: Gaps) -> tuple[float, Verdict, Verdict]:
    """The floor at which the verdict changes, and the verdicts below and above it, if noise is left aside."""
    largest = max(gaps.of_errors, key=lambda gap: gap.distance)
    is_closed = largest.interval.high <= gaps.margin
    above = Verdict.AT_THE_FLOOR if is_closed else _TO_BLAME[largest.name]
    return gaps.train.error - max(largest.distance, gaps.margin), Verdict.HIGH_BIAS, above


def _wants_rows(gaps: Gaps, floor: float) -> Judgement:
    """With this floor the answer would be known but for the noise."""
    bias = gaps.train.error - floor
    distances = {"bias": bias} | {gap.name: gap.distance for gap in gaps.of_errors}
    first, second = sorted(distances, key=distances.__getitem__, reverse=True)[:2]
    suspects = (_TO_BLAME[first], _TO_BLAME[second])
    rows = rows_that_decide(gaps, floor)
    if distances[first] <= gaps.margin:
        said, suspects = _all_small(gaps), (Verdict.AT_THE_FLOOR, _TO_BLAME[first])
    elif distances[second] < gaps.margin:
        said, suspects = (
            _one_near_margin(gaps, first, is_far=rows is None),
            (_TO_BLAME[first], Verdict.AT_THE_FLOOR),
        )
    else:
        said = _two_alike(gaps, first, second, is_far=rows is None)
    because = f"{wording.told(gaps)} {said}"
    if rows is None:
        far = f"over a hundred times the {wording.unit(gaps.validation)}"
        return Judgement(Verdict.UNDECIDED, because, far, suspects=suspects)
    return _with_rows(Judgement(Verdict.UNDECIDED, because, rows, suspects=suspects), gaps)


def _all_small(gaps: Gaps) -> str:
    both = "both" if len(gaps.all) == 2 else "all"
    few = f"{wording.rows(gaps)} are too few to say that {both} lie below {wording.margin(gaps)}"
    return f"{both.capitalize()} gaps are small, but {few}."


def _one_near_margin(gaps: Gaps, name: str, *, is_far: bool) -> str:
    if is_far:
        return f"The largest gap, the {name}, is about as large as {wording.margin(gaps)}."
    few = f"{wording.rows(gaps)} are too few to say whether the largest gap, the {name}, lies above"
    return f"{few} {wording.margin(gaps)}."


def _two_alike(gaps: Gaps, first: str, second: str, *, is_far: bool) -> str:
    if is_far:
        two = "two gaps" if len(gaps.all) == 2 else f"two largest gaps, {first} and {second},"
        return f"The {two} are about equal; treat either first."
    which = (
        "which of the two gaps is larger" if len(gaps.all) == 2 else "which of the three gaps is the largest"
    )
    return f"{wording.rows(gaps)} are too few to say {which}."


def _with_rows(judgement: Judgement, gaps: Gaps) -> Judgement:
    """Needs more rows, or more groups where the noise is theirs."""
    of_groups = gaps.validation.num_groups is not None
    return replace(judgement, needs_rows=not of_groups, needs_groups=of_groups)

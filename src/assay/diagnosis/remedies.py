"""What to try next, by verdict."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from assay.diagnosis.gaps import Gaps
from assay.diagnosis.numbers import number
from assay.diagnosis.verdict import Judgement, Verdict


@dataclass(frozen=True)
class Remedy:
    """A change that aims at the gap that is to blame.

    Attributes:
        name: in the words of the field, e.g. ``"larger network"``.
        because: why it may help here, one sentence.
    """

    name: str
    because: str

    def to_json(self) -> dict[str, str]:
        """`{"name", "because"}`."""
        return asdict(self)


def remedies(judgement: Judgement, gaps: Gaps) -> tuple[Remedy, ...]:
    """The remedies of the verdict, the most promising first."""
    match judgement.verdict:
        case Verdict.HIGH_BIAS:
            return _against_bias(gaps)
        case Verdict.HIGH_VARIANCE:
            return _against_variance(gaps)
        case Verdict.UNDECIDED:
            return _towards_a_verdict(judgement) or (_against_bias(gaps)[0], _against_variance(gaps)[0])
    return ()


def _against_bias(gaps: Gaps) -> tuple[Remedy, ...]:
    above = f"at least {number(gaps.bias.low)} above the floor"
    grounds = f"the training error {number(gaps.train.error)} lies {above}"
    return (
        Remedy("larger network", f"{grounds}; more units or layers can fit the training rows better"),
        Remedy("longer training", f"{grounds}; more epochs help if the training loss was still falling"),
    )


def _against_variance(gaps: Gaps) -> tuple[Remedy, ...]:
    train, validation = number(gaps.train.error), number(gaps.validation.error)
    grounds = f"the error rises from {train} on training rows to {validation} on validation rows"
    return (
        Remedy("dropout", f"{grounds}; units that cannot rely on each other memorise less"),
        Remedy("weight decay", f"{grounds}; smaller weights make a smoother function"),
        Remedy("early stopping", f"{grounds}; fewer epochs leave less time to memorise"),
        Remedy("smaller network", f"{grounds}; fewer weights can memorise less"),
        Remedy("more rows", f"{grounds}; more than {gaps.train.num_rows:,} rows are harder to memorise"),
    )


def _towards_a_verdict(judgement: Judgement) -> tuple[Remedy, ...]:
    found = []
    if judgement.needs_floor:
        how = "for instance how often experts err, or how far repeated measurements differ"
        found.append(Remedy("estimate the floor", f"the bias hangs on the lowest reachable error: {how}"))
    if judgement.needs_rows:
        found.append(Remedy("more rows", "the intervals are too wide; they shrink as 1 / sqrt(rows)"))
    return tuple(found)

"""What to try next, by verdict."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from assay.diagnosis.verdict import Judgement, Verdict


@dataclass(frozen=True)
class Remedy:
    """A change that aims at the gap that is to blame.

    Attributes:
        name: in the words of the field, e.g. ``"larger network"``.
        because: why it may help, one clause.
    """

    name: str
    because: str

    def to_json(self) -> dict[str, str]:
        """`{"name", "because"}`."""
        return asdict(self)


def remedies(judgement: Judgement) -> tuple[Remedy, ...]:
    """The remedies of the verdict, the most promising first."""
    match judgement.verdict:
        case Verdict.HIGH_BIAS:
            return _against_bias()
        case Verdict.HIGH_VARIANCE:
            return _against_variance()
        case Verdict.UNDECIDED:
            return _towards_a_verdict(judgement) or (_against_bias()[0], _against_variance()[0])
    return ()


def _against_bias() -> tuple[Remedy, ...]:
    return (
        Remedy("larger network", "more units or layers can fit the training rows better"),
        Remedy("longer training", "more epochs help if the training loss was still falling"),
    )


def _against_variance() -> tuple[Remedy, ...]:
    return (
        Remedy("dropout", "units that cannot rely on each other memorise less"),
        Remedy("weight decay", "smaller weights make a smoother function"),
        Remedy("early stopping", "fewer epochs leave less time to memorise"),
        Remedy("smaller network", "fewer weights can memorise less"),
        Remedy("more rows", "the more there are, the harder they are to memorise"),
    )


def _towards_a_verdict(judgement: Judgement) -> tuple[Remedy, ...]:
    found = []
    if judgement.needs_parts:
        found.append(Remedy("another split", "errors can be compared on rows of the same kind"))
    if judgement.needs_floor:
        how = "ask how often experts err, or how far repeated measurements differ"
        found.append(Remedy("estimate the floor", how))
    if judgement.needs_rows:
        found.append(Remedy("more rows", "the intervals shrink as 1 / sqrt(rows)"))
    return tuple(found)

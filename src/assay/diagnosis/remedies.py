"""What to try next, by verdict; the same names as the remedies that a study can run."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from assay.diagnosis.verdict import Judgement, Verdict


@dataclass(frozen=True)
class Remedy:
    """A change that aims at the gap that is to blame.

    Attributes:
        name: in the words of the field, e.g. ``"wider network"``.
        because: why it may help, one clause.
    """

    name: str
    because: str

    def to_json(self) -> dict[str, str]:
        """`{"name", "because"}`."""
        return asdict(self)


BIAS = (
    Remedy("wider network", "more units can fit the training rows better"),
    Remedy("longer training", "more epochs help if the training loss was still falling"),
    Remedy("larger learning rate", "larger steps get further in the same time, if the loss stays smooth"),
    Remedy("deeper network", "more layers can build rules out of rules"),
    Remedy("numerical embeddings", "steps and waves in a column are easier to learn from several numbers"),
    Remedy("residual blocks", "a deep network learns faster when each layer adds to the last one"),
    Remedy("batch norm", "layers with steady inputs bear larger steps"),
    Remedy("quantile scaling", "skewed columns keep their differences"),
)
VARIANCE = (
    Remedy("more rows", "the more there are, the harder they are to memorise"),
    Remedy("early stopping", "fewer epochs leave less time to memorise"),
    Remedy("weight decay", "smaller weights make a smoother function"),
    Remedy("smaller network", "fewer weights can memorise less"),
    Remedy("dropout", "units that cannot rely on each other memorise less"),
    Remedy("ensemble", "the mean of several networks varies less than each of them"),
    Remedy("label smoothing", "a network that is never to be certain memorises less"),
    Remedy("fewer features", "a column that tells nothing can only be memorised"),
)
MISMATCH = (
    Remedy("more groups", "rows from more groups or times show more of what is to come"),
    Remedy("drop shifting columns", "a column that differs between the parts misleads"),
    Remedy("recency weights", "late rows are more like those to come"),
    Remedy("weight decay", "smaller weights rely less on what marks a single group"),
    Remedy("smaller network", "fewer weights can memorise fewer groups"),
)
IMBALANCE = (
    Remedy("class weights", "each class counts alike in the loss"),
    Remedy("threshold", "the probability from which the rare class is said can be chosen"),
    Remedy("resampling", "training on as many rows of each class"),
)
OPTIMISATION = (
    Remedy("learning-rate finder", "the largest rate at which the loss still falls"),
    Remedy("gradient clipping", "a single steep step can't throw the weights away"),
    Remedy("other start", "units that are dead from the start come alive by another draw"),
)
_BY_VERDICT = {Verdict.HIGH_BIAS: BIAS, Verdict.HIGH_VARIANCE: VARIANCE, Verdict.MISMATCH: MISMATCH}


def remedies(judgement: Judgement, *, classes: bool = True) -> tuple[Remedy, ...]:
    """The remedies of the verdict, the most promising first.

    Args:
        judgement: the verdict, and what is missing where it is undecided.
        classes: whether the target is one of classes.
    """
    if judgement.verdict is Verdict.UNDECIDED:
        found = _towards_a_verdict(judgement) or _either(judgement)
    else:
        found = _BY_VERDICT.get(judgement.verdict, ())
    return tuple(remedy for remedy in found if classes or remedy.name != "label smoothing")


def _either(judgement: Judgement) -> tuple[Remedy, ...]:
    """The first remedy that can be run, of each gap that may be to blame."""
    runnable = [BIAS[0]] if Verdict.HIGH_BIAS in judgement.suspects else []
    runnable += [VARIANCE[1]] if Verdict.HIGH_VARIANCE in judgement.suspects else []
    runnable += [MISMATCH[1]] if Verdict.MISMATCH in judgement.suspects else []
    return tuple(runnable)


def _towards_a_verdict(judgement: Judgement) -> tuple[Remedy, ...]:
    found = []
    if judgement.needs_parts:
        found.append(Remedy("another split", "errors can be compared on rows of the same kind"))
    if judgement.needs_floor:
        how = "ask how often experts err, or how far repeated measurements differ"
        found.append(Remedy("estimate the floor", how))
    if judgement.needs_rows:
        found.append(Remedy("more rows", "the intervals shrink as 1 / sqrt(rows)"))
    if judgement.needs_groups:
        found.append(Remedy("more groups", "the intervals shrink as 1 / sqrt(groups)"))
    return tuple(found)

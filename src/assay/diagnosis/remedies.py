"""What to try next, by verdict; the same names as the remedies that a study can run."""

from __future__ import annotations

from collections.abc import Mapping
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
IMAGE_BIAS = (
    Remedy("residual network", "layers that add to what they get can be many and still learn"),
    Remedy("one-cycle schedule", "a high rate in the middle gets far, and its fall to nothing settles"),
    Remedy("longer training", "more epochs help if the training loss was still falling"),
    Remedy("wider network", "more filters see more kinds of shapes"),
    Remedy("pretrained backbone", "features learnt from a million photos need only a last layer"),
    Remedy("fine-tuning", "the features of a backbone come to suit these images"),
    Remedy("deeper network", "more convolutions see further and build shapes out of shapes"),
    Remedy("batch norm", "layers with steady inputs bear larger steps"),
    Remedy("larger learning rate", "larger steps get further in the same time, if the loss stays smooth"),
)
IMAGE_VARIANCE = (
    Remedy("more rows", "the more images there are, the harder they are to memorise"),
    Remedy("flip and crop", "a photo that is mirrored or moved a little shows the same"),
    Remedy("label smoothing", "a network that is never to be certain memorises less"),
    Remedy("cutout", "a network that cannot count on one part has to know the others"),
    Remedy("averaged weights", "a mean over the last steps lies in the middle of what they wander about in"),
    Remedy("test-time flip", "the mean of two views of an image varies less than one"),
    Remedy("TrivialAugment", "one of 14 changes an image, of any strength, and nothing to tune"),
    Remedy("cutmix", "a part of one image in another, with both labels, can't be memorised"),
    Remedy("mixup", "between two images the answer lies between their labels"),
    Remedy("weight decay", "smaller weights make a smoother function"),
    Remedy("colour changes", "what light does to an image says nothing of what it shows"),
    Remedy("dropout", "units that cannot rely on each other memorise less"),
    Remedy("early stopping", "fewer epochs leave less time to memorise"),
    Remedy("smaller network", "fewer weights can memorise less"),
)
IMAGE_MISMATCH = (
    Remedy("more groups", "images from more places and times show more of what is to come"),
    Remedy("recency weights", "late images are more like those to come"),
    Remedy("colour changes", "what differs in light between places can be learnt not to matter"),
    Remedy("weight decay", "smaller weights rely less on what marks a single group"),
)
OPTIMISATION = (
    Remedy("learning-rate finder", "the largest rate at which the loss still falls"),
    Remedy("gradient clipping", "a single steep step can't throw the weights away"),
    Remedy("other start", "units that are dead from the start come alive by another draw"),
)
ESTIMATE_FLOOR = Remedy(
    "estimate the floor", "ask how often experts err, or how far repeated measurements differ"
)
STATE_FLOOR = Remedy(
    "state the floor",
    "the data leave it in too wide an interval; how often experts err, given as bayes_error, would decide",
)
_NOT_RUN = {"more rows", "more groups"}  # advice that no recipe can follow
_ByVerdict = Mapping[Verdict, tuple[Remedy, ...]]
_OF_TABLES: _ByVerdict = {
    Verdict.HIGH_BIAS: BIAS,
    Verdict.HIGH_VARIANCE: VARIANCE,
    Verdict.MISMATCH: MISMATCH,
}
_OF_IMAGES: _ByVerdict = {
    Verdict.HIGH_BIAS: IMAGE_BIAS,
    Verdict.HIGH_VARIANCE: IMAGE_VARIANCE,
    Verdict.MISMATCH: IMAGE_MISMATCH,
}


def remedies(
    judgement: Judgement, *, classes: bool = True, floor_estimated: bool = False, of_images: bool = False
) -> tuple[Remedy, ...]:
    """The remedies of the verdict, the most promising first.

    Args:
        judgement: the verdict, and what is missing where it is undecided.
        classes: whether the target is one of classes.
        floor_estimated: whether the floor is an estimate from the data already.
        of_images: whether the rows are images.
    """
    by_verdict = _OF_IMAGES if of_images else _OF_TABLES
    if judgement.verdict is Verdict.UNDECIDED:
        found = _towards_a_verdict(judgement, floor_estimated, by_verdict)
        found = found or _either(judgement, by_verdict)
    else:
        found = by_verdict.get(judgement.verdict, ())
    return tuple(remedy for remedy in found if classes or remedy.name != "label smoothing")


def _either(judgement: Judgement, by_verdict: _ByVerdict) -> tuple[Remedy, ...]:
    """The first remedy that can be run, of each gap that may be to blame."""
    return tuple(
        next(remedy for remedy in found if remedy.name not in _NOT_RUN)
        for verdict, found in by_verdict.items()
        if verdict in judgement.suspects
    )


def _towards_a_verdict(
    judgement: Judgement, floor_estimated: bool, by_verdict: _ByVerdict
) -> tuple[Remedy, ...]:
    """What would decide; where only a better floor would, first what can be run in the meantime."""
    found = list(_either(judgement, by_verdict)) if floor_estimated and judgement.needs_floor else []
    if judgement.needs_parts:
        found.append(Remedy("another split", "errors can be compared on rows of the same kind"))
    if judgement.needs_floor:
        found.append(STATE_FLOOR if floor_estimated else ESTIMATE_FLOOR)
    if judgement.needs_rows:
        found.append(Remedy("more rows", "the intervals shrink as 1 / sqrt(rows)"))
    if judgement.needs_groups:
        found.append(Remedy("more groups", "the intervals shrink as 1 / sqrt(groups)"))
    return tuple(found)

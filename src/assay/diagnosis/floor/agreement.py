"""What an interval of the floor rests on, in words."""

from __future__ import annotations

from assay.diagnosis.floor.estimate import Estimate
from assay.diagnosis.floor.methods import Answers

AGREE = "the methods agree"
_DOUBTS = (
    "it rests on the labels that the network itself doubts, which are fewer the more it knows: the floor may "
    "lie anywhere in the interval"
)


def agreement(answers: Answers) -> str:
    """Whether methods that are independent of each other agree, or whether one of them stands alone.

    What was reached, the learning curve and the neighbours in the reference model's answers are of one
    family: where the models stall, they stall together. Independent of it are what people said and repeated
    rows; neighbours in the inputs are another family, but blind to the same fast patterns, so that they bear
    an estimate out and no more.
    """
    curve, people = answers.curve, answers.people
    if answers.doubts is not None:
        return AGREE if people else _DOUBTS
    if curve is None:
        return AGREE if len(people) > 1 else f"it rests on {people[0].method} alone" if people else ""
    if people or _reaches(answers.repeated, curve):
        return AGREE
    near = [f", borne out by {each.method}" for each in answers.in_inputs if _overlap(each, curve)]
    return (
        f"it rests on the learning curve of one reference model (trees, linear, kernel){''.join(near)}: a "
        "pattern that none of these sees counts as noise"
    )


def _reaches(repeated: Estimate | None, curve: Estimate) -> bool:
    """A lower bound far below the interval supports nothing."""
    return repeated is not None and repeated.low >= curve.low > 0.0


def _overlap(one: Estimate, other: Estimate) -> bool:
    return one.low <= (other.high or 0.0) and other.low <= (one.high or 0.0)

"""The floor from what the methods say about it."""

from __future__ import annotations

import math

from assay.core.interval import Interval
from assay.core.metrics import check_metric
from assay.core.numbers import number
from assay.diagnosis.floor.agreement import AGREE, agreement
from assay.diagnosis.floor.estimate import Estimate
from assay.diagnosis.floor.evidence import Evidence
from assay.diagnosis.floor.floor import Floor
from assay.diagnosis.floor.methods import Answers, ask


def estimate_floor(evidence: Evidence, metric: str, *, seed: int = 0, replicates: int = 1000) -> Floor:
    """The lowest reachable error, as an interval, by several methods whose agreement is told.

    From above: what the network, the reference model and the mean of both reached on validation rows, for
    every metric. From below, for certain: rows that repeat with different targets (accuracy, RMSE). Between
    these an estimate: the reference model's error less the excess that its learning curve shows to be left
    (metrics for which a better model is a better answer, so not precision, recall, F1 or calibration), and
    what people said, where soft or repeated labels are given. Neighbours in the inputs are asked too; they
    count where they see less noise than the others, since what they say is too high if anything.

    Where two methods contradict each other, the interval holds both, and `agreement` says so; where the
    reference model stands alone, it says that. Without an
    estimate (no reference model, one that has learnt nothing, or a metric such as F1) only bounds are known.

    Args:
        evidence: predictions, inputs, the reference model's answers.
        metric: what the errors are made of.
        seed: names the draws.
        replicates: resamples of the rows.

    Raises:
        RecipeError: the task has no such metric.
    """
    check_metric(metric, evidence.train.task)
    return floor_of(ask(evidence, metric, seed=seed, replicates=replicates))


def floor_of(answers: Answers) -> Floor:
    """The interval that the methods' answers come to together."""
    top = min(answers.reached, key=_high)
    estimated = [each for each in (*answers.people, answers.curve, answers.doubts) if each is not None]
    if not estimated:
        return _bounds(answers, top)
    joined = _Joined.of(estimated)
    joined.capped(top)
    if answers.repeated is not None:
        joined.raised(answers.repeated)
    for each in answers.neighbours:
        joined.lowered(each, top)
    methods = tuple(dict.fromkeys(joined.methods))
    words = " ".join(_sentence(text) for text in (*joined.told(answers), *answers.notes))
    return Floor(Interval(joined.value, joined.low, joined.high), methods, answers.all, words)


def _bounds(answers: Answers, top: Estimate) -> Floor:
    """Without an estimate: from the repeated rows' bound to what was reached."""
    low, methods = 0.0, [top.method]
    if answers.repeated is not None and answers.repeated.low > 0.0:
        low = answers.repeated.low
        methods.insert(0, answers.repeated.method)
    words = " ".join(map(_sentence, answers.notes))
    high = max(_high(top), low)
    return Floor(Interval(None, low, high), tuple(methods), answers.all, words)


class _Joined:
    """The interval while it is made: estimates that overlap are cut to what they share, others held both."""

    def __init__(self, first: Estimate) -> None:
        self.low, self.high = first.low, _high(first)
        self.value = _value(first)
        self.methods = [first.method]
        self.disagree: list[str] = []

    @classmethod
    def of(cls, estimates: list[Estimate]) -> _Joined:
        joined = cls(estimates[0])
        for each in estimates[1:]:
            joined._met(each)
        return joined

    def _met(self, other: Estimate) -> None:
        low, high = max(self.low, other.low), min(self.high, _high(other))
        if low > high:
            self.disagree.append(
                f"{self.methods[0]} and {other.method} contradict each other: the interval holds both"
            )
            low, high = min(self.low, other.low), max(self.high, _high(other))
        middle = (self.value + _value(other)) / 2.0
        self.low, self.high, self.value = low, high, min(max(middle, low), high)
        self.methods.append(other.method)

    def capped(self, bound: Estimate) -> None:
        """Nothing that was reached lies below the floor."""
        if _high(bound) < self.low:
            self.disagree.append(
                f"{bound.method} is below what {self.methods[0]} says: the interval holds both"
            )
            self.low = _high(bound)
            self.methods.append(bound.method)
        elif _high(bound) < self.high:
            self.high = _high(bound)
            self.methods.append(bound.method)
        self.value = min(max(self.value, self.low), self.high)

    def raised(self, bound: Estimate) -> None:
        """The certain lower bound."""
        if bound.low <= self.low:
            return
        if bound.low > self.high:
            self.disagree.append(
                f"{bound.method} put the floor above {number(bound.low)}, and {self.methods[-1]} below "
                f"{number(self.high)}: the interval holds both"
            )
            self.high = bound.low
        else:
            self.low = bound.low
        self.value = min(max(self.value, self.low), self.high)
        self.methods.append(bound.method)

    def lowered(self, other: Estimate, top: Estimate) -> None:
        """Neighbours err upwards: below the interval they count, above what was reached they don't."""
        if _high(other) < self.low:
            self.disagree.append(
                f"{other.method} sees less noise ({number(_value(other))}): the interval holds it"
            )
            self.low = other.low
            self.methods.append(other.method)
        elif other.low > _high(top):
            self.disagree.append(
                f"{other.method} would put the floor above {number(other.low)}, more than {top.method} "
                "reached: neighbours are too far apart to tell"
            )

    def told(self, answers: Answers) -> list[str]:
        support = agreement(answers)
        if not self.disagree:
            return [support]
        return [*self.disagree, *[support] * (support != AGREE)]


def _high(estimate: Estimate) -> float:
    return math.inf if estimate.high is None else estimate.high


def _value(estimate: Estimate) -> float:
    return estimate.low if estimate.value is None else estimate.value


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."

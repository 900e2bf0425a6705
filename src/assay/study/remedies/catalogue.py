"""All remedies, and which of them a study should try next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, zip_longest

from assay.diagnosis.verdict import Verdict
from assay.study.remedies.bias import BIAS
from assay.study.remedies.image_bias import BACKBONE, IMAGE_BIAS
from assay.study.remedies.image_variance import IMAGE_VARIANCE
from assay.study.remedies.imbalance import IMBALANCE
from assay.study.remedies.mismatch import MISMATCH, RECENCY
from assay.study.remedies.optimisation import OPTIMISATION
from assay.study.remedies.order import bias_first, image_bias_first, image_variance_first, variance_first
from assay.study.remedies.remedy import Proposal, Remedy
from assay.study.remedies.state import State
from assay.study.remedies.variance import VARIANCE

TABLE_REMEDIES: tuple[Remedy, ...] = (*BIAS, *VARIANCE, *MISMATCH, *IMBALANCE, *OPTIMISATION)
"""Every remedy that can be run on a table."""

IMAGE_REMEDIES: tuple[Remedy, ...] = (*IMAGE_BIAS, *IMAGE_VARIANCE, RECENCY, *IMBALANCE, *OPTIMISATION)
"""Every remedy that can be run on images; some are those of tables."""


def proposals(state: State, tried: Iterable[str] = ()) -> Iterator[Proposal]:
    """The remedies that apply, the most promising first; none where the error is at the floor.

    Args:
        state: the best run.
        tried: names of remedies that were already compared with it.
    """
    if state.verdict is Verdict.AT_THE_FLOOR:
        return
    left_out = set(tried)
    for remedy in chain(OPTIMISATION, IMBALANCE, _by_verdict(state)):
        if remedy.name in left_out:
            continue
        changes = remedy.change(state)
        if changes is not None:
            left_out.add(remedy.name)
            yield Proposal(remedy, changes)


def _by_verdict(state: State) -> list[Remedy]:
    bias, variance, mismatch = _lists(state)
    match state.verdict:
        case Verdict.HIGH_BIAS:
            return bias
        case Verdict.HIGH_VARIANCE:
            return variance
        case Verdict.MISMATCH:
            return [*mismatch, *variance]
    larger, smaller = (bias, variance) if state.bias > state.variance else (variance, bias)
    pairs = zip_longest(larger, smaller)
    return [*mismatch, *(remedy for pair in pairs for remedy in pair if remedy is not None)]


def _lists(state: State) -> tuple[list[Remedy], list[Remedy], Sequence[Remedy]]:
    """Against bias, against variance and against mismatch, for what the rows are."""
    if state.shape is None:
        return bias_first(state, BIAS), variance_first(state, VARIANCE), MISMATCH
    variance = image_variance_first(state, IMAGE_VARIANCE, BACKBONE)
    return image_bias_first(state, IMAGE_BIAS), variance, (RECENCY,)

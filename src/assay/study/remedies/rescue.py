"""What to do about a training whose loss is no longer finite, before there is a run to diagnose."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from assay.study.remedies.optimisation import CLIPPING, FINDER
from assay.study.remedies.remedy import Proposal
from assay.training.settings import usual_learning_rate

if TYPE_CHECKING:
    from assay.study.recipe import Recipe

_SMALLER = 10.0  # times, where the range test finds no lower rate than the one that failed
_CLEARLY = 1.5
_CLIP_NORM = 1.0


def calmer(recipe: Recipe, suggested_rate: Callable[[], float]) -> Iterator[Proposal]:
    """The optimisation's remedies in the order in which they are worth a try, each on top of those before.

    Remedies are otherwise chosen by a diagnosis, and a training that ended in infinity leaves none. All that
    is known is that it exploded, and against that there are two cures: smaller steps, and gradients that are
    cut to a length.

    Args:
        recipe: of the training that failed, every choice resolved.
        suggested_rate: a learning-rate range test on the training rows; called once, when the first proposal
            is asked for.
    """
    training = recipe.training
    rate = training.learning_rate or usual_learning_rate(training.optimizer)
    found = suggested_rate()
    lower = found if found * _CLEARLY < rate else rate / _SMALLER
    changes = {"training.learning_rate": float(f"{lower:.2g}")}
    yield Proposal(FINDER, dict(changes))
    if training.clip_norm is None or training.clip_norm > _CLIP_NORM:
        yield Proposal(CLIPPING, changes | {"training.clip_norm": _CLIP_NORM})

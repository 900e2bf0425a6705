"""The problems of a seed set, each with a right verdict that is clear."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assay.core.seeds import child_seed
from suite.families import FAMILIES
from suite.problem import Problem, Trained
from suite.truth import Truth

SEED_SETS = {"development": 1, "final": 2}
_TRIES = 20


@dataclass(frozen=True)
class Case:
    """A problem with its trained network and the truth about it.

    Attributes:
        problem: what was drawn.
        trained: its network's predictions.
        truth: its gaps.
        redrawn: how many draws before it were not clear, by the truth alone.
    """

    problem: Problem
    trained: Trained
    truth: Truth
    redrawn: int


def draw(seed_set: str, number: int) -> Case:
    """The problem of a number; the families take turns.

    A draw whose truth is not clear (`Truth.is_clear`) is replaced by the next one. No verdict has been
    given at that time, so that nothing is chosen by how well it is diagnosed.
    """
    family = FAMILIES[number % len(FAMILIES)]
    for attempt in range(_TRIES):
        seed = child_seed(SEED_SETS[seed_set], "problem", number, attempt)
        problem = family(np.random.default_rng(seed), seed)
        trained = problem.fit()
        truth = Truth.of(problem, trained)
        if truth.is_clear:
            return Case(problem, trained, truth, attempt)
    raise RuntimeError(f"{family.__name__}: {_TRIES} draws in a row were not clear")

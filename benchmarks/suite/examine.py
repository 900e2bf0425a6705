"""One problem through the error analysis, with the floor given, estimated, and unknown."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assay.diagnosis.diagnose import diagnose
from assay.diagnosis.floor import Floor, estimate_floor
from assay.study.reference import fit_reference
from suite.draw import Case, draw

FLOORS = ("given", "estimated", "unknown")


@dataclass(frozen=True)
class Examined:
    """What came out.

    Attributes:
        number: of the problem.
        family: the trouble that it was made for.
        redrawn: how many draws were not clear.
        right: the right verdict.
        is_classes: whether it is a classification.
        floor: the true one.
        low: lower end of the estimated floor's interval.
        high: upper end.
        verdicts: by what was known about the floor.
        told: the numbers, for a look at what went wrong.
        seconds: everything included.
    """

    number: int
    family: str
    redrawn: int
    right: str
    is_classes: bool
    floor: float
    low: float
    high: float
    verdicts: dict[str, str]
    told: str
    seconds: float

    @property
    def holds_floor(self) -> bool:
        """Whether the true floor lies in the estimated interval."""
        return self.low - 1e-9 <= self.floor <= self.high + 1e-9


def examine(seed_set: str, number: int, folder: Path | None = None) -> Examined:
    """Draw the problem, train, and diagnose it three times.

    Args:
        seed_set: development or final.
        number: of the problem.
        folder: where the predictions are left for another tool to look at; None: nowhere.
    """
    start = time.perf_counter()
    case = draw(seed_set, number)
    trained, problem = case.trained, case.problem
    metric = "accuracy" if problem.population.task.is_classification else "rmse"
    floor = _estimated(case, metric)
    ways: dict[str, dict[str, object]] = {
        "given": {"bayes_error": problem.floor},
        "estimated": {"floor": floor},
        "unknown": {},
    }
    like = {"train_like": trained.train_like, "seed": number}
    verdicts = {
        name: str(diagnose(trained.train, trained.validation, **like, **way).verdict)
        for name, way in ways.items()
    }
    if folder is not None:
        _leave(case, folder / f"problem_{number:04}.npz")
    return Examined(
        number=number,
        family=problem.family,
        redrawn=case.redrawn,
        right=case.truth.verdict,
        is_classes=problem.population.task.is_classification,
        floor=problem.floor,
        low=floor.interval.low,
        high=floor.interval.high,
        verdicts=verdicts,
        told=_told(case, floor),
        seconds=time.perf_counter() - start,
    )


def _estimated(case: Case, metric: str) -> Floor:
    """The floor as a study would estimate it: from the training rows and held-out rows of the same kind."""
    problem, trained = case.problem, case.trained
    rows, held_out = problem.validation, trained.validation
    if problem.train_like is not None and trained.train_like is not None:
        rows, held_out = problem.train_like, trained.train_like
    reference = fit_reference(
        problem.train.inputs, rows.inputs, (trained.train, held_out), seed=case.problem.seed
    )
    return estimate_floor(reference.evidence(trained.train, held_out), metric, seed=case.problem.seed)


def _told(case: Case, floor: Floor) -> str:
    truth = case.truth
    return (
        f"{case.problem.population.name}: floor {truth.floor:.3f} (estimated {floor.interval.low:.3f} to "
        f"{floor.interval.high:.3f}), training {truth.train:.3f}, train-like {truth.train_like:.3f}, "
        f"validation {truth.validation:.3f}, margin {truth.margin:.3f}"
    )


def _leave(case: Case, path: Path) -> None:
    arrays = {}
    for name, part in (("train", case.trained.train), ("validation", case.trained.validation)):
        arrays |= {f"{name}_truth": part.truth, f"{name}_output": part.output}
    np.savez(path, **arrays)

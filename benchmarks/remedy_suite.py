"""Whether the remedy that Assay tries first is the one that helps most.

For each problem of the suite that is not at the floor, the network is trained again with each remedy that
applies and that changes network or training. What a remedy is worth is the error on 100,000 new rows, the
mean over a few seeds.

    python benchmarks/remedy_suite.py [--problems 130] [--seed-set development] [--seeds 2]
"""

from __future__ import annotations

import argparse
import collections
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from assay.diagnosis.verdict import Verdict
from assay.networks.settings import NetworkSettings
from assay.study.recipe import Recipe
from assay.study.remedies import State, proposals
from assay.training.settings import TrainingSettings, resolve
from assay.training.training import Training
from suite import problem as problem_module
from suite.draw import Case, draw
from suite.problem import Problem

_CLOSE = 0.02  # of the error: two remedies that differ by less are worth the same


@dataclass
class Recorder:
    """Keeps what the suite's trainings gave: their histories are what a remedy looks at."""

    trainings: list[Training] = field(default_factory=list)

    def listen(self) -> None:
        """From now on."""
        fit = problem_module.fit

        def recorded(*args: Any, **kwargs: Any) -> Training:
            self.trainings.append(fit(*args, **kwargs))
            return self.trainings[-1]

        problem_module.fit = recorded


class NoFacts:
    """The suite's columns are all useful, and none shifts by itself."""

    def suggested_rate(self) -> float:
        """The usual one."""
        return 0.001

    def useless_columns(self) -> tuple[str, ...]:
        """None."""
        return ()

    def shifting_columns(self) -> tuple[str, ...]:
        """None."""
        return ()

    def troubles(self) -> tuple[str, ...]:
        """None."""
        return ()


def main() -> None:
    """Run the problems and print a line for each, then the share."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--problems", type=int, default=130)
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--seed-set", default="development")
    parser.add_argument("--seeds", type=int, default=2)
    arguments = parser.parse_args()
    recorder = Recorder()
    recorder.listen()
    right: dict[str, list[bool]] = collections.defaultdict(list)
    for number in range(arguments.start, arguments.start + arguments.problems):
        case = draw(arguments.seed_set, number)
        if case.truth.verdict == Verdict.AT_THE_FLOOR:
            continue
        worth = errors(case, state_of(case, recorder.trainings[-1]), arguments.seeds)
        first, best = next(iter(worth)), min(worth, key=lambda name: worth[name])
        is_right = worth[first] <= worth[best] * (1.0 + _CLOSE)
        right[case.problem.family].append(is_right)
        told = ", ".join(f"{name} {value:.4f}" for name, value in worth.items())
        mark, problem = "right" if is_right else "WRONG", case.problem
        print(f"{number:>3} {problem.family:<28} {case.truth.verdict:<14} {mark:<6}", end=" ")
        print(f"before {case.trained.true_error:.4f}: {told}", flush=True)
    for family, found in right.items():
        print(f"{family:<28} {sum(found)} of {len(found)}")
    everything = [one for found in right.values() for one in found]
    share = np.mean(everything)
    print(f"first remedy within {_CLOSE:.0%} of the best: {share:.1%} of {len(everything)} problems")


def state_of(case: Case, training: Training) -> State:
    """What a study would know of the problem after its first training, the verdict being right."""
    problem = case.problem
    settings, _ = resolve(problem.training, len(problem.train.targets))
    recipe = Recipe(
        network=problem.network,
        training=settings,
        metric="accuracy" if problem.population.task.is_classification else "rmse",
    )
    counts = np.bincount(problem.train.targets) if problem.population.task.is_classification else np.zeros(0)
    return State(
        recipe=recipe,
        task=problem.population.task,
        verdict=Verdict(case.truth.verdict),
        bias=0.0,
        variance=0.0,
        history=training.history,
        best_epoch=training.best_epoch,
        stopped=training.stopped,
        num_rows=len(problem.train.targets),
        num_inputs=problem.train.inputs.shape[1],
        class_shares=tuple(counts / max(counts.sum(), 1)),
        method="random" if problem.groups is None else "group",
        facts=NoFacts(),
    )


def errors(case: Case, state: State, seeds: int) -> dict[str, float]:
    """The mean true error with each remedy that applies, in the order in which they are proposed."""
    found = {}
    for proposal in proposals(state):
        if not all(name.startswith(("network.", "training.")) for name in proposal.changes):
            continue
        recipe = state.recipe.changed(proposal.changes)
        found[proposal.name] = error_of(case.problem, recipe.network, recipe.training, seeds)
    return found


def error_of(
    problem: Problem, network: NetworkSettings | None, training: TrainingSettings, seeds: int
) -> float:
    """On new rows, the mean over the seeds."""
    runs = [problem.fit(network, training, seed=problem.seed + number) for number in range(seeds)]
    return float(np.mean([run.true_error for run in runs]))


if __name__ == "__main__":
    main()

"""Short trainings that say which remedies deserve a full one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assay.core.errors import RecipeError, TrainingError
from assay.core.files import append_jsonl, read_jsonl
from assay.core.metrics import error
from assay.core.numbers import number
from assay.study.loop.fair import compared_predictions
from assay.study.loop.labelled import Labelled

if TYPE_CHECKING:
    from assay.study.remedies import Proposal
    from assay.study.runs import Run
    from assay.study.workbench import Workbench

_SHARES = (0.2, 0.4)  # of the epochs, in each rung
_QUICK = 1.0  # seconds; trainings that take no longer are not worth a short one before


@dataclass(frozen=True)
class Screening:
    """Successive halving (Jamieson and Talwalkar 2016): all candidates are trained a little, the better half
    more. The most promising one stays in whatever it does, since a short training misjudges what starts
    slowly. A candidate gets a share of its own epochs, where the remedy makes them more than the parent's,
    and its learning rate runs through its whole schedule in them, so that neither longer trainings nor
    schedules such as one-cycle are judged by their beginning. What a short training came to is written down
    at once, so that it is never made twice.

    Attributes:
        bench: trains.
        parent: the best run, which the remedies change.
        round: its number.
    """

    bench: Workbench
    parent: Run
    round: int

    def chosen(self, proposals: Sequence[Proposal], most: int) -> list[Proposal]:
        """At most so many of the proposals: the first one, and of the others those that did best.

        Raises:
            CutShortError: the time is up.
        """
        left = list(proposals)
        if self.parent.metrics["seconds"] <= _QUICK:
            return left
        for share in _SHARES:
            if len(left) <= most:
                break
            scores = {
                proposal.name: self._score(proposal, self._epochs(proposal, share)) for proposal in left
            }
            left.sort(key=lambda proposal: (proposal is not proposals[0], scores[proposal.name]))
            told = ", ".join(f"{proposal.name} {number(scores[proposal.name][0])}" for proposal in left)
            self.bench.progress.say("screen", f"error after {share:.0%} of the epochs: {told}")
            left = left[: max(most, math.ceil(len(left) / 2))]
        return left[:most]

    def _epochs(self, proposal: Proposal, share: float) -> int:
        """Of a short training: a share of those that the parent made, or of more that the remedy wants."""
        wanted = int(proposal.changes.get("training.epochs", 0))
        return max(1, math.ceil(share * max(len(self.parent.history), wanted)))

    def _score(self, proposal: Proposal, epochs: int) -> tuple[float, float]:
        """The error, and the log-loss where two errors are equal; infinite where it cannot be trained."""
        path = self.bench.study.folder / "screening.jsonl"
        key: dict[str, Any] = {
            "round": self.round, "parent": self.parent.name, "remedy": proposal.name, "epochs": epochs,
        }  # fmt: skip
        for line in read_jsonl(path):
            if all(line.get(name) == value for name, value in key.items()):
                return tuple(math.inf if value is None else value for value in line["scores"])  # type: ignore[return-value]
        scores = self._measured(proposal, epochs)
        append_jsonl(path, key | {"scores": list(scores)})
        return scores

    def _measured(self, proposal: Proposal, epochs: int) -> tuple[float, float]:
        recipe = self.parent.recipe.changed(proposal.changes)
        recipe = recipe.changed({"training.epochs": min(epochs, recipe.training.epochs)})
        label = f"{proposal.name}, a short training"
        try:
            p = self.bench.try_out(recipe, Labelled(self.bench.progress, label))
        except (RecipeError, TrainingError):
            return math.inf, math.inf
        if recipe.threshold == "fit":
            p = compared_predictions(p, recipe.metric, recipe.seed)
        return error(p, recipe.metric), error(p, "log_loss") if p.task.is_classification else 0.0

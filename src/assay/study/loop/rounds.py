"""The loop: diagnose, propose, screen, train, compare, keep."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from assay.core.errors import CutShortError
from assay.core.numbers import number
from assay.diagnosis.verdict import Verdict
from assay.study.loop.facts import state_of
from assay.study.loop.ledger import Ledger, left_out_line
from assay.study.loop.power import can_show_help
from assay.study.loop.screening import Screening
from assay.study.loop.trying import compared, train_seeds, try_in_full, validation_of
from assay.study.publishing import publish
from assay.study.remedies import Proposal, proposals

if TYPE_CHECKING:
    from assay.diagnosis.diagnosis import Diagnosis
    from assay.study.analysis import Analyst
    from assay.study.goal import Goal
    from assay.study.runs import Run
    from assay.study.workbench import Workbench


def spent_on(round_number: int) -> int:
    """By what a round divides the chance of keeping a useless remedy: 2, 6, 12, ...

    The parts 1/2, 1/6, 1/12, ... come to 1, so that a study may have any number of rounds, and need not know
    it before (alpha spending; Lan and DeMets 1983).
    """
    return round_number * (round_number + 1)


@dataclass(frozen=True)
class Rounds:
    """Rounds of remedies on one study.

    Attributes:
        bench: trains.
        analyst: diagnoses.
        ledger: what was tried so far.
        until: the number of the last round, counted from the study's beginning.
        goal: what is good enough; None: nothing is.
    """

    bench: Workbench
    analyst: Analyst
    ledger: Ledger
    until: int
    goal: Goal | None

    def run(self) -> str:
        """Make rounds until there is a reason to stop, and say which, one clause."""
        try:
            reason = self._reason_to_stop()
            while not reason:
                reason = self._make_round() or self._reason_to_stop()
        except CutShortError as cut:
            return cut.message
        return reason

    @property
    def _best(self) -> Run:
        return self.bench.run(self.ledger.best)

    @property
    def _diagnosis(self) -> Diagnosis:
        return self.bench.study.diagnosis

    def _reason_to_stop(self) -> str:
        if self.goal is not None and self.goal.is_met(self._best.metrics):
            return f"the goal is met: {self.goal}"
        if self.until > self.ledger.rounds and self._diagnosis.verdict is Verdict.AT_THE_FLOOR:
            return "the error is at the floor: there is nothing left to cure"
        if self.ledger.rounds >= self.until:
            return "the one round is done" if self.until == 1 else f"all {self.until} rounds are done"
        return self.bench.budget.spent if self.bench.budget.is_spent else ""

    def _make_round(self) -> str:
        """One round; a reason to stop where there is nothing to try."""
        parent, settings = self._best, self.bench.study.recipe.remedies
        train_seeds(self.bench, parent, "the best network again")
        if self._diagnosis.num_seeds < settings.seeds:
            publish(parent, self.analyst)
            if reason := self._reason_to_stop():
                return reason
        rows, round_number = validation_of(parent), self.ledger.rounds + 1
        comparisons = settings.screened * spent_on(round_number)
        if not can_show_help(rows, parent.recipe.metric, comparisons=comparisons, seed=parent.recipe.seed):
            return (
                f"{len(rows[0]):,} validation rows are too few to show that a remedy helps: even a network "
                "without an error would lie within the noise"
            )
        found = self._proposed(parent, settings.screened)
        if not found:
            return "no remedy is left to try"
        self._tell_round(round_number, found)
        origins = {p.name: {"remedy": p.name, "parent": parent.name, "round": round_number} for p in found}
        chosen = Screening(self.bench, parent, round_number).chosen(found, settings.compared)
        tried = []
        for proposal in chosen:
            self.bench.progress.say("try", f"{proposal.name}: {proposal.told()}")
            tried.append(try_in_full(self.bench, proposal, parent, origins[proposal.name]))
        lines = compared(
            parent,
            tried,
            origins,
            comparisons=len(found) * spent_on(round_number),
            earlier=self.ledger.differences(parent.name),
        )
        self._end_round(lines, [p for p in found if p not in chosen], origins)
        return ""

    def _end_round(
        self, lines: list[dict[str, Any]], left_out: list[Proposal], origins: dict[str, dict[str, Any]]
    ) -> None:
        """Write the ledger first: what it says is kept is the best run, whatever happens next."""
        words = "left out after a short training"
        lines = [*lines, *(left_out_line(p, origins[p.name], words) for p in left_out)]
        self.ledger.add(lines)
        for line in lines:
            self._tell(line)
        if any(line["kept"] for line in lines):
            publish(self._best, self.analyst)

    def _proposed(self, parent: Run, most: int) -> list[Proposal]:
        """What helped before comes first, then the catalogue's order."""
        state = state_of(self.bench, parent, self._diagnosis)
        helped = self.ledger.helped_before()
        found = list(islice(proposals(state, self.ledger.tried(parent.name)), most + len(helped)))
        return sorted(found, key=lambda proposal: proposal.name not in helped)[:most]

    def _tell_round(self, round_number: int, found: list[Proposal]) -> None:
        progress = self.bench.progress
        progress.say("round", f"{round_number} of {self.until}; verdict: {self._diagnosis.verdict.value}")
        for proposal in found:
            progress.say("", f"{proposal.name}, against {proposal.remedy.aims_at}: {proposal.remedy.because}")

    def _tell(self, line: dict[str, Any]) -> None:
        step, effect = "kept" if line["kept"] else "dropped", line["effect"]
        if effect["value"] is not None:
            change = f"{number(line['before'])} to {number(line['after'])}"
            ends = f"{number(effect['low'])} to {number(effect['high'])}"
            words = f"error {change}, by {number(effect['value'])} ({ends})"
            self.bench.progress.say(step, f"{line['remedy']}: {line['outcome']}; {words}")
        elif line["outcome"].startswith("failed"):
            self.bench.progress.say(step, f"{line['remedy']}: {line['outcome']}")

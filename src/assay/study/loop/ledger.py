"""The ledger: every remedy that was tried, in whole rounds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from assay.core.files import to_json, write_text
from assay.study.runs import FIRST

if TYPE_CHECKING:
    from assay.study.loop.comparison import Comparison
    from assay.study.remedies import Proposal
    from assay.study.study import Study


class Ledger:
    """The lines of ledger.jsonl; each round's are written at once, so that it never holds half a round.

    Args:
        study: whose ledger it is.
    """

    def __init__(self, study: Study) -> None:
        self._path = study.folder / "ledger.jsonl"
        self.lines: list[dict[str, Any]] = study.ledger

    @property
    def best(self) -> str:
        """The name of the best run: the last that was kept, else the first."""
        return next((line["run"] for line in reversed(self.lines) if line["kept"]), FIRST)

    @property
    def rounds(self) -> int:
        """How many rounds are done."""
        return max((int(line.get("round", 1)) for line in self.lines), default=0)

    def tried(self, parent: str) -> list[str]:
        """The remedies that were compared with this run."""
        return [line["remedy"] for line in self.lines if line["parent"] == parent]

    def helped_before(self) -> list[str]:
        """Remedies that helped, and were not kept since another one helped more."""
        return [line["remedy"] for line in self.lines if line.get("outcome") == "helped less"]

    def differences(self, parent: str) -> list[np.ndarray]:
        """Of each comparison with this run the differences of the seeds, in the metric of the study."""
        seeds = [line["seeds"] for line in self.lines if line.get("seeds") and line["parent"] == parent]
        return [np.subtract(both["after"], both["before"]) for both in seeds]

    def add(self, lines: Sequence[dict[str, Any]]) -> None:
        """Write the lines of one round."""
        self.lines = [*self.lines, *lines]
        write_text(self._path, "".join(to_json(line, indent=None) + "\n" for line in self.lines))


def compared_line(proposal: Proposal, origin: dict[str, Any], run: str, found: Comparison) -> dict[str, Any]:
    """The line of a remedy that was compared in full; which one is kept, all of the round decide."""
    return _line(proposal, origin) | {
        "run": run,
        "before": found.before,
        "after": found.after,
        "effect": found.effect.to_json(),
        "outcome": "helped" if found.helped else "harmed" if found.harmed else "no more than noise",
        "seeds": {"before": list(found.before_by_seed), "after": list(found.after_by_seed)},
    }


def left_out_line(
    proposal: Proposal, origin: dict[str, Any], outcome: str, run: str | None = None
) -> dict[str, Any]:
    """The line of a remedy that was not compared in full, with the reason."""
    return _line(proposal, origin) | {"run": run, "outcome": outcome}


def _line(proposal: Proposal, origin: dict[str, Any]) -> dict[str, Any]:
    return {
        "remedy": proposal.name,
        "because": proposal.remedy.because,
        "parent": origin["parent"],
        "run": None,
        "before": None,
        "after": None,
        "effect": {"value": None, "low": None, "high": None},
        "kept": False,
        "outcome": "",
        "round": origin["round"],
        "aims_at": proposal.remedy.aims_at.value,
        "changes": proposal.changes,
    }

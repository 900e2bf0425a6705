"""Targets that are likely wrong themselves, to be looked at by hand.

Shapes: N rows, K classes.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from assay.core.numbers import number
from assay.diagnosis.errors.confident_learning import contradicted
from assay.diagnosis.errors.row_loss import percent, row_numbers

if TYPE_CHECKING:
    from assay.core.predictions import Predictions

MOST = 8  # told one by one
_STORED = 1_000  # row numbers in the record
_FEW = 0.05  # of the rows: more suspects than this say that the classes overlap rather than that people erred
_ROBUST = 1.4826  # the standard deviation of a normal distribution, in median absolute deviations
_FAR = 6.0  # robust standard deviations: of normal residuals two in a billion
_FAR_FEW = 0.005  # of the rows: more are a heavy tail, not mistakes


@dataclass(frozen=True)
class Suspect:
    """A row whose target looks wrong.

    Attributes:
        row: its number in the data file, from 1.
        part: "training" or "validation".
        given: the label or the value in the file.
        suggested: the label or the value that the model expects.
        score: probability of the given label; for quantities how many robust standard deviations off.
    """

    row: int
    part: str
    given: str | float
    suggested: str | float
    score: float

    def __str__(self) -> str:
        return self.told(f"row {self.row:,}")

    def told(self, name: str) -> str:
        """What looks wrong about it, in words that begin with its name."""
        if isinstance(self.given, float):
            return f"{name} ({number(self.given)}, expected {number(float(self.suggested))})"
        return f"{name} ({self.given}, looks like {self.suggested})"


@dataclass(frozen=True)
class LabelErrors:
    """What looks wrong, and how far to believe it.

    Attributes:
        suspects: the most suspicious ones, first the worst.
        rows: numbers of all suspects in the data file, from 1, the worst first; of more than 1,000 the first.
        count: how many there are.
        looked_at: rows that were judged.
        method: how.
        are_few: few enough that mistakes may explain them; more are how the data are.
        because: how far to believe it, one sentence.
    """

    suspects: tuple[Suspect, ...]
    rows: tuple[int, ...]
    count: int
    looked_at: int
    method: str
    are_few: bool
    because: str

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> Self:
        """What `to_json` wrote."""
        suspects = tuple(Suspect(**suspect) for suspect in record["suspects"])
        return cls(**{**record, "suspects": suspects, "rows": tuple(record["rows"])})


def find_label_errors(
    validation: Predictions, train: Predictions | None = None, *, most: int = MOST
) -> LabelErrors:
    """Rows whose label or value contradicts a prediction that was made without it.

    Classes: confident learning (Northcutt, Jiang & Chuang 2021), the parts each by itself, since other models
    speak in them. Quantities: residuals more than six robust standard deviations (1.4826 times the median
    absolute deviation) from their median. Neither can tell a wrong target from a rare one that is right.

    Args:
        validation: by the network, which has not learnt from these rows.
        train: out-of-fold predictions of training rows, by models that have not learnt from the row. A
            network that has learnt from it tends to agree with its label, so that fewer are found.
        most: suspects that are told one by one.
    """
    parts = {"validation": validation} | ({} if train is None else {"training": train})
    judge = _labels if validation.task.is_classification else _values
    found = [suspect for name, part in parts.items() for suspect in judge(part, name)]
    is_class = validation.task.is_classification
    found.sort(key=lambda one: one.score if is_class else -one.score)
    looked_at = sum(map(len, parts.values()))
    return LabelErrors(
        suspects=tuple(found[:most]),
        rows=tuple(one.row for one in found[:_STORED]),
        count=len(found),
        looked_at=looked_at,
        method="confident learning" if is_class else "residuals beyond six robust standard deviations",
        are_few=_are_few(len(found), looked_at, is_class),
        because=_because(len(found), looked_at, is_class),
    )


def _labels(p: Predictions, part: str) -> list[Suspect]:
    numbers_N, suggested_N = row_numbers(p), p.output.argmax(axis=1)
    return [
        Suspect(
            int(numbers_N[place]),
            part,
            p.labels[p.truth[place]],
            p.labels[suggested_N[place]],
            float(p.output[place, p.truth[place]]),
        )
        for place in np.flatnonzero(contradicted(p.truth, p.output))
    ]


def _values(p: Predictions, part: str) -> list[Suspect]:
    residual_N, numbers_N = p.truth - p.output, row_numbers(p)
    away_N = np.abs(residual_N - np.median(residual_N))
    spread = _ROBUST * float(np.median(away_N))
    if not spread > 0.0:
        return []
    return [
        Suspect(
            int(numbers_N[place]),
            part,
            float(p.truth[place]),
            float(p.output[place]),
            float(away_N[place] / spread),
        )
        for place in np.flatnonzero(away_N > _FAR * spread)
    ]


def _are_few(count: int, looked_at: int, is_class: bool) -> bool:
    return count <= (_FEW if is_class else _FAR_FEW) * looked_at


def _because(count: int, looked_at: int, is_class: bool) -> str:
    share = f"{percent(count / max(looked_at, 1))} of {looked_at:,} rows"
    if count == 0:
        return f"no target of {looked_at:,} rows contradicts its prediction strongly enough"
    if _are_few(count, looked_at, is_class):
        return f"{share}: few enough to look at, the first ones first"
    if is_class:
        return f"{share}: more than people mislabel; the classes overlap, so most are hard rather than wrong"
    return f"{share}: the residuals have a heavy tail, so most of these are unusual rather than wrong"

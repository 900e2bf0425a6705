"""The record of an error analysis: `diagnosis.json`."""

from __future__ import annotations

import html
import math
import textwrap
from dataclasses import dataclass
from typing import Any, Self

from assay.core.errors import BundleError
from assay.core.interval import Interval
from assay.core.numbers import number
from assay.diagnosis.floor import Floor
from assay.diagnosis.remedies import Remedy
from assay.diagnosis.verdict import Verdict
from assay.diagnosis.wording import shown

_WIDTH = 80  # columns of a terminal


@dataclass(frozen=True)
class Diagnosis:
    """What is to blame for the error, and the numbers that say so.

    All intervals are 95 % bootstrap intervals; their ends are nan (null in JSON) where a part's rows are all
    of one group. Errors are 1 - metric, or the metric itself where it is an error (RMSE, log-loss); of
    several trainings with different seeds, the mean of their errors.

    Attributes:
        metric: what the errors are made of.
        floor: the lowest error that anyone can reach, as far as it is known.
        train_error: on the training rows.
        validation_error: on the validation rows.
        bias: training error - floor; its value is None where the floor has none, and its ends hold for every
            floor in the floor's interval.
        variance: validation error - training error; where there is a train-like error, that instead of the
            validation error.
        verdict: what is to blame.
        because: the grounds of the verdict, a few short sentences.
        missing: what would decide an undecided verdict, else empty.
        remedies: what to try next, the most promising first.
        rows: training and validation rows that were measured.
        bootstrap: what was drawn for the intervals, in words, for each of the two parts.
        mismatch: validation error - train-like error, where there are both.
        leaks: training rows that stand in validation, and the like.
        train_like_error: on held-out rows of the training rows' kind, where validation is of another.
        num_seeds: how many trainings were measured.
    """

    metric: str
    floor: Floor
    train_error: Interval
    validation_error: Interval
    bias: Interval
    variance: Interval
    verdict: Verdict
    because: str
    missing: str
    remedies: tuple[Remedy, ...]
    rows: tuple[int, int]
    bootstrap: tuple[str, str]
    mismatch: Interval | None = None
    leaks: tuple[dict[str, Any], ...] = ()
    train_like_error: Interval | None = None
    num_seeds: int = 1

    def to_json(self) -> dict[str, Any]:
        """The record as `diagnosis.json` holds it."""
        like = self.train_like_error
        return {
            "metric": self.metric,
            "floor": self.floor.to_json(),
            "train_error": self.train_error.value,
            "train_like_error": None if like is None else like.value,
            "validation_error": self.validation_error.value,
            "bias": _plain(self.bias),
            "variance": _plain(self.variance),
            "mismatch": None if self.mismatch is None else _plain(self.mismatch),
            "verdict": self.verdict.value,
            "because": self.because,
            "missing": self.missing,
            "leaks": list(self.leaks),
            "remedies": [remedy.to_json() for remedy in self.remedies],
            "intervals": {
                "train_error": _plain(self.train_error),
                "train_like_error": None if like is None else _plain(like),
                "validation_error": _plain(self.validation_error),
            },
            "rows": {"train": self.rows[0], "validation": self.rows[1]},
            "bootstrap": {"train": self.bootstrap[0], "validation": self.bootstrap[1]},
            "num_seeds": self.num_seeds,
        }

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> Self:
        """The diagnosis of a record; those of versions that knew no train-like rows and no seeds as well.

        Raises:
            BundleError: the record is not what `to_json` wrote.
        """
        try:
            intervals = record["intervals"]
            return cls(
                metric=str(record["metric"]),
                floor=Floor.from_json(record["floor"]),
                train_error=_interval(intervals["train_error"]),
                validation_error=_interval(intervals["validation_error"]),
                bias=_interval(record["bias"]),
                variance=_interval(record["variance"]),
                verdict=Verdict(record["verdict"]),
                because=str(record["because"]),
                missing=str(record["missing"]),
                remedies=tuple(Remedy(**remedy) for remedy in record["remedies"]),
                rows=(int(record["rows"]["train"]), int(record["rows"]["validation"])),
                bootstrap=(str(record["bootstrap"]["train"]), str(record["bootstrap"]["validation"])),
                mismatch=_if_any(record["mismatch"]),
                leaks=tuple(record["leaks"]),
                train_like_error=_if_any(intervals.get("train_like_error")),
                num_seeds=int(record.get("num_seeds", 1)),
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise BundleError(
                f"the diagnosis is damaged: {error}", hint="`assay diagnose DIR` writes it anew"
            ) from error

    def __str__(self) -> str:
        lines = [f"verdict: {self.verdict.value}", *(f"  {name:<17} {text}" for name, text in self._lines())]
        texts = [self.because]
        if self.missing:
            texts.append(f"What would decide it: {self.missing}.")
        lines += [line for text in texts for line in textwrap.wrap(text, _WIDTH)]
        for remedy in self.remedies:
            tried = f"try {remedy.name}: {remedy.because}"
            lines += textwrap.wrap(tried, _WIDTH, subsequent_indent="  ")
        return "\n".join(lines)

    def _lines(self) -> list[tuple[str, str]]:
        most = "" if math.isnan(self.bias.high) else f", at most {number(self.bias.high)}"
        unknown = f"not known without a floor{most}"
        like = [] if self.train_like_error is None else [("train-like error", shown(self.train_like_error))]
        mismatch = [] if self.mismatch is None else [("mismatch", shown(self.mismatch))]
        return [
            ("training error", f"{shown(self.train_error)}  {self.rows[0]:,} rows"),
            *like,
            ("validation error", f"{shown(self.validation_error)}  {self.rows[1]:,} rows"),
            ("floor", _told(self.floor)),
            ("bias", unknown if self.bias.value is None else shown(self.bias)),
            ("variance", shown(self.variance)),
            *mismatch,
            *self._drawn(),
        ]

    def _drawn(self) -> list[tuple[str, str]]:
        """What the intervals were drawn from, in one line where the parts agree."""
        if self.bootstrap[1] == self.bootstrap[0]:
            return [("95 % intervals", self.bootstrap[0])]
        train, validation = self.bootstrap
        return [("95 % intervals", f"{train} (training)"), ("", f"{validation} (validation)")]

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th style='text-align:left'>{html.escape(name)}</th><td>{html.escape(text)}</td></tr>"
            for name, text in self._lines()
        )
        remedies = "".join(
            f"<li><b>{html.escape(r.name)}</b>: {html.escape(r.because)}</li>" for r in self.remedies
        )
        missing = f"<p>What would decide it: {html.escape(self.missing)}.</p>" if self.missing else ""
        return (
            f"<h4>{self.verdict.value}</h4><table>{rows}</table>"
            f"<p>{html.escape(self.because)}</p>{missing}<ul>{remedies}</ul>"
        )


def _told(floor: Floor) -> str:
    """`0.15, given`, `0.16 to 0.18, estimated by nearest neighbours`, `not given`."""
    ends = floor.interval
    if floor.is_given:
        return f"{number(ends.low)}, given"
    if not floor.is_known:
        return "not given"
    return f"{ends.ends}, estimated by {', '.join(floor.methods)}"


def _plain(interval: Interval) -> dict[str, float | None]:
    """With null for the ends of an interval that can't be had."""
    return {
        name: None if value is None or math.isnan(value) else value
        for name, value in interval.to_json().items()
    }


def _interval(record: dict[str, Any]) -> Interval:
    low, high = (math.nan if record[end] is None else float(record[end]) for end in ("low", "high"))
    return Interval(record["value"], low, high)


def _if_any(record: dict[str, float | None] | None) -> Interval | None:
    return None if record is None else _interval(record)

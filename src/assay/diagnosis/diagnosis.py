"""The record of an error analysis: `diagnosis.json`."""

from __future__ import annotations

import html
import textwrap
from dataclasses import dataclass
from typing import Any, Self

from assay.core.errors import BundleError
from assay.core.interval import Interval
from assay.core.numbers import number
from assay.diagnosis.floor import Floor
from assay.diagnosis.remedies import Remedy
from assay.diagnosis.verdict import Verdict

_WIDTH = 80  # columns of a terminal


@dataclass(frozen=True)
class Diagnosis:
    """What is to blame for the error, and the numbers that say so.

    All intervals are 95 % bootstrap intervals. Errors are 1 - metric, or the metric itself where it
    is an error (RMSE, log-loss).

    Attributes:
        metric: what the errors are made of.
        floor: the lowest error that anyone can reach, as far as it is known.
        train_error: on the training rows.
        validation_error: on the validation rows.
        bias: training error - floor; its value is None where the floor has none.
        variance: validation error - training error.
        verdict: what is to blame.
        because: the grounds of the verdict, a few short sentences.
        missing: what would decide an undecided verdict, else empty.
        remedies: what to try next, the most promising first.
        rows: training and validation rows that were measured.
        bootstrap: what was drawn for the intervals, in words, for each of the two parts.
        mismatch: target-like validation error - train-like validation error, where there are both.
        leaks: training rows that stand in validation, and the like.
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

    def to_json(self) -> dict[str, Any]:
        """The record as `diagnosis.json` holds it."""
        return {
            "metric": self.metric,
            "floor": self.floor.to_json(),
            "train_error": self.train_error.value,
            "validation_error": self.validation_error.value,
            "bias": self.bias.to_json(),
            "variance": self.variance.to_json(),
            "mismatch": self.mismatch.to_json() if self.mismatch else None,
            "verdict": self.verdict.value,
            "because": self.because,
            "missing": self.missing,
            "leaks": list(self.leaks),
            "remedies": [remedy.to_json() for remedy in self.remedies],
            "intervals": {
                "train_error": self.train_error.to_json(),
                "validation_error": self.validation_error.to_json(),
            },
            "rows": {"train": self.rows[0], "validation": self.rows[1]},
            "bootstrap": {"train": self.bootstrap[0], "validation": self.bootstrap[1]},
        }

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> Self:
        """The diagnosis of a record.

        Raises:
            BundleError: the record is not what `to_json` wrote.
        """
        try:
            floor = dict(record["floor"])
            methods = tuple(map(str, floor.pop("methods")))
            mismatch = record["mismatch"]
            return cls(
                metric=str(record["metric"]),
                floor=Floor(Interval(**floor), methods),
                train_error=Interval(**record["intervals"]["train_error"]),
                validation_error=Interval(**record["intervals"]["validation_error"]),
                bias=Interval(**record["bias"]),
                variance=Interval(**record["variance"]),
                verdict=Verdict(record["verdict"]),
                because=str(record["because"]),
                missing=str(record["missing"]),
                remedies=tuple(Remedy(**remedy) for remedy in record["remedies"]),
                rows=(int(record["rows"]["train"]), int(record["rows"]["validation"])),
                bootstrap=(str(record["bootstrap"]["train"]), str(record["bootstrap"]["validation"])),
                mismatch=None if mismatch is None else Interval(**mismatch),
                leaks=tuple(record["leaks"]),
            )
        except (KeyError, TypeError, ValueError) as error:
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
        floor, bias = self.floor.interval.value, self.bias
        known = "not given" if floor is None else f"{number(floor)}, given"
        unknown = f"not known without a floor, at most {number(bias.high)}"
        drawn = [("95 % intervals", self.bootstrap[0])]
        if self.bootstrap[1] != self.bootstrap[0]:
            parts = zip(("training", "validation"), self.bootstrap, strict=True)
            drawn = [("95 % intervals", f"{words} ({part})") for part, words in parts]
            drawn[1] = ("", drawn[1][1])
        return [
            ("training error", f"{self.train_error}  {self.rows[0]:,} rows"),
            ("validation error", f"{self.validation_error}  {self.rows[1]:,} rows"),
            ("floor", known),
            ("bias", unknown if bias.value is None else str(bias)),
            ("variance", str(self.variance)),
            *drawn,
        ]

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

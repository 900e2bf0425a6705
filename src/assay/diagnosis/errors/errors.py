"""The record of where the errors are: `errors.json`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from assay.core.errors import BundleError
from assay.core.interval import Interval
from assay.diagnosis.errors.confusion_pairs import ConfusionPair
from assay.diagnosis.errors.label_errors import LabelErrors
from assay.diagnosis.errors.row_loss import error_words, percent
from assay.diagnosis.errors.slices import Slice, Slices
from assay.diagnosis.errors.worst_rows import WorstRows
from assay.diagnosis.importance import Importance

_TOLD = 3  # rows and columns that a line of the terminal names


@dataclass(frozen=True)
class Errors:
    """Where a network errs on the validation rows.

    Attributes:
        target: the name of the target column.
        metric: of the diagnosis; what the importance of columns is measured by.
        measure: what the errors of slices are: "error rate", "RMSE" or "MAE".
        rows: validation rows.
        error: of them all, in that measure, with a 95 % interval.
        slices: where the errors concentrate.
        worst: the rows with the largest loss.
        pairs: which class is taken for which; none for quantities.
        labels: targets that are likely wrong themselves.
        importance: what each column is worth to the network, where that was measured.
        images: names of the images that are told of, by row number; empty where the rows are no images.
    """

    target: str
    metric: str
    measure: str
    rows: int
    error: Interval
    slices: Slices
    worst: WorstRows
    pairs: tuple[ConfusionPair, ...]
    labels: LabelErrors
    importance: tuple[Importance, ...] = ()
    images: Mapping[int, str] = field(default_factory=dict)

    @property
    def told_rows(self) -> tuple[int, ...]:
        """Numbers of all rows that are told one by one, each once."""
        rows = [one.row for one in self.worst.rows] + [one.row for one in self.labels.suspects]
        return tuple(dict.fromkeys([*rows, *(row for pair in self.pairs for row in pair.examples)]))

    def to_json(self) -> dict[str, Any]:
        """The record as `errors.json` holds it."""
        return {
            "target": self.target,
            "metric": self.metric,
            "measure": self.measure,
            "rows": self.rows,
            "error": self.error.to_json(),
            "slices": {
                "found": [one.to_json() for one in self.slices.found],
                "because": self.slices.because,
            },
            "worst": self.worst.to_json(),
            "pairs": [pair.to_json() for pair in self.pairs],
            "labels": self.labels.to_json(),
            "importance": [one.to_json() for one in self.importance],
        } | ({"images": {str(row): name for row, name in self.images.items()}} if self.images else {})

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> Self:
        """The errors of a record.

        Raises:
            BundleError: the record is not what `to_json` wrote.
        """
        try:
            slices = record["slices"]
            return cls(
                target=str(record["target"]),
                metric=str(record["metric"]),
                measure=str(record["measure"]),
                rows=int(record["rows"]),
                error=Interval(**record["error"]),
                slices=Slices(tuple(map(Slice.from_json, slices["found"])), str(slices["because"])),
                worst=WorstRows.from_json(record["worst"]),
                pairs=tuple(map(ConfusionPair.from_json, record["pairs"])),
                labels=LabelErrors.from_json(record["labels"]),
                importance=tuple(map(Importance.from_json, record["importance"])),
                images={int(row): str(name) for row, name in record.get("images", {}).items()},
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BundleError(
                f"the error analysis is damaged: {error}", hint="`assay diagnose DIR` writes it anew"
            ) from error

    def lines(self) -> list[str]:
        """What the terminal shows, one sentence a line."""
        lines = [_slice_line(one, self.measure) for one in self.slices.found]
        lines = lines or [f"errors concentrate nowhere: {self.slices.because}"]
        lines += map(str, self.pairs)
        if self.worst.rows:
            lines.append(
                f"worst: {', '.join(one.told(self._name(one.row)) for one in self.worst.rows[:_TOLD])}"
            )
        if self.labels.count:
            suspects = self.labels.suspects[:_TOLD] if self.labels.are_few else ()
            first = ", ".join(one.told(self._name(one.row)) for one in suspects)
            named = f", e.g. {first}" if first else ""
            lines.append(f"targets that may be wrong: {self.labels.because}{named}")
        if self.importance:
            lines.append(f"most important: {', '.join(one.column for one in self.importance[:_TOLD])}")
        return lines

    def _name(self, row: int) -> str:
        return self.images.get(row, f"row {row:,}")


def _slice_line(one: Slice, measure: str) -> str:
    elsewhere = error_words(one.elsewhere, measure).split(" (", maxsplit=1)[0]
    return (
        f"errors concentrate where {one.rule}: {error_words(one.error, measure)}, elsewhere {elsewhere}; "
        f"{percent(one.coverage)} of the rows, {percent(one.share)} of the errors"
    )

"""The proof that a runtime answers as the bundle does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from assay.bundle.bundle import Bundle
from assay.core.errors import AssayError
from assay.core.predictions import chosen_classes
from assay.export.measure import TOLERANCE, Measure
from assay.export.parity_rows import ParityRows
from assay.export.runtimes.eager import EagerRuntime

SIZES = (1, 2, 7, 1_000)


class Answers(Protocol):
    """What is compared: a runtime with its name and the file that it runs."""

    name: str
    file: str

    def run(self, raw: np.ndarray) -> np.ndarray:
        """Raw rows -> output."""


@dataclass(frozen=True)
class Agreement:
    """The largest differences between a runtime and the bundle.

    Attributes:
        name: of the runtime.
        file: that it runs.
        absolute, relative: over all batch sizes.
        batches: for each size `{"size", "absolute", "relative"}`.
        rows: that were compared: what a runtime cannot be told (a date after 9999 in a CSV) is left out.
        decisions: rows that another class was chosen for, since the probabilities are that close.
        empty: whether a batch without rows is answered.
    """

    name: str
    file: str
    absolute: float
    relative: float
    batches: list[dict[str, Any]]
    rows: int
    decisions: int
    empty: bool

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return dict(vars(self))


class Proof:
    """Compares runtimes with a bundle, row by row, in batches of several sizes.

    Args:
        bundle: on any device; its answers are computed on the CPU.
        network: its network, on the CPU.
        rows: to compare by.
    """

    def __init__(self, bundle: Bundle, network: EagerRuntime, rows: ParityRows) -> None:
        self.rows = rows
        self.sizes = sorted({min(size, rows.biggest) for size in SIZES})
        starts = range(0, len(rows.raw), rows.biggest)
        answers = [network.run(rows.raw[start : start + rows.biggest]) for start in starts]
        self._expected = np.concatenate(answers)
        self.measure = Measure.of(bundle, self._expected[: rows.num_usual])
        self._is_class = bundle.task.is_classification
        self._threshold = bundle.decision.threshold

    def of(self, runtime: Answers) -> Agreement:
        """How far a runtime is from the bundle.

        Raises:
            AssayError: further than the tolerance; names the runtime, the row and both numbers.
        """
        known = _known(runtime, self.rows.raw)
        batches, decisions = [], 0
        for size in self.sizes:
            found = _answers(runtime, self.rows.raw[known], size)
            absolute, relative = self._compared(runtime, found, known, size)
            decisions = max(decisions, self._other_decisions(runtime, found, known))
            batches.append({"size": size, "absolute": absolute, "relative": relative})
        return Agreement(
            runtime.name,
            runtime.file,
            max(batch["absolute"] for batch in batches),
            max(batch["relative"] for batch in batches),
            batches,
            len(known),
            decisions,
            self._takes_none(runtime),
        )

    def _compared(
        self, runtime: Answers, found: np.ndarray, known: np.ndarray, size: int
    ) -> tuple[float, float]:
        expected = self._expected[known]
        if found.shape != expected.shape:
            raise AssayError(
                f"{runtime.name} answers {list(found.shape)} where the bundle answers {list(expected.shape)}",
                where=runtime.file,
            )
        absolute, relative = self.measure.differences(found, expected)
        worst = int(relative.argmax())
        if not relative[worst] <= TOLERANCE:
            raise AssayError(
                f"{runtime.name} and the bundle disagree: for {self.rows.names[known[worst]]}, in batches of "
                f"{size}, {runtime.name} says {_shown(found[worst])} and the bundle says "
                f"{_shown(expected[worst])}: {relative[worst]:.3g} apart, at most {TOLERANCE:g} are passed",
                hint="nothing was written; leave this target out with --to, and please report it",
                where=runtime.file,
            )
        return float(absolute.max()), float(relative.max())

    def _other_decisions(self, runtime: Answers, found: np.ndarray, known: np.ndarray) -> int:
        """How many rows get another class; only where the bundle itself is that undecided.

        Raises:
            AssayError: a row whose probabilities are far from the threshold gets another class.
        """
        if not self._is_class:
            return 0
        finite = np.isfinite(found).all(axis=1)
        found, expected = found[finite], self._expected[known][finite]
        others = chosen_classes(found, self._threshold) != chosen_classes(expected, self._threshold)
        clear = others & (_margin(expected, self._threshold) > 2.0 * TOLERANCE)
        if clear.any():
            row = int(clear.argmax())
            raise AssayError(
                f"{runtime.name} chooses another class for {self.rows.names[known[finite][row]]}: from "
                f"{_shown(found[row])} where the bundle says {_shown(expected[row])}",
                where=runtime.file,
            )
        return int(others.sum())

    def _takes_none(self, runtime: Answers) -> bool:
        try:
            answer = runtime.run(self.rows.raw[:0])
        except Exception:  # noqa: BLE001 - each runtime has its own words for it, and none is required
            return False
        return answer.shape == self._expected[:0].shape


def _known(runtime: Answers, raw: np.ndarray) -> np.ndarray:
    """Numbers of the rows that the runtime can be told."""
    takes = getattr(runtime, "takes", None)
    return np.arange(len(raw)) if takes is None else np.flatnonzero(takes(raw))


def _answers(runtime: Answers, raw: np.ndarray, size: int) -> np.ndarray:
    """Answers to all rows, in whole batches of a size: the last one begins anew with the first rows."""
    run_in_batches = getattr(runtime, "run_in_batches", None)
    if run_in_batches is not None:
        return np.asarray(run_in_batches(raw, size))
    count = -(-len(raw) // size) * size
    around = np.arange(count) % len(raw)
    found = [runtime.run(raw[around[start : start + size]]) for start in range(0, count, size)]
    return np.concatenate(found)[: len(raw)]


def _margin(expected_NK: np.ndarray, threshold: float | None) -> np.ndarray:
    """(N,) how far the probabilities are from another decision."""
    if threshold is not None:
        margin: np.ndarray = np.abs(expected_NK[:, 1] - threshold)
        return margin
    ordered = np.sort(expected_NK, axis=1)
    ahead: np.ndarray = ordered[:, -1] - ordered[:, -2]
    return ahead


def _shown(output: np.ndarray) -> str:
    return np.array2string(output, precision=9, threshold=6, separator=", ")

"""What a network said about rows whose truth is known: what metrics, diagnosis and report are made from."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from assay.core.arrays import damaged, read_arrays, write_arrays
from assay.core.task import Task

_BY_ROW = ("rows", "times", "groups")


def _none() -> np.ndarray:
    return np.empty(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Predictions:
    """Predictions beside the truth, for N rows.

    Attributes:
        task: decides what `truth` and `output` hold.
        truth: (N,) float64 in the target's unit; for classes (N,) int64 class numbers.
        output: (N,) float64 in the target's unit; for K classes (N, K) float64 probabilities (binary: K = 2).
        labels: the K labels, by class number; empty for regression.
        rows: (N,) int64 row numbers in the data file, counted from 0; empty where they have none.
        times: (N,) int64 numbers that sort as the rows do in time, where neighbours in time may err alike;
            else empty.
        groups: (N,) int64 numbers, equal for rows that belong together and may err alike; else empty.
            Without times and groups the rows count as independent.
        threshold: for two classes, the probability of the second above which it is the answer; None: the more
            probable one is.
    """

    task: Task
    truth: np.ndarray
    output: np.ndarray
    labels: tuple[str, ...] = ()
    rows: np.ndarray = field(default_factory=_none)
    times: np.ndarray = field(default_factory=_none)
    groups: np.ndarray = field(default_factory=_none)
    threshold: float | None = None

    def __len__(self) -> int:
        return len(self.truth)

    @property
    def predicted(self) -> np.ndarray:
        """(N,) the predicted value, or the number of the predicted class."""
        return chosen_classes(self.output, self.threshold) if self.task.is_classification else self.output

    def take(self, index: np.ndarray) -> Predictions:
        """The predictions at these positions."""
        known = {name: getattr(self, name) for name in _BY_ROW}
        taken = {name: values[index] if len(values) else values for name, values in known.items()}
        return replace(self, truth=self.truth[index], output=self.output[index], **taken)


def chosen_classes(output_NK: np.ndarray, threshold: float | None) -> np.ndarray:
    """(N,) int64 class numbers: what is predicted where these are the probabilities.

    Args:
        output_NK: (N, K) probabilities.
        threshold: None: the most probable class, of equal ones the first. For K = 2: class 1 where its
            probability exceeds this.
    """
    classes_N: np.ndarray = output_NK.argmax(axis=1) if threshold is None else output_NK[:, 1] > threshold
    return classes_N.astype(np.int64, copy=False)


def save_predictions(path: Path, parts: dict[str, Predictions]) -> None:
    """Write the parts ("train", "validation") into one `.npz` without pickle."""
    arrays: dict[str, np.ndarray] = {}
    for name, part in parts.items():
        arrays |= {f"{name}.{what}": getattr(part, what) for what in ("truth", "output", *_BY_ROW)}
        if part.threshold is not None:
            arrays[f"{name}.threshold"] = np.array(part.threshold)
        arrays["task"] = np.array(part.task.value)
        arrays["labels"] = np.array(part.labels, dtype=np.str_)
    arrays["parts"] = np.array(list(parts), dtype=np.str_)
    write_arrays(path, arrays)


def load_predictions(path: Path) -> dict[str, Predictions]:
    """The parts of `save_predictions`.

    Raises:
        BundleError: the file is missing, cut or altered.
    """
    arrays = read_arrays(path, "predictions")
    try:
        task, labels = Task(str(arrays["task"])), tuple(map(str, arrays["labels"]))
        return {
            name: Predictions(
                task,
                arrays[f"{name}.truth"],
                arrays[f"{name}.output"],
                labels,
                **{what: arrays[f"{name}.{what}"] for what in _BY_ROW},
                threshold=float(arrays[f"{name}.threshold"]) if f"{name}.threshold" in arrays else None,
            )
            for name in map(str, arrays["parts"])
        }
    except (LookupError, ValueError, TypeError) as error:
        raise damaged(path, "predictions") from error

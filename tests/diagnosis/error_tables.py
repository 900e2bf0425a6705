"""Made-up validation rows whose errors are where a test wants them."""

import numpy as np
import polars as pl

from assay.core.predictions import Predictions
from assay.core.task import Task
from assay.data.column import Column, Kind, Role
from assay.data.table import Table

CITIES = list("abcdefghij")


def table(rng: np.random.Generator, num_rows: int, task: Task = Task.BINARY, **more: pl.Series) -> Table:
    """Two numbers of which one has gaps, ten cities, and the target."""
    frame = pl.DataFrame(
        {
            "income": rng.normal(50_000.0, 10_000.0, num_rows),
            "age": pl.Series(rng.integers(18, 90, num_rows)).set(pl.Series(rng.random(num_rows) < 0.1), None),
            "city": rng.choice(CITIES, num_rows),
            "y": rng.integers(0, 2, num_rows),
            **more,
        }
    )
    kinds = {"city": Kind.QUALITATIVE, "day": Kind.DATE}
    columns = tuple(
        Column(name, kinds.get(name, Kind.QUANTITATIVE), Role.TARGET if name == "y" else Role.FEATURE)
        for name in frame.columns
    )
    return Table(frame, columns, task)


def binary(wrong: np.ndarray, rng: np.random.Generator, **known: np.ndarray) -> Predictions:
    """Predictions that are wrong in these rows, with 90 %."""
    truth = rng.integers(0, 2, len(wrong))
    second = np.where(np.where(wrong, 1 - truth, truth) == 1, 0.9, 0.1)
    return Predictions(Task.BINARY, truth, np.column_stack([1 - second, second]), ("no", "yes"), **known)


def regression(residual: np.ndarray, rng: np.random.Generator, **known: np.ndarray) -> Predictions:
    """Predictions that are off by this much."""
    truth = rng.normal(100.0, 20.0, len(residual))
    return Predictions(Task.REGRESSION, truth, truth - residual, **known)


def classes(counts: list[list[int]]) -> Predictions:
    """Predictions with this confusion matrix (row: true, column: predicted)."""
    cells = [(i, j) for i, row in enumerate(counts) for j, count in enumerate(row) for _ in range(count)]
    truth, predicted = np.array(cells).T
    num_classes = len(counts)
    output = np.full((len(truth), num_classes), 0.1 / (num_classes - 1))
    output[np.arange(len(truth)), predicted] = 0.9
    task = Task.BINARY if num_classes == 2 else Task.MULTICLASS
    return Predictions(task, truth, output, tuple("ABCDEFGH"[:num_classes]))

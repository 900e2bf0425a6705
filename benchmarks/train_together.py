"""Several trainings at once against one after the other, in one run.

    python benchmarks/train_together.py [--runs 8] [--repeats 5] [--epochs 10]

Rows are generated: a bent border between two classes. Each side trains the same MLPs (other seeds, learning
rates and dropouts) for the same epochs with validation after each of them. The two sides take turns, and the
first turn of each is not counted. Wall clock; on a busy machine only the ratio means something.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np
import torch

from assay.networks import MLP
from assay.training.fit import fit
from assay.training.settings import TrainingSettings
from assay.training.together import fit_together
from machine import describe

SIZES = [  # rows, columns, hidden layers; the batch size follows the rows
    (500, 10, (16,)),
    (2_000, 20, (32, 32)),
    (5_000, 20, (128, 128)),
    (18_000, 90, (128, 128)),
]


def rows_of(num_rows: int, num_inputs: int) -> tuple[np.ndarray, np.ndarray]:
    """Inputs and classes."""
    rng = np.random.default_rng(0)
    inputs = rng.standard_normal((num_rows, num_inputs)).astype(np.float32)
    return inputs, (inputs[:, 0] + inputs[:, 1] ** 2 > 1 + 0.5 * rng.standard_normal(num_rows)).astype(
        np.int64
    )


def seconds(side: Callable[[], object]) -> float:
    """Of one call."""
    start = time.perf_counter()
    side()
    return time.perf_counter() - start


def compare(size: tuple[int, int, tuple[int, ...]], num_runs: int, repeats: int, epochs: int) -> None:
    """Time both sides in turns and print the medians."""
    num_rows, num_inputs, hidden = size
    train, held_out = rows_of(num_rows, num_inputs), rows_of(num_rows // 3, num_inputs)
    settings = [
        TrainingSettings(epochs=epochs, patience=0, learning_rate=0.001 * 2 ** (run % 4))
        for run in range(num_runs)
    ]
    seeds = range(num_runs)

    def made() -> list[MLP]:
        return [MLP(num_inputs, 2, hidden, dropout=0.1 * (run % 3)) for run in seeds]

    def at_once() -> None:
        fit_together(made(), train, validation=held_out, settings=settings, seeds=seeds)

    def in_turn() -> None:
        for network, own, seed in zip(made(), settings, seeds, strict=True):
            fit(network, train, validation=held_out, settings=own, seed=seed, device="cpu")

    times = [(seconds(in_turn), seconds(at_once)) for _ in range(repeats + 1)][1:]  # the first one warms up
    turn, once = (statistics.median(column) for column in zip(*times, strict=True))
    what = f"{num_rows:>6} x {num_inputs:<3} {'-'.join(map(str, hidden)):<8} {num_runs} runs"
    print(
        f"{what}: in turn {turn:6.2f} s, at once {once:6.2f} s: {turn / once:.1f} times as fast", flush=True
    )


def main() -> None:
    """Compare at every size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--runs", type=int, default=8)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=10)
    given = parser.parse_args()
    print(f"{describe()}; torch {torch.__version__} runs {torch.get_num_threads()} threads")
    for size in SIZES:
        compare(size, given.runs, given.repeats, given.epochs)


if __name__ == "__main__":
    main()

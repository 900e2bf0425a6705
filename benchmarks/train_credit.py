"""Time to the same validation loss: Assay against the course's loop and scikit-learn, in one run.

    python benchmarks/train_credit.py [--runs 5] [--epochs 20]

28,036 x 22 training rows and a network 22-100-100-50-50-2 with dropout 0.1. Once they are generated in the
shape of the credit data; and once, where it is at hand (ASSAY_DATA, or ../shared/data), they are its 60 %
training rows, the yes rows over-sampled and min-max scaled as in the course, but both after the split.
Every side gets the same numbers and is timed by the wall clock, its own look at the validation rows after
each epoch included. The target of a comparison is the lowest validation loss that every run of the *other*
side reaches, so that a rival is measured close to its best and none of its runs is infinitely long; a run of
Assay that never gets there counts as such. Assay's schedule, learning rate and epochs were chosen among about
40 combinations on these validation rows (other seeds), the rivals' are the course's and scikit-learn's
defaults: the claim is about time, not about accuracy.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import sklearn
import torch
from sklearn.metrics import accuracy_score, log_loss
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from torch import nn, optim

import assay
from assay.data.resample import resample
from assay.networks import MLP

HIDDEN = (100, 100, 50, 50)
FIRST_SEED = 100  # the choices below were made with lower ones
CHOICES = {"schedule": "onecycle", "learning_rate": 0.012, "epochs": 8, "patience": 0}  # else: defaults
TARGET = "default payment next month"
Rows = tuple[np.ndarray, np.ndarray]
Curve = list[tuple[float, float]]  # (seconds since the start, validation loss) after each epoch
Side = Callable[[Rows, Rows, int, int], Iterator[float]]  # rows, rows, epochs, seed -> validation losses


def credit_rows(path: Path) -> tuple[Rows, Rows]:
    """Training rows (yes rows over-sampled) and validation rows (the same), min-max scaled by the former."""
    frame = pd.read_csv(path)
    truth = frame[TARGET].to_numpy()
    inputs = frame.drop(columns=["ID", "SEX", TARGET]).to_numpy(np.float64)
    train, rest = train_test_split(np.arange(len(truth)), train_size=0.6, random_state=0, stratify=truth)
    held_out, _ = train_test_split(rest, train_size=0.5, random_state=0, stratify=truth[rest])
    train, held_out = (rows[resample(truth[rows], "over", seed=0)] for rows in (train, held_out))
    low, high = inputs[train].min(axis=0), inputs[train].max(axis=0)
    scaled = ((inputs - low) / (high - low)).astype(np.float32)
    return (scaled[train], truth[train]), (scaled[held_out], truth[held_out])


def generated_rows() -> tuple[Rows, Rows]:
    """Rows of the same shape, with a bent border between the classes and a fifth of the labels flipped."""
    rng = np.random.default_rng(0)
    inputs = rng.standard_normal((28_036 + 9_346, 22)).astype(np.float32)
    score = inputs[:, 0] + inputs[:, 1] * inputs[:, 2] + np.abs(inputs[:, 3]) - 0.8
    truth = ((score > 0) ^ (rng.random(len(score)) < 0.2)).astype(np.int64)
    return (inputs[:28_036], truth[:28_036]), (inputs[28_036:], truth[28_036:])


class CourseNetwork(nn.Module):
    """The course's classifier: ReLU, dropout, log-softmax."""

    def __init__(self) -> None:
        super().__init__()
        widths = (22, *HIDDEN)
        self.hidden = nn.ModuleList(nn.Linear(*pair) for pair in pairwise(widths))
        self.output = nn.Linear(widths[-1], 2)
        self.dropout = nn.Dropout(0.1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(B, 22) -> (B, 2) log-probabilities."""
        for layer in self.hidden:
            x = self.dropout(torch.relu(layer(x)))
        return torch.log_softmax(self.output(x), dim=1)


def course_loop(train: Rows, held_out: Rows, epochs: int, seed: int) -> Iterator[float]:
    """The loop that the course describes: frames, slices of 128, `.item()` and an accuracy on every batch."""
    torch.manual_seed(seed)
    frame, truth = pd.DataFrame(train[0]), pd.Series(train[1])
    held_inputs = torch.tensor(held_out[0])
    held_truth = torch.tensor(held_out[1])
    network, loss_of = CourseNetwork(), nn.NLLLoss()
    optimizer = optim.Adam(network.parameters(), lr=0.001)
    for epoch in range(epochs):
        order = np.random.default_rng([seed, epoch]).permutation(len(frame))
        shuffled, labels = frame.iloc[order], truth.iloc[order]
        network.train()
        losses, accuracies = [], []
        for start in range(0, len(frame), 128):
            inputs = torch.tensor(shuffled.iloc[start : start + 128].values).float()
            target = torch.tensor(labels.iloc[start : start + 128].values)
            outputs = network(inputs)
            loss = loss_of(outputs, target)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            _, predicted = torch.exp(outputs).topk(1, dim=1)
            accuracies.append(accuracy_score(target, predicted))
        network.eval()
        with torch.no_grad():
            yield loss_of(network(held_inputs), held_truth).item()


def scikit_learn(train: Rows, held_out: Rows, epochs: int, seed: int) -> Iterator[float]:
    """scikit-learn's own network (Adam 0.001, batches of 200, no dropout), one pass at a time."""
    network = MLPClassifier(HIDDEN, random_state=seed)
    for _ in range(epochs):
        network.partial_fit(*train, classes=[0, 1])
        yield float(log_loss(held_out[1], network.predict_proba(held_out[0])))


def curve(losses: Iterator[float]) -> Curve:
    """Seconds and validation loss after each epoch."""
    start = time.perf_counter()
    return [(time.perf_counter() - start, loss) for loss in losses]


class UntilLoss:
    """A hook that stops a training once it is as good as wanted."""

    def __init__(self, target: float) -> None:
        self.target, self.reached = target, False

    def on_epoch_end(self, trainer, record: dict[str, float]) -> None:  # type: ignore[no-untyped-def]
        """Look at the validation loss."""
        if record["validation_loss"] <= self.target:
            self.reached = True
            trainer.stop("as good as wanted")


def assay_seconds(train: Rows, held_out: Rows, target: float, seed: int) -> tuple[float, int]:
    """Wall-clock seconds and epochs of `assay.fit`, everything included, until the target is reached."""
    until = UntilLoss(target)
    start = time.perf_counter()
    torch.manual_seed(seed)
    network = MLP(22, 2, HIDDEN, dropout=0.1)
    training = assay.fit(network, train, validation=held_out, hooks=[until], seed=seed, **CHOICES)
    seconds = time.perf_counter() - start
    return (seconds if until.reached else float("inf")), len(training.history)


def first_within(steps: Curve, target: float) -> float:
    """Seconds until a curve is at the target; infinite when it never is."""
    return next((seconds for seconds, loss in steps if loss <= target), float("inf"))


def compare(name: str, side: Side, bar: float, rows: tuple[Rows, Rows], *, runs: int, epochs: int) -> None:
    """Time a rival to its own best loss, and Assay to the same; print every run and the medians."""
    seeds = range(FIRST_SEED, FIRST_SEED + runs)
    curves = [curve(side(*rows, epochs, seed)) for seed in seeds]
    target = max(min(loss for _, loss in steps) for steps in curves)
    print(f"{name}: each of {runs} runs of {epochs} epochs reaches a validation loss of {target:.4f}")
    rival_times, own_times = [], []
    for seed, steps in zip(seeds, curves, strict=True):
        rival_times.append(first_within(steps, target))
        own_seconds, own_epochs = assay_seconds(*rows, target, seed)
        own_times.append(own_seconds)
        print(
            f"  run {seed}: {rival_times[-1]:.2f} s ({steps[-1][0] / epochs:.3f} s an epoch); "
            f"Assay {own_seconds:.2f} s ({own_epochs} epochs)"
        )
    rival, own = statistics.median(rival_times), statistics.median(own_times)
    verdict = f"bar {bar:g}: {'met' if rival / own >= bar else 'MISSED'}"
    print(f"  medians {rival:.2f} s and {own:.2f} s: Assay is {rival / own:.1f} times as fast ({verdict})")


def main() -> None:
    """Run both comparisons."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=20, help="of each rival")
    given = parser.parse_args()
    folder = Path(os.environ.get("ASSAY_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
    path = folder / "credit_default.csv"
    versions = f"torch {torch.__version__}, scikit-learn {sklearn.__version__}"
    print(f"{datetime.now(UTC):%Y-%m-%d}, {machine()}, {versions}")
    print(
        f"torch runs {torch.get_num_threads()} threads; OMP_NUM_THREADS={os.environ.get('OMP_NUM_THREADS')}"
    )
    sets = {"generated rows": generated_rows()} | (
        {"credit data": credit_rows(path)} if path.exists() else {}
    )
    for name, rows in sets.items():
        print(f"\n{name}: {rows[0][0].shape} training rows, {rows[1][0].shape} validation rows")
        assay_seconds(*rows, 10.0, 0)  # everything imported and warm
        compare("course loop", course_loop, 4.0, rows, runs=given.runs, epochs=given.epochs)
        compare("scikit-learn", scikit_learn, 1.0, rows, runs=given.runs, epochs=given.epochs)


def machine() -> str:
    """The processor's name where the system tells it, and the number of cores."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{names[0] if names else platform.machine()}, {os.cpu_count()} cores"


if __name__ == "__main__":
    main()

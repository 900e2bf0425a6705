"""CIFAR-10 on this machine: the course's loop against Assay, in one run.

    python benchmarks/cifar_accuracy.py [--network course|strong] [--seeds 3] [--full] [--test]

The course's loop is timed on two epochs, times fifty; `--full` trains it for its 100 epochs first, which
takes half an hour. `--network course` is the same 10-20-40 network under `assay.fit`, `--network strong` is
in the manner of the speed records (Jordan 2024). Both sides get 40,000 training images; choices were made
by the 5,000 validation images, and `--test` opens the other 5,000. These images went through JPEG once
(quality 75).
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

import assay
from cifar import course_loop
from cifar.images import parts, tables
from cifar.sides import Side, strong, with_course_network
from machine import describe

SIDES: dict[str, Callable[[int], Side]] = {"course": with_course_network, "strong": strong}
NUM_EPOCHS = 100  # of the course


def main() -> None:
    """Time the course's loop, train Assay's side from each seed, and print both."""
    asked = _asked()
    print(describe())
    by_name = tables()
    data = parts(by_name)
    loop = course_loop.train(data, NUM_EPOCHS if asked.full else 2, seed=0)
    seconds = loop["median_epoch"] * NUM_EPOCHS
    print(f"the course's loop: {loop['median_epoch']:.1f} s an epoch, {seconds:.0f} s for {NUM_EPOCHS}")
    if asked.full:
        print(f"  after {NUM_EPOCHS} epochs: validation {loop['validation']:.4f}, test {loop['test']:.4f}")
    peak = _peak()
    print(f"this machine multiplies bf16 matrices at {peak / 1e9:.0f} GFLOP/s")
    found = []
    for seed in range(asked.seeds):
        side = SIDES[asked.network](seed)
        found.append(_trained(side, by_name, seed, test=asked.test))
        row = found[-1]
        rate = len(by_name["train"]) * row["epochs"] / row["seconds"]
        share = 6 * side.multiply_adds * rate / peak  # forward, and twice as much backward
        print(
            f"  Assay, seed {seed}: {row['seconds']:.0f} s ({seconds / row['seconds']:.1f}x), "
            f"{rate:,.0f} images/s, {share:.0%} of the peak, validation {row['validation']:.4f}"
            + (f", test {row['test']:.4f}" if asked.test else ""),
            flush=True,
        )
    for name in ("validation", "test") if asked.test else ("validation",):
        values = [row[name] for row in found]
        print(f"{name}: mean {statistics.mean(values):.4f}, from {min(values):.4f} to {max(values):.4f}")
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GB")


def _trained(side: Side, by_name: dict[str, Any], seed: int, *, test: bool) -> dict[str, float]:
    start = time.perf_counter()
    rows = {name: side.rows(table, name) for name, table in by_name.items() if name != "test" or test}
    training = assay.fit(
        side.network, rows["train"], validation=rows["validation"], seed=seed, **side.settings
    )
    seconds = time.perf_counter() - start
    found = {"seconds": seconds, "epochs": len(training.history)}
    return found | {name: _accuracy(side, rows[name]) for name in rows if name != "train"}


@torch.inference_mode()
def _accuracy(side: Side, rows: Any) -> float:
    chosen = [side.network(rows.prepare(images)).argmax(1) for images in rows.images.batches(500)]
    return float(np.mean(torch.cat(chosen).numpy() == np.asarray(rows.targets)))


def _peak(side: int = 2048, repeats: int = 10) -> float:
    """Floating-point operations a second of bf16 matrix products."""
    a = torch.randn(side, side).to(torch.bfloat16)
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        a @ a
        seconds.append(time.perf_counter() - start)
    return 2 * side**3 / min(seconds)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--network", choices=sorted(SIDES), default="course")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--test", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()

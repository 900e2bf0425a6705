"""Whether images arrive faster than a network learns from them: the input pipeline alone, a step alone.

    python benchmarks/image_input.py [--images 10000] [--threads 2] [--seconds 3]

Generated JPEGs of 32 x 32, once kept in memory (picking the rows, augmentation, preparation) and once
streamed (decoding, and the same). Both are compared with the training step of the course's 10-20-40 network
and of the strong network of `cifar_accuracy.py`, each with its own augmentation, batch size and settings.
Timed are `Trainer.train_step` on one prepared batch, and `ImageBatches.shuffled` without any step, as
`assay.fit` has made them. --threads is for both, torch's and those that decode; seconds are the processors',
which both share. Bar: the input gives at least 3 times the images a second that the step takes.
"""

from __future__ import annotations

import argparse
import itertools
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

import assay
from assay.data.images import ImageSettings
from assay.data.table import Table
from assay.networks import CNN
from cifar.sides import Side, strong, with_course_network
from image_memory import parquet_of
from machine import describe

BAR = 3.0
WARM_UP = 3  # steps; the first compiles


def small(seed: int) -> Side:
    """The 10-20-40 network as Assay builds it, trained as in `cifar_accuracy.py`."""
    side = with_course_network(seed)
    settings = {name: value for name, value in side.settings.items() if name != "loss"}  # it gives logits

    def build(_: torch.Tensor) -> CNN:
        return CNN((3, 32, 32), 10, widths=(10, 20, 40), dense=(100,), dropout=0.2, norm_position="after")

    return replace(side, build=build, settings=settings)


SIDES: dict[str, Callable[[int], Side]] = {"10-20-40": small, "strong": strong}


def main() -> None:
    """Make the images, time both halves of each training, print rates and ratios."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--images", type=int, default=10_000)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--seconds", type=float, default=3.0, help="of each measurement, at least")
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    print(f"{describe()}; {asked.threads} threads, {asked.images:,} images of 32 x 32")
    with tempfile.TemporaryDirectory() as folder:
        path = parquet_of(Path(folder) / "images.parquet", asked.images)
        tables = {
            storage: assay.read(path, images=ImageSettings(storage=storage, workers=asked.threads))
            for storage in ("memory", "stream")
        }
    for name, make in SIDES.items():
        rates = {storage: measured(make, table, asked) for storage, table in tables.items()}
        step = max(rate for _, rate in rates.values())
        print(f"{name:9} training step alone {step:10,.0f} images/s")
        for storage, (given, _) in rates.items():
            verdict = "met" if given >= BAR * step else "missed"
            print(
                f"{name:9} input, {storage:11} {given:12,.0f} images/s, {given / step:6.1f} times the step: "
                f"bar {BAR:g} {verdict}",
                flush=True,
            )


class Stopwatch:
    """A hook that times input and step of a training before its first epoch, and ends it.

    Seconds are those of the processors, so that other work on the machine does not count.

    Attributes:
        rates: images a processor second of the input alone, and of the step alone.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.rates = (0.0, 0.0)

    def on_start(self, trainer: Any) -> None:
        """Time both."""
        given = self._rate(len(inputs) for inputs, _ in passes(trainer))
        inputs, targets = next(iter(trainer.batches.shuffled(0, 1)))
        trainer.network.train()
        for _ in range(WARM_UP):
            trainer.train_step(inputs, targets)
        taken = self._rate(stepped(trainer, inputs, targets))
        self.rates = given, taken
        trainer.stop("measured")

    def _rate(self, counts: Iterator[int]) -> float:
        """Images a processor second of what says how many images it has just dealt with."""
        next(counts)  # the first batch waits for threads to start
        begun, images = time.process_time(), 0
        for count in counts:
            images += count
            if (spent := time.process_time() - begun) > self.seconds:
                return images / spent
        raise AssertionError("the counts end by themselves")


def measured(make: Callable[[int], Side], table: Table, asked: argparse.Namespace) -> tuple[float, float]:
    """Images a processor second of input and step, each alone, in a training as `assay.fit` makes it."""
    side, watch = make(0), Stopwatch(asked.seconds)
    rows = replace(side.rows(table, "train"), workers=asked.threads)
    assay.fit(side.network, rows, seed=0, hooks=[watch], **side.settings)
    return watch.rates


def passes(trainer: Any) -> Iterator[Any]:
    """The training batches, epoch after epoch."""
    for epoch in itertools.count(1):
        yield from trainer.batches.shuffled(0, epoch)


def stepped(trainer: Any, inputs: torch.Tensor, targets: torch.Tensor) -> Iterator[int]:
    """Steps on one batch, over and over."""
    while True:
        trainer.train_step(inputs, targets)
        yield len(inputs)


if __name__ == "__main__":
    main()

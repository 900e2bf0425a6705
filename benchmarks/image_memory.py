"""How much memory images take: a set that is kept in memory, and a large folder that is streamed.

    python benchmarks/image_memory.py [--memory 50000] [--stream 100000] [--folder FOLDER] [--keep]

Memory: a Parquet file of JPEGs of 32 x 32 (cifar10-train.parquet, where it is at hand and all 50,000 are
asked for). `assay.read` alone; then `assay run` with the residual network that Assay begins strong trainings
with, one epoch. Stream: a folder of generated JPEGs of 64 x 64, ten classes, `images.storage=stream`, one
epoch of a small network. Each is a process of its own, whose peak of resident memory the operating system
tells. Bars: 2.5 GB for CIFAR-10, 2 GB for 100,000 streamed images.

The generated images are kept in --folder only when --keep says so.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from PIL import Image

from cifar.images import parquet
from machine import describe

CLASSES = 10
CIFAR = 50_000
READ = "import sys, assay; assert assay.read(sys.argv[1]).images.in_memory"
ONE_EPOCH = (
    "--rounds", "0", "--set", "learning_curve=false", "--set", "training.epochs=1",
)  # fmt: skip
RESIDUAL = ("--set", "network.kind=resnet", "--set", "network.widths=[64,256,256]")
SMALL = ("--set", "network.kind=cnn", "--set", "network.widths=[8,16,32]", "--set", "network.dense=[]")


def main() -> None:
    """Make the images, run each case in its own process, print seconds and peaks."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--memory", type=int, default=CIFAR, help="images in the Parquet file; 0: leave out")
    parser.add_argument("--stream", type=int, default=100_000, help="images in the folder; 0: leave out")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "assay-image-memory")
    parser.add_argument("--keep", action="store_true")
    asked = parser.parse_args()
    print(describe())
    asked.folder.mkdir(parents=True, exist_ok=True)
    try:
        if asked.memory:
            in_memory(asked.folder, asked.memory)
        if asked.stream:
            streamed(asked.folder, asked.stream)
    finally:
        if not asked.keep:
            shutil.rmtree(asked.folder)


def in_memory(folder: Path, count: int) -> None:
    """Reading alone, and one epoch of the residual network."""
    path = parquet()
    if count != CIFAR or not path.exists():
        path = parquet_of(folder / f"{count}.parquet", count)
    print(f"{path.name}: {count:,} images of 32 x 32, {path.stat().st_size / 1e6:.0f} MB, kept in memory")
    print(f"  assay.read                       {measured(['-c', READ, str(path)])}")
    print(
        f"  assay run, residual, one epoch   {run(path, folder, 'memory', *RESIDUAL)}  bar 2.5 GB", flush=True
    )


def streamed(folder: Path, count: int) -> None:
    """One epoch of a small network on images that are decoded whenever they are needed."""
    images = folder_of(folder / f"{count} images", count)
    print(f"{count:,} JPEGs of 64 x 64 in {CLASSES} folders, streamed")
    print(f"  assay run, small, one epoch      {run(images, folder, 'stream', *SMALL)}  bar 2 GB", flush=True)


def run(data: Path, folder: Path, storage: str, *network: str) -> Cost:
    """`assay run` of one epoch, into a folder that is removed again."""
    out = folder / f"study {storage}"
    shutil.rmtree(out, ignore_errors=True)
    words = ["-m", "assay.cli", "run", str(data), "--out", str(out), *ONE_EPOCH, *network]
    return measured([*words, "--set", f"images.storage={storage}"])


@dataclass(frozen=True)
class Cost:
    """What a command took: seconds by the wall clock, and GB of resident memory at the peak."""

    seconds: float
    peak: float

    def __str__(self) -> str:
        return f"{self.seconds:8.1f} s, peak {self.peak:.2f} GB"


def measured(words: list[str]) -> Cost:
    """The cost of a Python process, its children not counted: Assay decodes by threads."""
    begun = time.perf_counter()
    process = subprocess.Popen([sys.executable, *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read() if process.stderr else b""
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(words[:4])} failed: {errors.decode()[-2000:]}")
    return Cost(time.perf_counter() - begun, usage.ru_maxrss * 1024 / 1e9)


def parquet_of(path: Path, count: int) -> Path:
    """A Parquet file of generated JPEGs of 32 x 32 with their labels."""
    images = [data for data, _ in made(count, 32)]
    labels = [f"class {row % CLASSES}" for row in range(count)]
    pl.DataFrame({"image": images, "label": labels}).write_parquet(path)
    return path


def folder_of(folder: Path, count: int) -> Path:
    """A folder of generated JPEGs of 64 x 64, one folder a class."""
    if folder.exists():
        return folder
    for place in range(CLASSES):
        (folder / f"class {place}").mkdir(parents=True)
    for row, (data, place) in enumerate(made(count, 64)):
        (folder / f"class {place}" / f"{row:06d}.jpg").write_bytes(data)
    return folder


def made(count: int, side: int) -> Iterator[tuple[bytes, int]]:
    """JPEGs of blurred colours with noise and a bright bar, whose place tells the class; and the class."""
    random = np.random.default_rng(0)
    for row in range(count):
        place = row % CLASSES
        colours = Image.fromarray(random.integers(0, 130, (6, 6, 3), dtype=np.uint8))
        values = np.array(colours.resize((side, side), Image.Resampling.BILINEAR))
        values += random.integers(0, 30, (side, side, 1), dtype=np.uint8)
        begin = place * side // CLASSES
        values[begin : begin + side // CLASSES, side // 4 : -side // 4] += 95
        stream = io.BytesIO()
        Image.fromarray(values).save(stream, "JPEG", quality=75)
        yield stream.getvalue(), place


if __name__ == "__main__":
    main()

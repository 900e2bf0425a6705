"""How fast the exported C++ program is: rows from a CSV to predictions, against the bare forward pass.

python benchmarks/cpp_rows.py [--data credit_default.csv] [--rows 500000] [--runs 5]

The course's network (22-100-100-50-50-2) over 22 numbers of the credit data, standardized. The bare forward
pass is the same exported file in the same batches, run from Python by one thread, without file or text. Two
threads: one reads and one predicts; one thread does both.
"""

from __future__ import annotations

import argparse
import re
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import torch

import assay
from assay.bundle.bundle import Bundle
from assay.data.catalogue import fetch
from assay.data.preparation import Preparation
from assay.data.table import Table
from assay.data.target import Target
from assay.export import files
from assay.export.cpp import built_program
from assay.export.exporting import export
from assay.networks import NetworkSettings, build
from machine import describe

TARGET = "default payment next month"
BATCH = 1024
NETWORKS = {"TorchScript": files.TORCHSCRIPT, "AOTInductor": files.PACKAGE}
TIMING = re.compile(r"rows to predictions ([\d.]+) s")


def main() -> None:
    """Export, build, time, and print medians."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path)
    parser.add_argument("--rows", type=int, default=500_000)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    print(describe())
    with tempfile.TemporaryDirectory() as folder:
        table = course_table(arguments.data or fetch("credit"))
        bundle, place = course_bundle(table), Path(folder) / "export"
        export(bundle, place, to="cpp")
        begun = time.perf_counter()
        program = built_program(place / files.CPP)
        print(f"build {time.perf_counter() - begun:.1f} s (0: the export has built it)")
        path, raw = long_file(table, bundle, arguments.rows, Path(folder))
        print(f"{arguments.rows:,} rows, {path.stat().st_size / 1e6:.0f} MB, batches of {BATCH:,}")
        for name, network in NETWORKS.items():
            print(name)
            report(place / network, program, path, raw, runs=arguments.runs)


def course_table(data: Path) -> Table:
    """The 22 numbers of the credit data, without the row number and one of the repayment states."""
    return assay.read(data, target=TARGET, ignore=("ID", "PAY_6"), kinds={"SEX": "quantitative"} | _NUMBERS)


_NUMBERS = dict.fromkeys(("EDUCATION", "MARRIAGE"), "quantitative")


def course_bundle(table: Table) -> Bundle:
    """Weights are random: they take as long as trained ones."""
    preparation = Preparation.fit(table, scale="standardize")
    network = build(
        NetworkSettings(hidden=(100, 100, 50, 50)),
        num_inputs=preparation.num_outputs,
        num_outputs=2,
        cardinalities=(),
    )
    return Bundle(preparation, network, Target.of(table, np.arange(len(table))))


def long_file(table: Table, bundle: Bundle, rows: int, folder: Path) -> tuple[Path, np.ndarray]:
    """The rows of the table again and again, as a CSV and as the raw matrix."""
    times = -(-rows // len(table))
    path, frame = folder / "rows.csv", pl.concat([table.frame] * times).head(rows)
    frame.write_csv(path)
    return path, np.asarray(bundle.schema.encode(frame.select(bundle.schema.names)))


def report(network: Path, program: Path, path: Path, raw: np.ndarray, *, runs: int) -> None:
    """Print one back end's medians; the three ways take turns, so that the machine is the same for all."""
    batches = list(torch.split(torch.from_numpy(raw), BATCH))
    run = loaded(network)
    seconds: dict[str, list[float]] = {"bare": [], "2": [], "1": [], "wall": []}
    for _ in range(runs):
        seconds["bare"].append(bare(run, batches))
        for threads in ("2", "1"):
            begun = time.perf_counter()
            seconds[threads].append(in_cpp(program, network, path, threads))
            if threads == "2":
                seconds["wall"].append(time.perf_counter() - begun)
    median = {way: statistics.median(found) for way, found in seconds.items()}
    speed = {way: f"{len(raw) / found:>11,.0f} rows/s" for way, found in median.items()}
    print(f"  bare forward pass, one thread     {speed['bare']}")
    for threads, words in (("2", "two threads"), ("1", "one thread ")):
        times = f"{median[threads] / median['bare']:.2f} times the bare pass"
        print(f"  CSV to predictions, {words}   {speed[threads]}  {times}")
    print(f"  whole program, two threads        {speed['wall']}")


def loaded(network: Path) -> Callable[[torch.Tensor], torch.Tensor]:
    """The exported file, to be run from Python."""
    if network.name == files.PACKAGE:
        from torch._inductor import aoti_load_package

        return aoti_load_package(str(network))  # type: ignore[no-any-return]
    return torch.jit.load(str(network))  # type: ignore[no-any-return]


def bare(run: Callable[[torch.Tensor], torch.Tensor], batches: list[torch.Tensor]) -> float:
    """Seconds for all batches."""
    with torch.inference_mode():
        for batch in batches[:3]:
            run(batch)
        begun = time.perf_counter()
        for batch in batches:
            run(batch)
        return time.perf_counter() - begun


def in_cpp(program: Path, network: Path, path: Path, threads: str) -> float:
    """Seconds from the first byte of the file to the last prediction."""
    command = [program, network, path, "--threads", threads, "--batch", str(BATCH), "--timing"]
    done = subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    found = TIMING.search(done.stderr)
    if found is None:
        raise SystemExit(f"the program said {done.stderr!r}")
    return float(found[1])


if __name__ == "__main__":
    main()

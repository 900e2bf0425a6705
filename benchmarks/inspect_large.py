"""How long a look at a large file takes: `assay inspect` on 515,345 x 91 numbers (about 450 MB of CSV).

python benchmarks/inspect_large.py [--rows 515345] [--runs 3] [--ydata-python PATH] [--folder FOLDER]

The file has the shape of YearPredictionMSD: a year and 90 numbers. `assay inspect` reads it, finds kinds,
missing values, outliers by two rules, quantiles, histograms, correlations, repeated rows and columns, and
giveaways. Beside it, in the same run:
- the loop that courses teach for outliers by three standard deviations, on rows of a pandas frame that is
  read already: once cell by cell (`frame.iloc[row, column]`), once over the values of each column. Timed on a
  part of the rows and scaled; mean and standard deviation are not charged.
- ydata-profiling's minimal mode, when `--ydata-python` names a Python that has it. It needs older libraries
  than Assay, so it lives in an environment of its own. Its time includes reading the CSV, as Assay's does.
  Once it ends with its description in memory, against `assay inspect`; once both write their HTML report.
  (As JSON it needs more than 20 GB for this file.) Its memory is limited to 12 GB.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl

from machine import describe

COLUMNS = 90
PART = {"cell by cell": 1_000, "value by value": 20_000}  # rows that the loops are timed on
Loop = Callable[[pd.DataFrame, list[float], list[float]], dict[str, float]]
IN_MEMORY = """
import sys, time
import assay
table = assay.read(sys.argv[1], target="year")
begun = time.perf_counter()
assay.inspect(table)
print(time.perf_counter() - begun)
"""
PROFILE = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (12 * 2**30, 12 * 2**30))
import pandas
from ydata_profiling import ProfileReport
frame = pandas.read_csv(sys.argv[1])
report = ProfileReport(frame, minimal=True, progress_bar=False)
report.to_file(sys.argv[2]) if len(sys.argv) > 2 else report.get_description()
"""


def main() -> None:
    """Make the file, time all sides, print medians and ratios."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=515_345)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--ydata-python", type=Path, help="a Python with ydata-profiling")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "assay-benchmarks")
    arguments = parser.parse_args()
    data = large_file(arguments.folder, arguments.rows)
    print(describe())
    print(f"{arguments.rows:,} x {COLUMNS + 1} numbers, {data.stat().st_size / 1e6:.0f} MB of CSV")
    command = [sys.executable, "-m", "assay.cli", "inspect", str(data), "--target", "year"]
    assay = measured(command, arguments.runs)
    print(f"assay inspect, reading included   {assay}")
    in_memory = statistics.median(seconds_in_memory(data) for _ in range(arguments.runs))
    print(f"assay.inspect, table in memory    {in_memory:8.1f} s")
    for name, loop in (("cell by cell", by_cell), ("value by value", by_value)):
        scaled = scaled_loop(loop, data, PART[name], arguments.rows)
        ratios = f"{scaled / assay.seconds:6.1f} x with reading, {scaled / in_memory:6.1f} x without"
        print(f"outlier loop, {name:19} {scaled:8.1f} s  {ratios}")
    with_report = measured([*command, "--report", str(data.with_suffix(".html"))], arguments.runs)
    print(f"assay inspect --report            {with_report}")
    if arguments.ydata_python:
        profile = [str(arguments.ydata_python), "-c", PROFILE, str(data)]
        for name, words, own in (
            ("minimal", profile, assay),
            ("minimal, HTML", [*profile, str(data.with_suffix(".ydata.html"))], with_report),
        ):
            other = measured(words, 1)
            print(f"ydata-profiling {name:18}{other}  {other.seconds / own.seconds:6.1f} x")


@dataclass(frozen=True)
class Cost:
    """What a command took: seconds by the wall clock, of the processors, and GB of memory at the peak."""

    seconds: float
    processor_seconds: float
    peak: float

    def __str__(self) -> str:
        return f"{self.seconds:8.1f} s  (processors {self.processor_seconds:.1f} s, peak {self.peak:.2f} GB)"


def large_file(folder: Path, rows: int) -> Path:
    """The CSV file, made once: correlated numbers of the size of timbre averages and covariances."""
    path = folder / f"year_{rows}x{COLUMNS + 1}.csv"
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(0)
    mixing = rng.normal(size=(COLUMNS, COLUMNS)) / 10 + np.eye(COLUMNS)
    values = rng.standard_t(5, size=(rows, COLUMNS)) @ mixing * np.geomspace(5, 500, COLUMNS)
    year = np.clip(1998 + 0.5 * values[:, 0] + rng.normal(0, 9, rows), 1922, 2011).astype(int)
    frame = pl.DataFrame(
        {"year": year} | {f"timbre_{index + 1}": values[:, index] for index in range(COLUMNS)}
    )
    frame.write_csv(path, float_precision=5)
    return path


def measured(command: list[str], runs: int) -> Cost:
    """Medians of the times, and the highest peak of resident memory."""
    costs = []
    for _ in range(runs):
        begun = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        errors = process.stderr.read() if process.stderr else b""
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            raise SystemExit(f"{' '.join(command[:4])} failed: {errors.decode()[-2000:]}")
        seconds = time.perf_counter() - begun
        costs.append(Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e9))
    return Cost(
        statistics.median(cost.seconds for cost in costs),
        statistics.median(cost.processor_seconds for cost in costs),
        max(cost.peak for cost in costs),
    )


def seconds_in_memory(data: Path) -> float:
    """Seconds of `assay.inspect` on the table once it is read, as the loops have their frame."""
    command = [sys.executable, "-c", IN_MEMORY, str(data)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def scaled_loop(loop: Loop, data: Path, part: int, rows: int) -> float:
    """Seconds that the loop would take on all rows: it is linear in them."""
    frame = pd.read_csv(data, nrows=min(part, rows))
    mean, std = frame.mean(), frame.std()
    begun = time.perf_counter()
    loop(frame, (mean - 3 * std).to_list(), (mean + 3 * std).to_list())
    return (time.perf_counter() - begun) * rows / len(frame)


def by_cell(frame: pd.DataFrame, lows: list[float], highs: list[float]) -> dict[str, float]:
    """Shares of outliers, each cell looked up in the frame."""
    shares = {}
    for column, name in enumerate(frame.columns):
        count = 0
        for row in range(len(frame)):
            value = frame.iloc[row, column]
            if value < lows[column] or value > highs[column]:
                count += 1
        shares[name] = count / len(frame)
    return shares


def by_value(frame: pd.DataFrame, lows: list[float], highs: list[float]) -> dict[str, float]:
    """Shares of outliers, each column walked through."""
    shares = {}
    for column, name in enumerate(frame.columns):
        count = 0
        for value in frame[name]:
            if value < lows[column] or value > highs[column]:
                count += 1
        shares[name] = count / len(frame)
    return shares


if __name__ == "__main__":
    main()

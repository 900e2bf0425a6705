"""How long a user waits: `assay --help`, `import assay`, `assay demo`, and the whole run on the credit data.

python benchmarks/start_up.py [--data credit_default.csv] [--runs 5]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from assay.data.catalogue import fetch
from machine import describe

BARE = "pass"
IMPORT = "import assay"


def main() -> None:
    """Time everything and print medians."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--data", type=Path)
    arguments = parser.parse_args()
    data = arguments.data or fetch("credit")
    print(describe())
    bare = timed(arguments.runs, sys.executable, "-c", BARE)
    imported = timed(arguments.runs, sys.executable, "-c", IMPORT)
    print(f"import assay       {imported - bare:7.3f} s (above a bare Python's {bare:.3f} s)")
    print(f"assay --help       {timed(arguments.runs, sys.executable, '-m', 'assay.cli', '--help'):7.3f} s")
    with tempfile.TemporaryDirectory() as folder:
        demo = timed(1, sys.executable, "-m", "assay.cli", "demo", "--out", f"{folder}/demo")
        print(f"assay demo         {demo:7.1f} s")
        words = ["run", str(data), "--target", "default payment next month", "--out", f"{folder}/credit"]
        print(f"assay run (credit) {timed(1, sys.executable, '-m', 'assay.cli', *words):7.1f} s")


def timed(runs: int, *command: str) -> float:
    """Median seconds of a command."""
    seconds = []
    for _ in range(runs):
        begun = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        seconds.append(time.perf_counter() - begun)
    return statistics.median(seconds)


if __name__ == "__main__":
    main()

"""Transfer learning on flowers: 1,000 photos of 5 kinds, from a network that has seen ImageNet.

    python benchmarks/flowers_transfer.py [--seeds 3] [--set network.frozen=true] [--test]

The whole of `assay run` is timed: decoding, features, training, diagnosis with likely label errors, report. A
fifth of the photos is sealed by seed 0 in every run, and another fifth is for validation; seeds change the
weights and the order of the photos. Choices were made by validation photos alone; `--test` opens the seal.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import assay
from assay.data.split import split
from assay.study.image_set import row_ranges
from chosen import asked, print_means
from machine import describe

_SHARED = Path(os.environ.get("ASSAY_DATA", Path(__file__).parents[2] / "shared" / "data"))
_NETWORK = {"network.kind": "backbone", "network.backbone": "squeezenet1_1"}


def main() -> None:
    """Run each seed, and print time and accuracies."""
    choices = _asked()
    print(describe())
    shared = choices.data or _SHARED
    names = ["seconds", "validation accuracy", *(["test accuracy"] if choices.test else [])]
    rows = []
    for seed in range(choices.seeds):
        row, errors = _one(shared, seed, dict(choices.set), test=choices.test)
        rows.append(row)
        told = ", ".join(f"{name} {value:.4g}" for name, value in zip(names, row, strict=True))
        print(f"  seed {seed}: {told}; {errors} likely label errors listed", flush=True)
    print_means(names, rows, 4)


def _one(shared: Path, seed: int, changes: dict[str, Any], *, test: bool) -> tuple[list[float], int]:
    start = time.perf_counter()
    table = assay.read(shared / "flowers")
    sealed = split(table, assay.Recipe().split, seed=0)
    parts = {f"{name}_rows": row_ranges(getattr(sealed, name)) for name in ("train", "validation", "test")}
    settings = {**_NETWORK, "network.weights": str(shared / "squeezenet1_1.pth"), "rounds": 0, **changes}
    recipe = assay.Recipe().changed({**settings, "split": {"method": "rows", **parts}, "seed": seed})
    with tempfile.TemporaryDirectory() as folder:
        study = assay.run(shared / "flowers", out=Path(folder) / "study", recipe=recipe)
        row = [time.perf_counter() - start, study.metrics["validation"]["accuracy"]]
        if test:
            row.append(study.test()["test"]["accuracy"])
        found = json.loads((study.folder / "errors.json").read_text(encoding="utf-8"))
        return row, len(found["labels"]["suspects"])


def _asked() -> argparse.Namespace:
    own = argparse.ArgumentParser(add_help=False)
    own.add_argument("--test", action="store_true")
    opens, sys.argv[1:] = own.parse_known_args()
    choices = asked(__doc__)
    choices.test = opens.test
    return choices


if __name__ == "__main__":
    main()

"""Test ROC AUC of `assay run` on the credit data, beside scikit-learn's HistGradientBoosting.

For each seed: a stratified 60:20:20 split; everything is chosen on validation; the test rows are opened once.
Both sides see the same training and test rows.

    python benchmarks/credit_accuracy.py [--seeds 5] [--data credit_default.csv]
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

import assay
from assay.data.catalogue import fetch
from assay.data.split import Split
from machine import describe

TARGET = "default payment next month"


def main() -> None:
    """Run all seeds and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--data", type=Path)
    arguments = parser.parse_args()
    data = arguments.data or fetch("credit")
    print(describe())
    print(f"{'seed':>4} {'seconds':>8} {'assay validation':>17} {'assay test':>11} {'HistGB test':>12}")
    rows = [one_seed(data, seed) for seed in range(arguments.seeds)]
    for name, column in zip(("assay test", "HistGB test"), list(zip(*rows, strict=True))[2:], strict=True):
        spread = statistics.stdev(column) if len(column) > 1 else 0.0
        print(f"{name}: mean {statistics.mean(column):.4f}, deviation {spread:.4f}, n = {len(column)} seeds")


def one_seed(data: Path, seed: int) -> tuple[float, float, float, float]:
    """Seconds of the run, and ROC AUC: Assay's on validation and test, the reference's on test."""
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        study = assay.run(data, target=TARGET, out=Path(folder) / "study", seed=seed)
        seconds = time.perf_counter() - begun
        metrics = study.test()
        reference = reference_auc(pl.read_csv(data), study.split)
    row = (seconds, metrics["validation"]["roc_auc"], metrics["test"]["roc_auc"], reference)
    print(f"{seed:>4} {row[0]:>8.1f} {row[1]:>17.4f} {row[2]:>11.4f} {row[3]:>12.4f}", flush=True)
    return row


def reference_auc(frame: pl.DataFrame, split: Split) -> float:
    """HistGradientBoosting with its defaults, fitted on the training rows."""
    features = frame.drop(TARGET, "ID").to_numpy().astype(np.float64)
    target = frame[TARGET].to_numpy()
    model = HistGradientBoostingClassifier(random_state=split.seed)
    model.fit(features[split.train], target[split.train])
    return float(roc_auc_score(target[split.test], model.predict_proba(features[split.test])[:, 1]))


if __name__ == "__main__":
    main()

"""`assay run` on the credit data, beside scikit-learn's HistGradientBoosting.

For each seed: a stratified 60:20:20 split; everything is chosen on validation; the test rows are opened once.
Both sides see the same training and test rows. ROC AUC, log-loss and calibration error.

    python benchmarks/credit_accuracy.py [--seeds 5] [--data credit_default.csv] [--set network.kind=tabm]
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import log_loss, roc_auc_score

import assay
from assay.data.catalogue import fetch
from assay.data.split import Split
from chosen import asked, print_means
from machine import describe

TARGET = "default payment next month"
COLUMNS = (
    "seconds",
    "validation AUC",
    "test AUC",
    "test log-loss",
    "calibration error",
    "HistGB AUC",
    "HistGB log-loss",
)


def main() -> None:
    """Run all seeds and print the table."""
    arguments = asked(__doc__)
    data = arguments.data or fetch("credit")
    print(describe())
    print(f"choices: {dict(arguments.set) or 'the defaults'}")
    print("seed  " + "  ".join(COLUMNS))
    rows = [one_seed(data, seed, dict(arguments.set)) for seed in range(arguments.seeds)]
    print_means(COLUMNS, rows, digits=4)


def one_seed(data: Path, seed: int, choices: dict[str, Any]) -> tuple[float, ...]:
    """What stands under `COLUMNS`."""
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        study = assay.run(data, target=TARGET, out=Path(folder) / "study", seed=seed, **choices)
        seconds = time.perf_counter() - begun
        metrics = study.test()
        reference = reference_scores(pl.read_csv(data), study.split)
    test = metrics["test"]
    own = (metrics["validation"]["roc_auc"], test["roc_auc"], test["log_loss"], test["calibration_error"])
    row = (seconds, *own, *reference)
    cells = [f"{value:>{len(name)}.4f}" for name, value in zip(COLUMNS, row, strict=True)]
    print(f"{seed:>4}  " + "  ".join(cells), flush=True)
    return row


def reference_scores(frame: pl.DataFrame, split: Split) -> tuple[float, float]:
    """ROC AUC and log-loss of HistGradientBoosting with its defaults, fitted on the training rows."""
    features = frame.drop(TARGET, "ID").to_numpy().astype(np.float64)
    target = frame[TARGET].to_numpy()
    model = HistGradientBoostingClassifier(random_state=split.seed)
    model.fit(features[split.train], target[split.train])
    answers = model.predict_proba(features[split.test])[:, 1]
    truth = target[split.test]
    return float(roc_auc_score(truth, answers)), float(log_loss(truth, answers))


if __name__ == "__main__":
    main()

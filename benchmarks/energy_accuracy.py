"""Test RMSE of `assay run` on the energy data, beside HistGradientBoosting and the mean of the training rows.

Once divided by chance and once in order of time, 60:20:20; everything is chosen on validation; the test rows
are opened once for each seed. In order of time the test rows are the same for every seed.
HistGradientBoosting has its defaults and gets the same rows, the date as hour, weekday and day.

    python benchmarks/energy_accuracy.py [--seeds 5] [--data energy.csv] [--set network.kind=tabm]
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from sklearn.ensemble import HistGradientBoostingRegressor

import assay
from assay.data.catalogue import fetch
from assay.data.split import Split
from chosen import asked, print_means
from machine import describe

TARGET = "Appliances"
COLUMNS = ("seconds", "validation RMSE", "test RMSE", "HistGB RMSE", "mean RMSE")


def main() -> None:
    """Run all seeds on both splits and print the tables."""
    arguments = asked(__doc__)
    data = arguments.data or fetch("energy")
    print(describe())
    print(f"choices: {dict(arguments.set) or 'the defaults'}")
    for method in ("random", "time"):
        print(f"split by {method}\nseed  " + "  ".join(COLUMNS))
        choices = {**dict(arguments.set), "split.method": method}
        rows = [one_seed(data, seed, choices) for seed in range(arguments.seeds)]
        print_means(COLUMNS, rows, digits=2)


def one_seed(data: Path, seed: int, choices: dict[str, Any]) -> tuple[float, ...]:
    """What stands under `COLUMNS`."""
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        study = assay.run(data, target=TARGET, out=Path(folder) / "study", seed=seed, **choices)
        seconds = time.perf_counter() - begun
        metrics = study.test()
        reference = reference_errors(numbers(data), study.split)
    row = (seconds, metrics["validation"]["rmse"], metrics["test"]["rmse"], *reference)
    cells = [f"{value:>{len(name)}.2f}" for name, value in zip(COLUMNS, row, strict=True)]
    print(f"{seed:>4}  " + "  ".join(cells), flush=True)
    return row


def numbers(data: Path) -> pl.DataFrame:
    """The file's columns as numbers, the date as hour, weekday and day."""
    frame = pl.read_csv(data, infer_schema=False).with_columns(
        pl.all().exclude("date").str.strip_chars().cast(pl.Float64)
    )
    date = pl.col("date").str.strip_chars().str.to_datetime("%Y-%m-%d %H:%M:%S")
    return frame.with_columns(
        hour=date.dt.hour() + date.dt.minute() / 60, weekday=date.dt.weekday(), day=date.dt.epoch("d")
    ).drop("date")


def reference_errors(frame: pl.DataFrame, split: Split) -> tuple[float, float]:
    """RMSE of HistGradientBoosting and of the training rows' mean."""
    features = frame.drop(TARGET).to_numpy().astype(np.float64)
    target = frame[TARGET].to_numpy()
    model = HistGradientBoostingRegressor(random_state=split.seed).fit(
        features[split.train], target[split.train]
    )
    answers = (model.predict(features[split.test]), target[split.train].mean())
    errors = [float(np.sqrt(np.mean((answer - target[split.test]) ** 2))) for answer in answers]
    return errors[0], errors[1]


if __name__ == "__main__":
    main()

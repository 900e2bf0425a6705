"""The data of the workshop: the real files where they are, else made-up rows of the same shape.

`assay data fetch NAME` brings a file to this machine; `ASSAY_DATA` names a folder that is looked in first.
"""

from __future__ import annotations

import io
import os
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
from PIL import Image

from assay.data.catalogue import dataset_named


def find(name: str) -> tuple[Path | pl.DataFrame, bool]:
    """A data file and True, or made-up rows and False."""
    path = dataset_named(name).find()
    if path is not None:
        return path, True
    print(
        f"{name}: not on this machine, so the rows are made up (assay data fetch {name} gets the real ones)"
    )
    return _MAKERS[name](np.random.default_rng(0)), False


def sized(full: int, small: int) -> int:
    """`full` under `make workshop` (WORKSHOP=full), else a number that is done while you watch."""
    return full if os.environ.get("WORKSHOP") == "full" else small


def _somerville(rng: np.random.Generator) -> pl.DataFrame:
    answers = rng.integers(1, 6, (143, 6))
    happy = answers[:, 0] + rng.normal(scale=2, size=143) > 3
    return pl.DataFrame(
        {"D": happy.astype(int)} | {f"X{number + 1}": answers[:, number] for number in range(6)}
    )


def _energy(rng: np.random.Generator) -> pl.DataFrame:
    num_rows = 19_735
    start = datetime(2016, 1, 11, 17)
    dates = [start + timedelta(minutes=10 * number) for number in range(num_rows)]
    # Slow drifts, as a house has: neighbouring rows are nearly copies.
    drift = np.cumsum(rng.normal(size=(num_rows, 24)), axis=0)
    drift /= drift.std(axis=0)
    daily = np.sin(2 * np.pi * np.arange(num_rows) / 144)
    watts = 60 + 40 * np.exp(0.5 * drift[:, 0] * drift[:, 1] + daily + 0.3 * rng.normal(size=num_rows)).clip(
        max=20
    )
    noise = rng.uniform(0, 50, num_rows)
    names = [f"T{number}" for number in range(1, 13)] + [f"RH_{number}" for number in range(1, 13)]
    columns = {name: 20 + 3 * drift[:, number] + daily for number, name in enumerate(names)}
    lights = 10 * rng.integers(0, 5, num_rows)
    return pl.DataFrame(
        {
            "date": dates,
            "Appliances": 10 * np.round(watts / 10),
            "lights": lights,
            **columns,
            "rv1": noise,
            "rv2": noise,
        }
    )


def _year(rng: np.random.Generator) -> pl.DataFrame:
    timbre = rng.normal(size=(1_176, 90)) * np.geomspace(1, 1_000, 90)
    year = 1998 + 4 * timbre[:, 0] + 5 * rng.normal(size=1_176)
    columns = {f"timbre{number + 1}": timbre[:, number] for number in range(90)}
    return pl.DataFrame({"label": np.clip(np.round(year), 1922, 2011).astype(int), **columns})


def _credit(rng: np.random.Generator) -> pl.DataFrame:
    num_rows, num_defaults = 30_000, 6_636
    default = np.zeros(num_rows, dtype=int)
    default[rng.choice(num_rows, num_defaults, replace=False)] = 1
    late = np.clip(
        np.round(rng.normal(scale=1.1, size=(num_rows, 6)) + 0.7 * default[:, None]), -2, 8
    ).astype(int)
    bills = np.round(rng.lognormal(10, 1.2, (num_rows, 6)))
    paid = np.round(rng.lognormal(8, 1.2, (num_rows, 6)))
    return pl.DataFrame(
        {
            "ID": np.arange(1, num_rows + 1),
            "LIMIT_BAL": 10_000 * rng.integers(1, 80, num_rows),
            "SEX": rng.integers(1, 3, num_rows),
            "EDUCATION": rng.integers(1, 5, num_rows),
            "MARRIAGE": rng.integers(1, 4, num_rows),
            "AGE": rng.integers(21, 75, num_rows),
        }
        | {f"PAY_{number}": late[:, place] for place, number in enumerate((0, 2, 3, 4, 5, 6))}
        | {f"BILL_AMT{place + 1}": bills[:, place] for place in range(6)}
        | {f"PAY_AMT{place + 1}": paid[:, place] for place in range(6)}
        | {"default payment next month": default}
    )


def _cifar10(rng: np.random.Generator) -> pl.DataFrame:
    """Stripes of 5 directions and 2 widths, a class each, in any two colours."""
    labels = np.arange(1_000) % 10
    rng.shuffle(labels)
    y, x = np.mgrid[:32, :32]
    angles, waves = np.pi * (labels % 5) / 5, np.where(labels < 5, 6, 12)
    images = []
    for angle, wave, phase in zip(angles, waves, rng.uniform(0, 2 * np.pi, len(labels)), strict=True):
        stripes = np.sin(2 * np.pi * (np.cos(angle) * x + np.sin(angle) * y) / wave + phase) > 0
        first, second = rng.integers(0, 256, (2, 3))
        noisy = np.where(stripes[..., None], first, second) + rng.normal(scale=20, size=(32, 32, 3))
        file = io.BytesIO()
        Image.fromarray(noisy.clip(0, 255).astype(np.uint8)).save(file, "PNG")
        images.append(file.getvalue())
    return pl.DataFrame({"image": images, "label": labels})


_MAKERS = {
    "somerville": _somerville,
    "energy": _energy,
    "year-sample": _year,
    "credit": _credit,
    "cifar10": _cifar10,
}

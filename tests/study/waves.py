"""Data that a network of one unit cannot fit and a larger one can, and recipes that show it in seconds."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

TOO_SMALL: dict[str, Any] = {
    "target": "y",
    "network": {"hidden": (1,), "dropout": 0.0},
    "training": {"epochs": 20, "learning_rate": 0.02},
    "learning_curve": False,
    "floor": {"estimate": False},
    "remedies": {"seeds": 2, "screened": 2, "compared": 2},
}
"""One unit for rows that two lines divide."""


def write_waves(path: Path, rows: int = 600) -> Path:
    """Two numbers, and whether their signs agree; 2 % of the answers are turned round."""
    rng = np.random.default_rng(0)
    x = rng.uniform(-1.0, 1.0, (rows, 2))
    y = (x[:, 0] * x[:, 1] > 0) ^ (rng.random(rows) < 0.02)
    pl.DataFrame({"a": x[:, 0], "b": x[:, 1], "y": np.where(y, "same", "other")}).write_csv(path)
    return path

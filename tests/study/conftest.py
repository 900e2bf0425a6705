"""Small generated data that has every kind of column."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest


@pytest.fixture(scope="session")
def frame() -> pl.DataFrame:
    """400 rows: numbers with gaps, codes, names, yes and no, and a target that they explain."""
    random = np.random.default_rng(1)
    size, age = random.normal(50, 12, 400), random.normal(40, 9, 400)
    colour = random.choice(["red", "green", "blue"], 400)
    grade = random.integers(1, 6, 400)
    score = 0.1 * (size - 50) + (colour == "red") - 0.4 * (grade - 3) + random.normal(0, 0.7, 400)
    return pl.DataFrame(
        {
            "size": [
                None if gap else value for value, gap in zip(size, random.random(400) < 0.05, strict=True)
            ],
            "age": age,
            "colour": colour,
            "grade": grade,
            "member": random.random(400) < 0.5,
            "amount": 100 * score + 1000,
            "bought": np.where(score > 0, "yes", "no"),
            "level": np.digitize(score, [-0.7, 0.7]).astype(str),
        }
    )


@pytest.fixture(scope="session")
def csv(frame: pl.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The frame as a file, for the binary target "bought"."""
    path = tmp_path_factory.mktemp("data") / "shop.csv"
    frame.drop("amount", "level").write_csv(path)
    return path

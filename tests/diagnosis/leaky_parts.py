"""Parts made up for the audit: clean ones, and ones that leak."""

import numpy as np
import polars as pl

NUM_ROWS = 1_200


def people(seed: int = 0, num_rows: int = NUM_ROWS, *, task: str = "binary") -> pl.DataFrame:
    """Six numbers, a city, and a target that follows two of the numbers with noise."""
    rng = np.random.default_rng(seed)
    numbers = rng.normal(size=(num_rows, 6)) @ rng.normal(size=(6, 6))
    signal = numbers[:, 0] + numbers[:, 1] + 1.5 * rng.normal(size=num_rows)
    target = np.where(signal > 1.0, "yes", "no") if task == "binary" else signal
    frame = pl.DataFrame({f"x{number}": numbers[:, number] for number in range(6)})
    city = pl.Series("city", rng.choice(["a", "b", "c"], num_rows))
    return frame.with_columns(city, pl.Series("y", target))


def halves(frame: pl.DataFrame, seed: int = 0, share: float = 0.7) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Training and test rows, drawn by chance."""
    order = np.random.default_rng(seed).permutation(frame.height)
    first = int(share * frame.height)
    return frame[order[:first]], frame[order[first:]]


def over_sampled(frame: pl.DataFrame, seed: int = 0) -> pl.DataFrame:
    """As many rows of each class, the rarer one's drawn with repetition."""
    rng = np.random.default_rng(seed)
    target = frame["y"].to_numpy()
    labels, counts = np.unique(target, return_counts=True)
    rows = [
        rng.choice(np.flatnonzero(target == label), counts.max() - n)
        for label, n in zip(labels, counts, strict=True)
    ]
    return frame[np.concatenate([np.arange(frame.height), *rows])]


def scaled(parts: tuple[pl.DataFrame, ...], fitted_on: pl.DataFrame, how: str) -> tuple[pl.DataFrame, ...]:
    """The numbers of the parts by the minimum and maximum, or mean and deviation, of some rows."""
    names = [f"x{number}" for number in range(6)]
    if how == "minmax":
        return tuple(
            part.with_columns(
                (pl.col(name) - fitted_on[name].min()) / (fitted_on[name].max() - fitted_on[name].min())
                for name in names
            )
            for part in parts
        )
    ddof = int(how == "zscore, ddof 1")
    return tuple(
        part.with_columns(
            (pl.col(name) - fitted_on[name].mean()) / fitted_on[name].std(ddof=ddof) for name in names
        )
        for part in parts
    )

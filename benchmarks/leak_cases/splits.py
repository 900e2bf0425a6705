"""Clean splits: by chance, stratified or in time, raw or scaled by the training rows alone."""

from __future__ import annotations

import numpy as np
import polars as pl

from leak_cases.data import Data

Parts = tuple[pl.DataFrame, pl.DataFrame]


def split(data: Data, seed: int, share: float = 0.25) -> Parts:
    """Training and test rows: in time where the data have one, else by chance, classes at their shares."""
    num_rows = data.frame.height
    if data.time:
        first = num_rows - int(share * num_rows) - 97 * (seed % 100)
        return data.frame[:first], data.frame[first : first + int(share * num_rows)]
    return by_chance(data, seed, share)


def by_chance(data: Data, seed: int, share: float = 0.25) -> Parts:
    """Drawn by chance, whatever the data."""
    from sklearn.model_selection import train_test_split

    target = data.frame[data.target].to_numpy()
    classes = len(np.unique(target)) <= 10 and np.unique(target, return_counts=True)[1].min() > 1
    train, test = train_test_split(
        np.arange(data.frame.height), test_size=share, random_state=seed, stratify=target if classes else None
    )
    return data.frame[train], data.frame[test]


def scaled(data: Data, parts: Parts, how: str, fitted_on: tuple[pl.DataFrame, ...]) -> Parts:
    """Both parts with their numeric features scaled by the statistics of some rows."""
    names = [name for name in data.features if parts[0][name].dtype.is_numeric() and name != "ID"]
    rows = pl.concat([frame.select(names).cast(pl.Float64) for frame in fitted_on]).to_numpy()
    if how == "minmax":
        shift, scale = rows.min(axis=0), np.ptp(rows, axis=0)
    else:
        shift, scale = rows.mean(axis=0), rows.std(axis=0, ddof=int(how == "zscore, ddof 1"))
    scale = np.where(scale == 0.0, 1.0, scale)
    first, second = (
        part.with_columns(
            pl.Series(name, values)
            for name, values in zip(
                names, ((part.select(names).cast(pl.Float64).to_numpy() - shift) / scale).T, strict=True
            )
        )
        for part in parts
    )
    return first, second

"""Leaks, planted: each takes clean data and gives parts that leak, and the codes that name the leak."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from leak_cases.data import Data
from leak_cases.splits import Parts, by_chance, scaled, split

Plant = Callable[[Data, int], Parts]


def copied(share: float) -> Plant:
    """Some test rows stand in training too."""

    def plant(data: Data, seed: int) -> Parts:
        train, test = split(data, seed)
        return pl.concat([train, test.sample(fraction=share, seed=seed)]).sample(
            fraction=1.0, shuffle=True, seed=seed
        ), test

    return plant


def relabelled(share: float) -> Plant:
    """Some test rows stand in training with another target."""

    def plant(data: Data, seed: int) -> Parts:
        train, test = split(data, seed)
        some = test.sample(fraction=share, seed=seed)
        values = data.frame[data.target].unique().sort().to_list()
        other = [values[(values.index(value) + 1) % len(values)] for value in some[data.target]]
        some = some.with_columns(pl.Series(data.target, other, dtype=some[data.target].dtype))
        return pl.concat([train, some]), test

    return plant


def noisy(share: float, noise: float) -> Plant:
    """Some test rows stand in training, measured again: noise in standard deviations of each column."""

    def plant(data: Data, seed: int) -> Parts:
        train, test = split(data, seed)
        some = _with_noise(data, test.sample(fraction=share, seed=seed), noise, seed)
        return pl.concat([train.cast(some.schema), some]), test

    return plant


def rounded(share: float) -> Plant:
    """Some test rows stand in training, written with three digits."""

    def plant(data: Data, seed: int) -> Parts:
        train, test = split(data, seed)
        some = test.sample(fraction=share, seed=seed).with_columns(
            pl.col(name).round_sig_figs(3) for name in data.features if test[name].dtype.is_float()
        )
        return pl.concat([train, some]), test

    return plant


def augmented(data: Data, seed: int) -> Parts:
    """Each row and three noisy copies of it, then the split."""
    frames = [_with_noise(data, data.frame, 0.002, 10 * seed + number) for number in range(3)]
    whole = pl.concat([data.frame.cast(frames[0].schema), *frames])
    return by_chance(Data(data.name, whole, data.target), seed)


def over_sampled(data: Data, seed: int) -> Parts:
    """The rarer classes drawn again until all are as large, then the split."""
    target = data.frame[data.target].to_numpy()
    rng = np.random.default_rng(seed)
    numbers, counts = np.unique(target, return_counts=True)
    rows = [np.arange(len(target))]
    for number, count in zip(numbers, counts, strict=True):
        rows.append(rng.choice(np.flatnonzero(target == number), counts.max() - count))
    return by_chance(Data(data.name, data.frame[np.concatenate(rows)], data.target), seed)


def bootstrapped(data: Data, seed: int) -> Parts:
    """As many rows drawn with repetition, then the split."""
    rows = np.random.default_rng(seed).integers(0, data.frame.height, data.frame.height)
    return by_chance(Data(data.name, data.frame[rows], data.target), seed)


def interpolated(data: Data, seed: int) -> Parts:
    """SMOTE (Chawla et al. 2002) for all classes but the commonest, then the split."""
    from sklearn.neighbors import NearestNeighbors

    rng = np.random.default_rng(seed)
    target = data.frame[data.target].to_numpy()
    points = data.frame.select(data.features).cast(pl.Float64).to_numpy()
    numbers, counts = np.unique(target, return_counts=True)
    made, labels = [points], [target]
    for number, count in zip(numbers, counts, strict=True):
        own = points[target == number]
        some = rng.integers(0, count, counts.max() - count)
        if len(some):
            spread = points.std(axis=0) + 1e-12
            near = (
                NearestNeighbors(n_neighbors=6)
                .fit(own / spread)
                .kneighbors(own / spread, return_distance=False)
            )
            other = near[some, rng.integers(1, 6, len(some))]
            made.append(own[some] + rng.uniform(size=(len(some), 1)) * (own[other] - own[some]))
            labels.append(np.full(len(some), number))
    frame = pl.DataFrame(np.concatenate(made), schema=data.features)
    frame = frame.with_columns(pl.Series(data.target, np.concatenate(labels)))
    return by_chance(Data(data.name, frame, data.target), seed)


def scaled_together(how: str) -> Plant:
    """Scaled, then split."""

    def plant(data: Data, seed: int) -> Parts:
        parts = split(data, seed)
        return scaled(data, parts, how, parts)

    return plant


def with_column(make: Callable[[np.ndarray, np.random.Generator], np.ndarray]) -> Plant:
    """A column made from the target."""

    def plant(data: Data, seed: int) -> Parts:
        values = data.frame[data.target].cast(pl.Float64).to_numpy()
        made = make(values, np.random.default_rng(seed))
        frame = data.frame.with_columns(pl.Series("made", made.tolist()))
        return split(Data(data.name, frame, data.target, data.time), seed)

    return plant


def as_sum(data: Data, seed: int) -> Parts:
    """Two columns whose sum is the target."""
    part = pl.Series("one", np.random.default_rng(seed).normal(size=data.frame.height))
    frame = data.frame.with_columns(part, (pl.col(data.target) - part).alias("other"))
    return split(Data(data.name, frame, data.target, data.time), seed)


def grouped(rows: int, column: str) -> Plant:
    """Rows of one person, measured several times, and a split by rows."""

    def plant(data: Data, seed: int) -> Parts:
        frame = data.frame.sample(n=min(data.frame.height, 2_000), seed=seed, shuffle=True)
        persons = pl.concat([_with_noise(data, frame, 0.3, 10 * seed + number) for number in range(rows)])
        persons = persons.with_columns(pl.Series(column, np.tile(np.arange(frame.height), rows)))
        return by_chance(Data(data.name, persons, data.target), seed)

    return plant


def in_time(data: Data, seed: int) -> Parts:
    """Rows in time, split by chance."""
    return by_chance(data, seed)


def with_dates(data: Data, seed: int) -> Parts:
    """A date in whose course the target drifts, split by chance."""
    start = np.datetime64("2020-01-01T00:00:00", "us")
    frame = data.frame.sort(data.target, maintain_order=True).with_columns(
        pl.Series("day", start + np.arange(data.frame.height) * np.timedelta64(3_600_000_000, "us"))
    )
    return by_chance(Data(data.name, frame, data.target, "day"), seed)


def _with_noise(data: Data, frame: pl.DataFrame, noise: float, seed: int) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    names = [
        name
        for name in data.features
        if data.frame[name].dtype.is_numeric() and data.frame[name].n_unique() > 20
    ]
    return frame.with_columns(
        (
            pl.col(name).cast(pl.Float64)
            + pl.Series(rng.normal(size=frame.height)) * noise * data.frame[name].std()
        )
        for name in names
    )
